using System.CommandLine;
using System.Globalization;
using System.Xml;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Consuming;

namespace ActorBroker.Server.Commands;

/// <summary>Where <c>reset-offsets</c> puts a group: exactly one of Kafka's flags.</summary>
internal sealed class OffsetTarget
{
    private readonly Option<bool> _earliest = new("--to-earliest") { Description = "To the oldest record" };
    private readonly Option<bool> _latest = new("--to-latest") { Description = "To the end of the log" };
    private readonly Option<bool> _current = new("--to-current") { Description = "To where it is" };
    private readonly Option<long?> _offset = new("--to-offset") { Description = "To this offset" };
    private readonly Option<string?> _datetime = new("--to-datetime")
    {
        Description = "To the first record at or after this time, as 2026-01-31T12:00:00.000; UTC if no zone is given",
    };
    private readonly Option<string?> _duration = new("--by-duration")
    {
        Description = "To the first record of this last span of time, as PT1H or P1DT2H",
    };
    private readonly Option<long?> _shift = new("--shift-by") { Description = "By so many records; back if negative" };

    public void AddTo(Command command)
    {
        Option[] all = [_earliest, _latest, _current, _offset, _datetime, _duration, _shift];
        foreach (var option in all) command.Add(option);
        command.Validators.Add(result =>
        {
            if (all.Count(o => result.GetResult(o) is not null) != 1)
                result.AddError($"Say where to, by exactly one of {string.Join(", ", all.Select(o => o.Name))}");
        });
    }

    /// <summary>The new offset of each partition, within its log.</summary>
    /// <exception cref="UsageException">The time is none.</exception>
    public async Task<Dictionary<TopicPartition, Offset>> ResolveAsync(
        ParseResult parsed, KafkaClient client, GroupCoordinator group, List<TopicPartition> partitions, TimeProvider time,
        CancellationToken cancellation)
    {
        var first = await ListAsync(client, partitions, OffsetQueries.Earliest, cancellation);
        var end = await ListAsync(client, partitions, OffsetQueries.Latest, cancellation);
        Dictionary<TopicPartition, Offset> wanted;
        if (parsed.GetValue(_earliest)) wanted = first;
        else if (parsed.GetValue(_latest)) wanted = end;
        else if (parsed.GetValue(_offset) is { } offset) wanted = partitions.ToDictionary(p => p, _ => new Offset(offset));
        else if (TimestampMs(parsed, time) is { } timestampMs)
            wanted = await ListAsync(client, partitions, timestampMs, cancellation);
        else
        {
            var current = await GroupOffsets.FetchAsync(group, partitions, cancellation);
            var shift = parsed.GetValue(_shift) ?? 0;
            wanted = partitions.ToDictionary(p => p, p => (current.TryGetValue(p, out var known) ? known : end[p]) + shift);
        }
        // No record is as late as the time: the end, as in Kafka's tool.
        return partitions.ToDictionary(p => p, p => wanted[p] == Offset.None && TimestampMs(parsed, time) is not null
            ? end[p]
            : Offset.Max(first[p], Offset.Min(end[p], wanted[p])));
    }

    /// <summary>Reads a time; without a zone it is UTC.</summary>
    internal static bool TryParseTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private long? TimestampMs(ParseResult parsed, TimeProvider time)
    {
        if (parsed.GetValue(_datetime) is { } text)
            return TryParseTime(text, out var at)
                ? at.ToUnixTimeMilliseconds()
                : throw new UsageException($"{_datetime.Name}: '{text}' is not a time such as 2026-01-31T12:00:00.000");
        if (parsed.GetValue(_duration) is not { } duration) return null;
        try
        {
            return (time.GetUtcNow() - XmlConvert.ToTimeSpan(duration)).ToUnixTimeMilliseconds();
        }
        catch (FormatException)
        {
            throw new UsageException($"{_duration.Name}: '{duration}' is not a span such as PT1H30M");
        }
    }

    private static Task<Dictionary<TopicPartition, Offset>> ListAsync(
        KafkaClient client, List<TopicPartition> partitions, long timestamp, CancellationToken cancellation) =>
        OffsetQueries.ListAsync(client, partitions.ToDictionary(p => p, _ => timestamp), cancellation);
}

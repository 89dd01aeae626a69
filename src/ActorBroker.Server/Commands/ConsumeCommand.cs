using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Consuming;

namespace ActorBroker.Server.Commands;

/// <summary>
/// <c>consume</c>: what kafka-console-consumer does. With a group it is a member of that; without one it reads all
/// partitions of the topic, or one, and commits nothing.
/// </summary>
internal static class ConsumeCommand
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(500);

    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var topic = new Option<string?>("--topic", "-t") { Description = "The topic to read, or several with commas between" };
        var include = new Option<string?>("--include", "--whitelist")
        {
            Description = "Read all topics whose names match this regular expression; needs a group",
            HelpName = "REGEX",
        };
        var group = new Option<string?>("--group", "-g") { Description = "Read as a member of this consumer group" };
        var fromBeginning = new Option<bool>("--from-beginning")
        {
            Description = "Start with the oldest record where nothing is committed",
        };
        var partition = new Option<int?>("--partition") { Description = "Read only this partition" };
        var offset = new Option<string?>("--offset")
        {
            Description = "Where to start: a number, earliest or latest; a negative number counts from the end",
        };
        var maxMessages = new Option<long?>("--max-messages") { Description = "End after so many records" };
        var timeout = new Option<long?>("--timeout-ms") { Description = "End when no record has come for so long" };
        var property = new Option<string[]>("--property", "--formatter-property")
        {
            Description =
                "What is printed: print.key, print.value, print.timestamp, print.partition, print.offset, print.headers, "
                + "key.separator, line.separator, headers.separator, null.literal",
            HelpName = "KEY=VALUE",
        };
        var consumerProperty = new Option<string[]>("--consumer-property")
        {
            Description = "Setting of the consumer, as group.id=g; may be repeated",
            HelpName = "KEY=VALUE",
        };
        var isolation = new Option<string?>("--isolation-level") { Description = "read_uncommitted or read_committed" };
        var command = new Command("consume", "Read records from a topic")
        {
            topic, include, group, fromBeginning, partition, offset, maxMessages, timeout, property, consumerProperty, isolation,
        };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var properties = cluster.Properties(parsed, consumerProperty);
            if (parsed.GetValue(group) is { } name) properties.Add([new("group.id", name)]);
            if (parsed.GetValue(fromBeginning)) properties.Add([new("auto.offset.reset", "earliest")]);
            if (parsed.GetValue(isolation) is { } level) properties.Add([new("isolation.level", level)]);
            var printed = new ClientProperties();
            printed.Add(KeyValues.Parse(property.Name, parsed.GetValue(property)));
            var request = new Request(
                parsed.GetValue(topic)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
                parsed.GetValue(include), parsed.GetValue(partition), parsed.GetValue(offset),
                parsed.GetValue(maxMessages) ?? long.MaxValue, parsed.GetValue(timeout), ConsumerSettings.Read(properties));
            request.Validate();

            await using var client = cluster.Connect(parsed, io, properties);
            var buffered = new BufferedStream(io.Out, 64 << 10); // Not disposed, which would close what is below it.
            var output = cluster.Output(parsed, io with { Out = buffered });
            var printer = new RecordPrinter(buffered, printed);
            Action<ConsumedRecord> write = output.IsJson ? record => output.Json(RecordPrinter.ToJson(record)) : printer.Write;
            var count = await ReadAsync(io, client, request, write, buffered, cancellation);
            await buffered.FlushAsync(CancellationToken.None);
            if (!output.IsJson) io.Error.WriteLine($"Processed a total of {count} messages");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<long> ReadAsync(
        CommandIo io, KafkaClient client, Request request, Action<ConsumedRecord> write, Stream output,
        CancellationToken cancellation)
    {
        await using var consumer = new Consumer(client, request.Options);
        var count = 0L;
        try
        {
            await StartAsync(client, consumer, request, cancellation);
            var lastRecord = io.Time.GetTimestamp();
            while (count < request.MaxMessages)
            {
                var left = request.TimeLeft(io.Time.GetElapsedTime(lastRecord));
                if (left <= TimeSpan.Zero) break;
                var max = (int)Math.Min(request.MaxMessages - count, 10_000);
                var records = await consumer.PollAsync(left < PollTime ? left : PollTime, cancellation, max);
                foreach (var record in records) write(record);
                if (records.Count == 0) continue;
                await output.FlushAsync(cancellation);
                count += records.Count;
                lastRecord = io.Time.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how this ends where no limit is given.
        }
        return count;
    }

    private static async Task StartAsync(KafkaClient client, Consumer consumer, Request request, CancellationToken cancellation)
    {
        if (request.Include is { } pattern) consumer.Subscribe(new Regex(pattern));
        else if (request.Options.GroupId is not null && request.Partition is null) consumer.Subscribe(request.Topics);
        else await consumer.AssignAsync(await StartsAsync(client, request, cancellation), cancellation);
    }

    private static async Task<Dictionary<TopicPartition, Offset>> StartsAsync(
        KafkaClient client, Request request, CancellationToken cancellation)
    {
        var metadata = await Retry.RunAsync(client.Options, async token =>
        {
            var answer = await client.RefreshAsync(request.Topics, token, allowAutoTopicCreation: true);
            foreach (var name in request.Topics) answer.RequireTopic(name);
            return answer;
        }, cancellation);
        var partitions = request.Topics.SelectMany(
            t => metadata.RequireTopic(t).Partitions, (t, p) => new TopicPartition(t, p.Index))
            .Where(p => request.Partition is null || p.Partition == request.Partition).ToList();
        if (partitions.Count == 0)
            throw new KafkaException(
                ErrorCode.UnknownTopicOrPartition, $"{request.Topics[0]} has no partition {request.Partition}");
        return await request.StartsOfAsync(client, partitions, cancellation);
    }

    /// <param name="StartAt">As the flag says; null: by commits and auto.offset.reset.</param>
    private sealed record Request(
        string[] Topics, string? Include, int? Partition, string? StartAt, long MaxMessages, long? TimeoutMs,
        ConsumerOptions Options)
    {
        public TimeSpan TimeLeft(TimeSpan sinceLastRecord) =>
            TimeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) - sinceLastRecord : PollTime;

        /// <exception cref="UsageException">Flags that do not go together.</exception>
        public void Validate()
        {
            if (Topics.Length == 0 == Include is null) throw new UsageException("Say what to read: --topic or --include");
            if (Include is not null && Options.GroupId is null) throw new UsageException("--include needs a --group");
            if (StartAt is not null && Options.GroupId is not null && Partition is null)
                throw new UsageException("--offset needs --partition where a group assigns");
            if (
                StartAt is not (null or "earliest" or "latest")
                    && !long.TryParse(StartAt, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                throw new UsageException($"--offset: '{StartAt}' is neither a number nor earliest nor latest");
        }

        public async Task<Dictionary<TopicPartition, Offset>> StartsOfAsync(
            KafkaClient client, List<TopicPartition> partitions, CancellationToken cancellation)
        {
            if (StartAt is null) return partitions.ToDictionary(p => p, _ => Offset.None);
            if (
                long.TryParse(StartAt, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && number >= 0)
                return partitions.ToDictionary(p => p, _ => new Offset(number));
            var timestamp = StartAt == "earliest" ? OffsetQueries.Earliest : OffsetQueries.Latest;
            var offsets = await OffsetQueries.ListAsync(client, partitions.ToDictionary(p => p, _ => timestamp), cancellation);
            return offsets.ToDictionary(o => o.Key, o => Offset.Max(Offset.Zero, o.Value + number));
        }
    }
}

using System.Text.Json;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests.Clients;

/// <summary>kcat, the command-line client on librdkafka.</summary>
internal sealed class Kcat() : KafkaClient("kcat")
{
    private const char KeyEnd = '\t';

    /// <summary>So long it waits for the first metadata before it gives up; by default 5.</summary>
    private const string MetadataSeconds = "60";

    private readonly Lazy<string?> _program = new(() => FirstThatRuns(["kcat"], "-V"));

    public override string? Missing => _program.Value is null ? "kcat is not installed (apt-get install kcat)" : null;

    public override async Task ProduceAsync(
        string bootstrap, string topic, IEnumerable<SentRecord> records, string codec = "none")
    {
        // kcat takes partition and headers by flags, so a run for each combination.
        foreach (var run in records.GroupBy(record => (record.Partition, Headers: string.Join(KeyEnd, Flags(record.Headers)))))
        {
            string[] arguments =
            [
                "-P", "-m", MetadataSeconds, "-b", bootstrap, "-t", topic, "-z", codec, "-K", KeyEnd.ToString(), "-X", "acks=all",
                .. run.Key.Partition is { } partition ? new[] { "-p", partition.ToString() } : [],
                .. Flags(run.First().Headers),
            ];
            await ChildProcess.RunAsync("kcat", arguments, run.Select(record => $"{record.Key}{KeyEnd}{record.Value}"));
        }
    }

    public override async Task<IReadOnlyList<SeenRecord>> ConsumeAsync(
        string bootstrap, string topic, int count, string? group = null)
    {
        string[] arguments = group is null
            ? ["-C", "-m", MetadataSeconds, "-b", bootstrap, "-t", topic, "-o", "beginning", "-c", count.ToString(), "-J", "-u"]
            : ["-b", bootstrap, "-X", "auto.offset.reset=earliest", "-c", count.ToString(), "-J", "-u", "-G", group, topic];
        var lines = await ChildProcess.RunAsync("kcat", arguments);
        return [.. lines.Where(line => line.StartsWith('{')).Select(Parse)];
    }

    private static IEnumerable<string> Flags(IReadOnlyDictionary<string, string>? headers) =>
        (headers ?? new Dictionary<string, string>()).SelectMany(header => new[] { "-H", $"{header.Key}={header.Value}" });

    private static SeenRecord Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var record = json.RootElement;
        var headers = new Dictionary<string, string>();
        if (record.TryGetProperty("headers", out var pairs))
        {
            var names = pairs.EnumerateArray().Select(text => text.GetString()!).ToArray();
            for (var i = 0; i < names.Length; i += 2) headers[names[i]] = names[i + 1];
        }

        return new(
            record.GetProperty("topic").GetString()!,
            record.GetProperty("partition").GetInt32(),
            record.GetProperty("offset").GetInt64(),
            record.GetProperty("key").GetString(),
            record.GetProperty("payload").GetString(),
            record.GetProperty("ts").GetInt64(),
            headers);
    }
}

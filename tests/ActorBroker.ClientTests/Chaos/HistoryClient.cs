using System.Text.Json;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>A run of <c>clients/history.py</c>, whose events are collected as they come.</summary>
internal sealed class HistoryClient : IAsyncDisposable
{
    /// <summary>Debian's packages are only seen by Debian's own Python.</summary>
    private const string Python = "/usr/bin/python3";

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private readonly ChildProcess _process;
    private readonly List<ClientEvent> _events = [];
    private readonly Task _reading;

    private HistoryClient(ChildProcess process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    public IReadOnlyList<ClientEvent> Events
    {
        get { lock (_events) return [.. _events]; }
    }

    public string Errors => _process.Errors;

    public static HistoryClient Produce(string bootstrap, string topic, string name) =>
        new(ChildProcess.Start(Python, Arguments("produce", bootstrap, "--topic", topic, "--name", name)));

    public static HistoryClient Join(string bootstrap, string topic, string group) =>
        new(ChildProcess.Start(Python, Arguments("member", bootstrap, "--topic", topic, "--group", group)));

    public static Task CreateTopicAsync(string bootstrap, string topic, int partitions) => ChildProcess.RunAsync(
        Python, Arguments("create", bootstrap, "--topic", topic, "--partitions", $"{partitions}"));

    /// <summary>The partitions as the broker that is asked sees them.</summary>
    /// <exception cref="ProcessFailedException">It did not answer.</exception>
    public static async Task<IReadOnlyList<PartitionView>> DescribeAsync(string bootstrap)
    {
        var lines = await ChildProcess.RunAsync(Python, Arguments("describe", bootstrap));
        return JsonSerializer.Deserialize<ClusterView>(lines[^1], _json)!.Partitions;
    }

    /// <summary>Lets the client end in order: a producer has all answers then.</summary>
    public async Task EndAsync()
    {
        _process.Input.Close();
        var code = await _process.ExitAsync(TimeSpan.FromMinutes(4));
        await _reading;
        if (code != 0) throw new ProcessFailedException($"A client ended with {code}: {_process.Errors}");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _reading;
    }

    private static string[] Arguments(string verb, string bootstrap, params string[] more) =>
        [Path.Combine(Repository.Clients, "history.py"), verb, "--bootstrap", bootstrap, .. more];

    private async Task ReadAsync()
    {
        await foreach (var line in _process.RestOfLinesAsync())
        {
            var seen = JsonSerializer.Deserialize<ClientEvent>(line, _json)!;
            lock (_events) _events.Add(seen);
        }
    }

    private sealed record ClusterView(PartitionView[] Partitions);
}

/// <summary>What a client tells; which fields it has depends on the event.</summary>
/// <param name="At">Nanoseconds of the machine's monotonic clock, which Stopwatch reads too.</param>
internal sealed record ClientEvent(
    string Event, string? Key, string? Value, int Partition, long Offset, long At, long SentAt, long Started, string? Error);

internal sealed record PartitionView(string Topic, int Partition, int Leader, int[] Replicas, int[] Isr);

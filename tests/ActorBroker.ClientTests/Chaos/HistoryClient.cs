using System.Text.Json;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>A run of <c>clients/history.py</c> or <c>history.js</c>, whose events are collected as they come.</summary>
internal sealed class HistoryClient : IAsyncDisposable
{
    /// <summary>Debian's packages are only seen by Debian's own Python.</summary>
    private const string Python = "/usr/bin/python3";
    private const string Node = "node";

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);
    private readonly ChildProcess _process;
    private readonly List<ClientEvent> _events = [];
    private readonly Dictionary<int, long> _ackedSentAt = [];
    private readonly Task _reading;

    private HistoryClient(ChildProcess process, string name)
    {
        (_process, Name) = (process, name);
        _reading = ReadAsync();
    }

    public IReadOnlyList<ClientEvent> Events
    {
        get { lock (_events) return [.. _events]; }
    }

    public string Name { get; }

    public int ProcessId => _process.Id;

    public string Errors => _process.Errors;

    /// <summary>An idempotent producer on librdkafka, or on kafkajs.</summary>
    public static HistoryClient Produce(
        string bootstrap, string topic, int partitions, string name, ClientKind kind = ClientKind.Confluent) => Start(
        kind, "produce", bootstrap, "--topic", topic, "--partitions", $"{partitions}", "--name", name);

    /// <summary>A member of a group, likewise.</summary>
    public static HistoryClient Join(
        string bootstrap, string topic, string group, ClientKind kind = ClientKind.Confluent) => Start(
        kind, "member", bootstrap, "--topic", topic, "--group", group);

    public static Task CreateTopicAsync(string bootstrap, string topic, int partitions) => ChildProcess.RunAsync(
        Python, [ScriptOf(ClientKind.Confluent), "create", "--bootstrap", bootstrap, "--topic", topic, "--partitions", $"{partitions}"]);

    /// <summary>When a record was sent at the latest that was acknowledged, for each partition; see <see cref="ClientEvent.At"/>.</summary>
    public IReadOnlyDictionary<int, long> AckedSentAt
    {
        get { lock (_events) return new Dictionary<int, long>(_ackedSentAt); }
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

    private static HistoryClient Start(ClientKind kind, string verb, string bootstrap, params string[] more) => new(
        ChildProcess.Start(
            kind == ClientKind.Confluent ? Python : Node, [ScriptOf(kind), verb, "--bootstrap", bootstrap, .. more]),
        $"{kind} {more[^1]}");

    private static string ScriptOf(ClientKind kind) => Path.Combine(
        Repository.Clients, kind == ClientKind.Confluent ? "history.py" : Path.Combine("node", "history.js"));

    private async Task ReadAsync()
    {
        await foreach (var line in _process.RestOfLinesAsync())
        {
            var seen = JsonSerializer.Deserialize<ClientEvent>(line, _json)!;
            lock (_events)
            {
                _events.Add(seen);
                if (seen.Event == "acked")
                    _ackedSentAt[seen.Partition] = Math.Max(_ackedSentAt.GetValueOrDefault(seen.Partition), seen.SentAt);
            }
        }
    }
}

internal enum ClientKind
{
    Confluent,
    KafkaJs,
}

/// <summary>What a client tells; which fields it has depends on the event.</summary>
/// <param name="At">Nanoseconds of the machine's monotonic clock, which Stopwatch reads too.</param>
internal sealed record ClientEvent(
    string Event, string? Key, string? Value, int Partition, long Offset, long At, long SentAt, long Started, string? Error);

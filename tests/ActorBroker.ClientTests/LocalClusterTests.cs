using ActorBroker.ClientTests.Chaos;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests;

/// <summary><c>ops/local-cluster.sh</c>, and the executable's verbs on what it starts.</summary>
[Collection(Alone.Name)]
public sealed class LocalClusterTests : IAsyncLifetime
{
    private const int Count = 3;
    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free(2 * Count);

    private string Bootstrap => string.Join(',', Enumerable.Range(_port, Count).Select(port => $"127.0.0.1:{port}"));

    /// <summary>B19: one line, which returns when the cluster serves.</summary>
    public async Task InitializeAsync()
    {
        try
        {
            await ScriptAsync("start", $"{Count}");
        }
        catch // xunit does not dispose of what has not begun, and brokers may run; the cause goes on.
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        await ScriptAsync("stop");
        _folder.Dispose();
    }

    [Fact]
    public async Task A_broker_is_killed_and_restarted_and_nothing_is_missing()
    {
        string[] lines = [.. Enumerable.Range(0, 1000).Select(n => $"line {n}")];
        await VerbAsync("topics", "create", "--topic", "t", "--partitions", "3", "--replication-factor", "3",
            "--config", "min.insync.replicas=2");
        await ProduceAsync(lines[..500]);
        await ScriptAsync("kill", "1");
        Assert.Contains("broker 1  stopped", await ScriptAsync("status"));
        await ProduceAsync(lines[500..]);
        await ScriptAsync("restart", "1");
        Assert.Equal(
            lines.Order(StringComparer.Ordinal),
            (await VerbAsync("consume", "--topic", "t", "--from-beginning", "--max-messages", "1000")).Order(StringComparer.Ordinal));
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        while (await VerbAsync("topics", "describe", "--under-replicated-partitions") is { Count: > 0 } behind)
            Assert.False(patience.IsCancellationRequested, string.Join('\n', behind));
        Assert.Contains(await ScriptAsync("status"), line => line.StartsWith("broker 1  pid", StringComparison.Ordinal));
    }

    private Task<IReadOnlyList<string>> ScriptAsync(params string[] arguments) => ChildProcess.RunAsync(
        Repository.LocalCluster, arguments, environment: new Dictionary<string, string>
        {
            ["ACTORBROKER_CLUSTER_DIR"] = _folder["cluster"],
            ["ACTORBROKER_CLUSTER_KAFKA_PORT"] = $"{_port}",
            ["ACTORBROKER_CLUSTER_REMOTE_PORT"] = $"{_port + Count}",
            ["ACTORBROKER_CLUSTER_WAIT_SECONDS"] = "150",
            // What a busy machine keeps all of them waiting for must not look like a crash.
            ["ACTORBROKER_CLUSTER_ARGS"] = "--set akka.cluster.failure-detector.acceptable-heartbeat-pause=8s",
            ["ACTORBROKER_SERVER"] = Repository.Broker,
        });

    private Task<IReadOnlyList<string>> ProduceAsync(IEnumerable<string> lines) => ChildProcess.RunAsync(
        Repository.Broker,
        ["produce", "--topic", "t", "--acks", "all", "--producer-property", "enable.idempotence=true", "-b", Bootstrap], lines);

    private Task<IReadOnlyList<string>> VerbAsync(params string[] arguments) =>
        ChildProcess.RunAsync(Repository.Broker, [.. arguments, "-b", Bootstrap]);
}

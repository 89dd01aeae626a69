using System.Net;
using System.Net.Sockets;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>
/// Three processes that are one cluster, of <c>hocon/cluster.conf</c>. One that ends by itself is started again.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private const int Count = 3;
    private const string ControllerStarts = "Controller starts at metadata version";
    private readonly Dictionary<int, BrokerProcess> _brokers = [];

    public string Bootstrap => string.Join(',', _brokers.Values.Select(broker => broker.Bootstrap));

    public IEnumerable<int> Ids => _brokers.Keys;

    public BrokerProcess this[int id] => _brokers[id];

    public static async Task<ChaosCluster> StartAsync(TempFolder folder)
    {
        var remote = Enumerable.Range(0, Count).Select(_ => FreePort()).ToList();
        var seeds = string.Join(", ", remote.Select(port => $"\"akka.tcp://actorbroker@127.0.0.1:{port}\""));
        var voters = string.Join(',', remote.Select((port, i) => $"{i + 1}@127.0.0.1:{port}"));
        var cluster = new ChaosCluster();
        var starts = remote.Select((port, i) => BrokerProcess.StartAsync(
            folder[$"broker-{i + 1}"], "127.0.0.1:0", Repository.ClusterConfig,
            [
                $"broker.id={i + 1}", $"akka.remote.dot-netty.tcp.port={port}", $"akka.cluster.seed-nodes=[{seeds}]",
                $"controller.quorum.voters={voters}", "default.replication.factor=3", "min.insync.replicas=2",
                "offsets.topic.num.partitions=1", "group.initial.rebalance.delay.ms=500",
            ])).ToList();
        for (var i = 0; i < Count; i++) cluster._brokers[i + 1] = await starts[i];
        return cluster;
    }

    /// <summary>The broker that leads most partitions of the topic.</summary>
    public async Task<int> LeaderAsync(string topic) =>
        (await DescribeAsync()).Where(p => p.Topic == topic && p.Leader > 0)
            .GroupBy(p => p.Leader).MaxBy(led => led.Count())!.Key;

    /// <summary>The broker whose log says last that the controller starts there; the lines begin with their time.</summary>
    public int Controller() => _brokers.MaxBy(
        broker => broker.Value.Log.Split('\n').LastOrDefault(line => line.Contains(ControllerStarts, StringComparison.Ordinal)),
        StringComparer.Ordinal).Key;

    public Task<IReadOnlyList<PartitionView>> DescribeAsync() => HistoryClient.DescribeAsync(Bootstrap);

    /// <summary>Starts what has ended, and waits until all brokers see that every partition has a leader and all its replicas in
    /// sync: what one of them sees may be old.</summary>
    /// <exception cref="TimeoutException">It does not heal.</exception>
    public async Task<IReadOnlyList<PartitionView>> HealAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        var seen = "nothing was answered";
        while (true)
        {
            foreach (var broker in _brokers.Values.Where(broker => broker.HasExited)) await broker.StartAgainAsync();
            try
            {
                var views = await Task.WhenAll(_brokers.Values.Select(broker => HistoryClient.DescribeAsync(broker.Bootstrap)));
                if (views.All(IsWhole)) return views[0];
                seen = string.Join('\n', views.Select((view, i) => $"Broker {i + 1} sees {string.Join('\n', view)}"));
            }
            catch (ProcessFailedException e)
            {
                seen = e.Message;
            }
            try
            {
                await timer.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The cluster is not whole after {patience}: {seen}\n{Logs()}");
            }
        }
    }

    /// <summary>The ends of all logs, for a failed test.</summary>
    public string Logs() => string.Join('\n', _brokers.Select(
        broker => $"--- broker {broker.Key}\n{string.Join('\n', broker.Value.Log.Split('\n').TakeLast(40))}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in _brokers.Values) await broker.DisposeAsync();
    }

    private static bool IsWhole(IReadOnlyList<PartitionView> partitions) =>
        partitions.Count > 0 && partitions.All(p => p.Leader > 0 && p.Isr.Length == p.Replicas.Length);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

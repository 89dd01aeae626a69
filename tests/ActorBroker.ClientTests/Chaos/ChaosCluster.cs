using ActorBroker.ClientTests.Chaos.Network;
using ActorBroker.ClientTests.Processes;
using ActorBroker.Protocol;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>
/// Three processes that are one cluster, of <c>hocon/cluster.conf</c>, each on a small disk of its own, and reached by the others
/// through relays that can be cut. One that ends by itself is started again.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    private const int Count = 3;
    private const string ControllerStarts = "Controller starts at metadata version";
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);
    private readonly IReadOnlyDictionary<int, ChaosNode> _nodes;

    private ChaosCluster(IReadOnlyDictionary<int, ChaosNode> nodes, Cuts cuts) => (_nodes, Cuts) = (nodes, cuts);

    public Cuts Cuts { get; }

    public string Bootstrap => string.Join(',', _nodes.Values.Select(node => node.Address));

    public IReadOnlyList<int> Ids => [.. _nodes.Keys];

    public ChaosNode this[int id] => _nodes[id];

    public IReadOnlyCollection<ChaosNode> Nodes => [.. _nodes.Values];

    public static async Task<ChaosCluster> StartAsync(TempFolder folder, params string[] settings)
    {
        var cuts = new Cuts();
        return new ChaosCluster(await ChaosNode.StartAsync(Count, folder, cuts, settings), cuts);
    }

    public IEnumerable<int> Others(int id) => _nodes.Keys.Where(other => other != id);

    /// <summary>The broker that leads most partitions of the topic. To be asked while the cluster is whole. A topic that clients
    /// make when they need it is waited for.</summary>
    public async Task<int> LeaderAsync(string topic)
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        while (true)
        {
            var led = (await _nodes.Values.First().Probe.DescribeAsync()).Where(p => p.Topic == topic && !p.Leader.IsNone)
                .GroupBy(p => p.Leader.Value).MaxBy(led => led.Count());
            if (led is not null) return led.Key;
            await Task.Delay(_look, patience.Token);
        }
    }

    /// <summary>The broker whose log says last that the controller starts there; the lines begin with their time.</summary>
    public int Controller() => _nodes.MaxBy(
        node => node.Value.Process.Log.Split('\n')
            .LastOrDefault(line => line.Contains(ControllerStarts, StringComparison.Ordinal)),
        StringComparer.Ordinal).Key;

    /// <summary>Starts what has ended, and waits until all brokers see that every partition has a leader and all its replicas in
    /// sync: what one of them sees may be old.</summary>
    /// <exception cref="TimeoutException">It does not heal.</exception>
    public async Task<IReadOnlyList<PartitionView>> HealAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(_look);
        var seen = "nothing was answered";
        while (true)
        {
            await Task.WhenAll(_nodes.Values.Where(node => node.Process.HasExited).Select(node => node.Process.StartAgainAsync()));
            try
            {
                var views = await Task.WhenAll(_nodes.Values.Select(node => node.Probe.DescribeAsync()));
                if (views.All(IsWhole)) return views[0];
                seen = string.Join('\n', views.Select((view, i) => $"Broker {i + 1} sees\n{string.Join('\n', view)}"));
            }
            catch (IOException e)
            {
                seen = e.Message;
            }
            try
            {
                await timer.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The cluster is not whole after {patience}: {seen}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values) await node.DisposeAsync();
    }

    private static bool IsWhole(IReadOnlyList<PartitionView> partitions) =>
        partitions.Count > 0 && partitions.All(p => !p.Leader.IsNone && p.Isr.Length == p.Replicas.Length);
}

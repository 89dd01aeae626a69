using System.Net;
using System.Net.Sockets;

namespace Akka.Embedded.Tests.Processes;

/// <summary>Three processes on loopback, in a cluster by one seed node, which is the oldest.</summary>
public abstract class ThreeNodes : IAsyncLifetime
{
    protected const int Entities = 24;
    private readonly List<NodeProcess> _started = [];

    private protected NodeProcess Oldest { get; private set; } = null!;
    private protected NodeProcess Second { get; private set; } = null!;
    private protected NodeProcess Third { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        try
        {
            await Form();
        }
        catch
        {
            await DisposeAsync(); // Nobody else would.
            throw;
        }
    }

    private async Task Form()
    {
        Oldest = Start(SeedPort);
        await Oldest.SeesUp(Oldest.Port);
        Second = Start(PortFor(1));
        await Second.SeesUp(Oldest.Port, Second.Port);
        Third = Start(PortFor(2));
        foreach (var node in _started) await node.SeesUp(Oldest.Port, Second.Port, Third.Port);
        await Oldest.Says("singleton started");
        // Who comes late gets its share by and by.
        for (var tries = 0; (await Second.AskAll(Entities)).Distinct().Count() < 3; tries++)
        {
            Assert.True(tries < 100, $"no shards move to {Third}");
            await Task.Delay(200);
        }
    }

    public virtual async Task DisposeAsync()
    {
        await Task.WhenAll(_started.Select(node => node.DisposeAsync().AsTask())); // Each, whatever becomes of the others.
    }

    protected virtual int SeedPort { get; } = FreePort();

    protected virtual int PortFor(int node) => FreePort();

    /// <summary>The remoting section of the node that others reach at <paramref name="port"/>.</summary>
    protected virtual string Listening(int port) => $"hostname = 127.0.0.1, port = {port}";

    private protected NodeProcess Start(int port)
    {
        var node = NodeProcess.Start(port, $$"""
            akka {
              loglevel = WARNING
              actor.provider = cluster
              remote.dot-netty.tcp { {{Listening(port)}} }
              remote.retry-gate-closed-for = 500ms
              cluster {
                seed-nodes = ["akka.tcp://nodes@127.0.0.1:{{SeedPort}}"]
                seed-node-timeout = 1s
                retry-unsuccessful-join-after = 1s
                periodic-tasks-initial-delay = 100ms
                gossip-interval = 200ms
                leader-actions-interval = 200ms
                unreachable-nodes-reaper-interval = 200ms
                failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 2s, expected-response-after = 2s }
                split-brain-resolver.stable-after = 2s
                singleton.hand-over-retry-interval = 200ms
                singleton.min-number-of-hand-over-retries = 50
                sharding { retry-interval = 200ms, passivate-idle-entity-after = off, rebalance-interval = 500ms }
              }
            }
            """);
        _started.Add(node);
        return node;
    }

    private protected static void OnlyAt(int[] homes, params NodeProcess[] nodes) =>
        Assert.All(homes, home => Assert.Contains(nodes, node => node.Port == home));

    /// <summary>No two of these runs overlap.</summary>
    private protected static void NeverTwice(string what, params IEnumerable<(long From, long To)>[] runs)
    {
        var all = runs.SelectMany(r => r).OrderBy(r => r.From).ToArray();
        for (var i = 1; i < all.Length; i++)
            Assert.True(all[i - 1].To <= all[i].From,
                $"{what} ran twice: until {all[i - 1].To} and from {all[i].From}");
    }

    private protected static int Running(string what, params NodeProcess[] nodes) =>
        nodes.Sum(node => node.Runs(what).Count(run => run.To == long.MaxValue));

    protected static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    protected static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}

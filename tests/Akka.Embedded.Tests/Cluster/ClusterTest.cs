using System.Collections.Concurrent;
using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using Node = Akka.Cluster.Cluster;

namespace Akka.Embedded.Tests.Cluster;

/// <summary>Several nodes in one process, over TCP.</summary>
public abstract class ClusterTest : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Config Fast = ConfigurationFactory.ParseString("""
        akka {
          stdout-loglevel = OFF
          loggers = []
          actor.provider = cluster
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          remote {
            retry-gate-closed-for = 500ms
            dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          }
          cluster {
            downing-provider-class = ""
            seed-node-timeout = 1s
            retry-unsuccessful-join-after = 500ms
            periodic-tasks-initial-delay = 50ms
            gossip-interval = 100ms
            leader-actions-interval = 100ms
            unreachable-nodes-reaper-interval = 100ms
            failure-detector {
              heartbeat-interval = 100ms
              expected-response-after = 500ms
              acceptable-heartbeat-pause = 1500ms
            }
          }
        }
        """);

    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var system in _systems) ((ExtendedActorSystem)system).Abort();
        await Task.WhenAll(_systems.Select(s => s.WhenTerminated)).WaitAsync(Patience);
    }

    /// <summary>A system that has not joined yet.</summary>
    protected Node Start(string hocon = "", Setup? setup = null)
    {
        var config = ConfigurationFactory.ParseString(hocon).WithFallback(Fast);
        var all = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config));
        var system = ActorSystem.Create("c", setup is null ? all : all.And(setup));
        _systems.Add(system);
        return Node.Get(system);
    }

    protected Node StartAt(Address address, string hocon = "") => Start(string.Create(CultureInfo.InvariantCulture,
        $"akka.remote.dot-netty.tcp.port = {address.Port}\n{hocon}"));

    /// <summary>The first forms a cluster, the others join it one after another.</summary>
    protected async Task<Node[]> Form(int count, string hocon = "")
    {
        var nodes = new Node[count];
        for (var i = 0; i < count; i++)
        {
            nodes[i] = Start(hocon);
            await nodes[i].JoinAsync(nodes[0].SelfAddress).WaitAsync(Patience);
        }
        await AllSee(nodes, MemberStatus.Up);
        return nodes;
    }

    /// <summary>As a crash: no leaving.</summary>
    protected static async Task Crash(Node node)
    {
        node.System.Abort();
        await node.System.WhenTerminated.WaitAsync(Patience);
    }

    /// <summary>Each of the nodes knows exactly these nodes, in that status.</summary>
    protected static Task AllSee(IReadOnlyCollection<Node> nodes, MemberStatus status) => Until(() => nodes.All(node =>
        node.State.Members.Select(m => m.UniqueAddress).ToHashSet().SetEquals(nodes.Select(n => n.SelfUniqueAddress))
        && node.State.Members.All(m => m.Status == status)),
        () => string.Join(" | ", nodes.Select(n => string.Join(", ", n.State.Members))));

    protected static async Task Until(Func<bool> condition, Func<string>? state = null)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!condition())
        {
            if (timeout.IsCancellationRequested) Assert.Fail($"Not so after {Patience}: {state?.Invoke()}");
            await Task.Delay(10);
        }
    }

    /// <summary>Collects what it is sent.</summary>
    protected static (IActorRef Actor, ConcurrentQueue<object> Seen) Listen(Node node)
    {
        var seen = new ConcurrentQueue<object>();
        return (node.System.ActorOf(Fn.Props((message, _) => seen.Enqueue(message))), seen);
    }
}

using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Embedded.Tests.Cluster;
using Akka.Event;
using Node = Akka.Cluster.Cluster;

namespace Akka.Embedded.Tests.Cluster.Tools;

/// <summary>A singleton on nodes that are connected by TCP.</summary>
public class SingletonTests : ClusterTest
{
    private const string Hocon = """
        akka.cluster.singleton.hand-over-retry-interval = 100ms
        akka.cluster.singleton-proxy.singleton-identification-interval = 100ms
        """;

    private readonly ConcurrentQueue<(string What, Address Where)> _log = [];

    /// <summary>Says where it runs; leaves a note when it starts, is told to stop and has stopped.</summary>
    private sealed class Singleton : ReceiveActor
    {
        private readonly Action<string> _note;

        public Singleton(Address here, Action<string> note)
        {
            _note = note;
            Receive<string>(text => text == "stop", _ =>
            {
                note("told");
                Context.Stop(Self);
            });
            Receive<string>(text => Sender.Tell($"{text} at {here}"));
        }

        protected override void PreStart() => _note("started");
        protected override void PostStop() => _note("stopped");
    }

    private IActorRef Manage(Node node)
    {
        var here = node.SelfAddress;
        Action<string> note = what => _log.Enqueue((what, here));
        var settings = ClusterSingletonManagerSettings.Create(node.System).WithRemovalMargin(TimeSpan.FromMilliseconds(300));
        return node.System.ActorOf(
            ClusterSingletonManager.Props(Props.Create(() => new Singleton(here, note)), "stop", settings), "one");
    }

    private static IActorRef Proxy(Node node) => node.System.ActorOf(
        ClusterSingletonProxy.Props("/user/one", ClusterSingletonProxySettings.Create(node.System)), "proxy");

    private static async Task Answers(IActorRef proxy, Node where)
    {
        string? last = null;
        await Until(() =>
        {
            try
            {
                return (last = proxy.Ask<string>("m", TimeSpan.FromSeconds(1)).Result) == $"m at {where.SelfAddress}";
            }
            catch (AggregateException)
            {
                return false; // On its way to another node.
            }
        }, () => last ?? "no answer");
    }

    private void NeverTwo()
    {
        var running = 0;
        foreach (var (what, _) in _log)
        {
            running += what switch { "started" => 1, "stopped" => -1, _ => 0 };
            Assert.InRange(running, 0, 1);
        }
    }

    [Fact]
    public async Task It_runs_on_the_oldest_and_is_reached_from_everywhere()
    {
        var nodes = await Form(3, Hocon);
        foreach (var node in nodes) Manage(node);
        foreach (var node in nodes) await Answers(Proxy(node), nodes[0]);
        Assert.Equal([("started", nodes[0].SelfAddress)], _log);
    }

    [Fact]
    public async Task It_moves_when_the_oldest_leaves_and_is_told_to_stop_first()
    {
        var nodes = await Form(3, Hocon);
        foreach (var node in nodes) Manage(node);
        var proxy = Proxy(nodes[2]);
        await Answers(proxy, nodes[0]);
        nodes[0].Leave(nodes[0].SelfAddress);
        await Answers(proxy, nodes[1]);
        Assert.Equal(["started", "told", "stopped", "started"], _log.Select(l => l.What));
        Assert.Equal(nodes[1].SelfAddress, _log.Last().Where);
    }

    [Fact]
    public async Task It_moves_when_a_system_is_terminated()
    {
        var nodes = await Form(2, Hocon);
        foreach (var node in nodes) Manage(node);
        var proxy = Proxy(nodes[1]);
        await Answers(proxy, nodes[0]);
        await nodes[0].System.Terminate().WaitAsync(Patience);
        await Answers(proxy, nodes[1]);
        NeverTwo();
    }

    [Fact]
    public async Task It_moves_when_the_oldest_has_crashed_and_is_downed()
    {
        var nodes = await Form(3, Hocon);
        foreach (var node in nodes) Manage(node);
        var proxy = Proxy(nodes[2]);
        await Answers(proxy, nodes[0]);
        await Crash(nodes[0]);
        await Until(() => nodes[1].State.Unreachable.Count == 1 && nodes[2].State.Unreachable.Count == 1);
        nodes[1].Down(nodes[0].SelfAddress);
        await Answers(proxy, nodes[1]);
        NeverTwo();
    }

    [Fact]
    public async Task Managers_of_all_nodes_that_leave_one_after_another_hand_it_on()
    {
        var nodes = await Form(3, Hocon);
        foreach (var node in nodes) Manage(node);
        foreach (var node in nodes)
        {
            await Until(() => _log.Contains(("started", node.SelfAddress)));
            await node.System.Terminate().WaitAsync(Patience);
        }
        NeverTwo();
        Assert.Equal(nodes.Select(n => n.SelfAddress), _log.Where(l => l.What == "started").Select(l => l.Where));
    }

    [Fact]
    public async Task Proxy_keeps_messages_until_there_is_one_and_drops_the_oldest_when_full()
    {
        var node = (await Form(1, Hocon + "\nakka.cluster.singleton-proxy.buffer-size = 2"))[0];
        var (witness, seen) = Listen(node);
        var (graveyard, dead) = Listen(node);
        node.System.EventStream.Subscribe(graveyard, typeof(DeadLetter));
        var proxy = Proxy(node);
        foreach (var text in new[] { "a", "b", "c" }) proxy.Tell(text, witness);
        await Until(() => dead.OfType<DeadLetter>().Any(d => d.Message is "a"));
        Manage(node);
        await Until(() => seen.Count == 2);
        Assert.Equal([$"b at {node.SelfAddress}", $"c at {node.SelfAddress}"], seen);
    }

    [Fact]
    public async Task Only_members_with_the_role_run_it()
    {
        var first = Start(Hocon);
        await first.JoinAsync(first.SelfAddress).WaitAsync(Patience);
        var second = Start(Hocon + "\nakka.cluster.roles = [one]");
        await second.JoinAsync(first.SelfAddress).WaitAsync(Patience);
        var here = second.SelfAddress;
        Action<string> note = what => _log.Enqueue((what, here));
        var singleton = SingletonActor.Create(Props.Create(() => new Singleton(here, note)), "x")
            .WithStopMessage("stop").WithSettings(ClusterSingletonSettings.Create(second.System).WithRole("one"));
        var proxies = new[] { first, second }.Select(node => ClusterSingleton.Get(node.System).Init(singleton)).ToArray();
        foreach (var proxy in proxies) await Answers(proxy, second);
    }
}

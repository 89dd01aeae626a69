using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Embedded.Simulation;

namespace Akka.Embedded.Tests.Embedded.Simulation;

/// <summary>Remoting over the simulated network: what it promises, and what it survives.</summary>
public sealed class SimulatedRemotingTests : IDisposable
{
    private static readonly Config Remote = ConfigurationFactory.ParseString("akka.actor.provider = remote");
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly SimulatedWorld _world = new(seed: 1);
    private readonly List<object> _seen = [];

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Systems_tell_and_ask_each_other()
    {
        var (a, b) = (Start("a"), Start("b"));
        b.System.ActorOf(Fn.Props((m, c) => c.Sender.Tell($"{m} to you")), "echo");
        var echo = a.System.ActorSelection("akka.tcp://sim@b:2552/user/echo");
        Assert.Equal("hello to you", _world.Await(echo.Ask<string>("hello", 5 * Second), 6 * Second));
    }

    [Fact]
    public void Messages_of_one_sender_come_in_order()
    {
        var (a, b) = (Start("a"), Start("b"));
        b.System.ActorOf(Fn.Props((m, _) => _seen.Add(m)), "sink");
        var sink = Resolve(a, "b", "sink");
        for (var i = 0; i < 1000; i++) sink.Tell(i);
        _world.RunFor(5 * Second);
        Assert.Equal(Enumerable.Range(0, 1000).Cast<object>(), _seen);
    }

    [Fact]
    public void A_lost_system_ends_the_watch_of_its_actors()
    {
        var (a, b) = (Start("a"), Start("b"));
        b.System.ActorOf(Fn.Props((_, _) => { }), "mortal");
        var mortal = Resolve(a, "b", "mortal");
        a.System.ActorOf(Fn.Props((m, c) =>
        {
            if (m is IActorRef subject) c.Watch(subject);
            else _seen.Add(m);
        })).Tell(mortal);
        _world.RunFor(5 * Second);
        Assert.Empty(_seen);
        _world.Crash(b);
        Assert.True(_world.RunUntil(() => _seen.Count > 0, TimeSpan.FromMinutes(1)));
        Assert.True(Assert.IsType<Terminated>(_seen[0]).AddressTerminated);
    }

    [Fact]
    public void After_a_cut_messages_flow_again()
    {
        var (a, b) = (Start("a"), Start("b"));
        b.System.ActorOf(Fn.Props((m, _) => _seen.Add(m)), "sink");
        var sink = Resolve(a, "b", "sink");
        _world.Network.Cut("a", "b");
        _world.RunFor(TimeSpan.FromMinutes(5)); // The connection is given up meanwhile.
        _world.Network.HealAll();
        _world.RunFor(TimeSpan.FromSeconds(20));
        _seen.Clear();
        sink.Tell("again");
        _world.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal(["again"], _seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Deaths_are_heard_of_once_however_bad_the_link_is(int seed)
    {
        using var world = new SimulatedWorld(seed);
        world.Network.Default = new LinkSettings { Drop = 0.1, Duplicate = 0.1, Reorder = 0.1 };
        var (a, b) = (world.StartNode("a", Remote), world.StartNode("b", Remote));
        var mortals = Enumerable.Range(0, 20)
            .Select(i => b.System.ActorOf(Fn.Props((_, c) => c.Stop(c.Self)), $"m{i}")).ToArray();
        var deaths = new List<string>();
        var watcher = a.System.ActorOf(Fn.Props((m, c) =>
        {
            switch (m)
            {
                case ActorIdentity { Subject: { } subject }: c.Watch(subject); break;
                case Terminated { ActorRef: var dead }: deaths.Add(dead.Path.Name); break;
                case string path: c.ActorSelection(path).Tell(new Identify(path), c.Self); break;
            }
        }));
        for (var i = 0; i < 100; i++)
        {
            watcher.Tell(string.Create(CultureInfo.InvariantCulture, $"akka.tcp://sim@b:2552/user/m{i % 20}"));
            world.RunFor(0.2 * Second);
        }
        world.RunFor(TimeSpan.FromSeconds(10));
        foreach (var mortal in mortals) mortal.Tell("die");
        world.RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal(mortals.Select(m => m.Path.Name).Order(), deaths.Order());
    }

    [Fact]
    public void Who_sends_more_than_a_paused_system_reads_stops_at_the_bound()
    {
        var (a, b) = (Start("a"), Start("b"));
        b.System.ActorOf(Fn.Props((m, _) => _seen.Add(m)), "sink");
        var sink = Resolve(a, "b", "sink");
        _world.RunFor(Second);
        _world.Pause(b);
        for (var i = 0; i < 100; i++) sink.Tell(new byte[50_000]);
        _world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Empty(_seen);
        _world.Resume(b);
        _world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(100, _seen.Count);
    }

    [Fact]
    public void A_system_that_stops_says_so_and_can_be_started_again()
    {
        var (a, b) = (Start("a"), Start("b"));
        b.System.ActorOf(Fn.Props((m, _) => _seen.Add(m)), "sink");
        Resolve(a, "b", "sink").Tell("one");
        _world.RunFor(Second);
        var stopped = _world.Stop(b);
        Assert.True(_world.RunUntil(() => stopped.IsCompleted, TimeSpan.FromMinutes(1)));
        b = Start("b");
        b.System.ActorOf(Fn.Props((m, _) => _seen.Add(m)), "sink");
        _world.RunFor(TimeSpan.FromSeconds(10));
        Resolve(a, "b", "sink").Tell("two");
        _world.RunFor(Second);
        Assert.Equal(["one", "two"], _seen);
    }

    private SimulatedNode Start(string name) => _world.StartNode(name, Remote);

    private IActorRef Resolve(SimulatedNode from, string host, string actor) => _world.Await(
        from.System.ActorSelection($"akka.tcp://sim@{host}:2552/user/{actor}").ResolveOne(5 * Second), 6 * Second);
}

using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Embedded.Tests.Remote;

/// <summary>Systems come, go, come back, and are given up.</summary>
public class LifecycleTests : RemoteTest
{
    protected override string MoreHocon => "akka.remote.retry-gate-closed-for = 1s";

    [Fact]
    public void Port_0_is_a_free_port_that_the_address_tells()
    {
        Assert.Equal("akka.tcp", AddressOf(Sys).Protocol);
        Assert.NotEqual(0, AddressOf(Sys).Port);
        Assert.NotEqual(AddressOf(Sys), AddressOf(Other));
    }

    [Fact]
    public void System_whose_port_is_taken_does_not_start()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.ThrowsAny<Exception>(() => Start("late", $"akka.remote.dot-netty.tcp.port = {port}"));
    }

    [Fact]
    public async Task Both_sides_tell_of_the_association_and_of_its_end()
    {
        var here = Events(Sys, typeof(AssociatedEvent), typeof(DisassociatedEvent));
        var there = Events(Other, typeof(AssociatedEvent));
        Other.ActorOf(Props.Create(() => new Echo()), "echo");
        await Resolve(Sys, Other, "user/echo");
        Assert.False((await Next<AssociatedEvent>(here)).IsInbound);
        var inbound = await Next<AssociatedEvent>(there);
        Assert.True(inbound.IsInbound);
        Assert.Equal(AddressOf(Sys), inbound.RemoteAddress);
        await Other.Terminate().WaitAsync(Patience);
        Assert.Equal(AddressOf(Other), (await Next<DisassociatedEvent>(here)).RemoteAddress);
    }

    [Fact]
    public async Task What_was_told_before_a_system_ends_still_arrives()
    {
        var witness = Witness("witness");
        var remote = Other.ActorSelection($"{AddressOf(Sys)}/user/witness").ResolveOne(Patience);
        for (var i = 0; i < 1000; i++) (await remote).Tell(i);
        await Other.Terminate().WaitAsync(Patience);
        for (var i = 0; i < 1000; i++) await Expect(i);
    }

    [Fact]
    public async Task Terminated_comes_when_the_watched_actor_stops()
    {
        var echo = Other.ActorOf(Props.Create(() => new Echo()), "echo");
        var remote = await Resolve(Sys, Other, "user/echo");
        Sys.ActorOf(Props.Create(() => new Watcher(remote, Saw)));
        await Expect("watching");
        // The watch is on its way; a question and its answer are behind it.
        Assert.Equal("x", await remote.Ask<string>("x", Patience));
        Other.Stop(echo);
        await Expect(remote);
    }

    [Fact]
    public async Task Terminated_comes_when_the_watched_actors_system_ends()
    {
        Other.ActorOf(Props.Create(() => new Echo()), "echo");
        var remote = await Resolve(Sys, Other, "user/echo");
        Sys.ActorOf(Props.Create(() => new Watcher(remote, Saw)));
        await Expect("watching");
        await Other.Terminate().WaitAsync(Patience);
        await Expect(remote);
    }

    [Fact]
    public async Task Terminated_comes_for_an_actor_that_never_was()
    {
        var nobody = ((ExtendedActorSystem)Sys).Provider.ResolveActorRef($"{AddressOf(Other)}/user/nobody");
        Sys.ActorOf(Props.Create(() => new Watcher(nobody, Saw)));
        await Expect("watching", nobody);
    }

    [Fact]
    public async Task Restarted_system_is_reached_at_the_same_address()
    {
        var first = Start("again");
        first.ActorOf(Props.Create(() => new Echo()), "echo");
        Assert.Equal(1, await (await Resolve(Sys, first, "user/echo")).Ask<int>(1, Patience));
        var port = AddressOf(first).Port;
        await first.Terminate().WaitAsync(Patience);
        var second = Start("again", $"akka.remote.dot-netty.tcp.port = {port}");
        second.ActorOf(Props.Create(() => new Echo()), "echo");
        Assert.Equal(2, await Until(async () => await (await Sys.ActorSelection($"{AddressOf(second)}/user/echo")
            .ResolveOne(TimeSpan.FromSeconds(1))).Ask<int>(2, TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public async Task Quarantined_system_is_told_and_refused_until_it_restarts()
    {
        var here = Events(Sys, typeof(QuarantinedEvent), typeof(DeadLetter));
        var bad = Start("bad");
        bad.ActorOf(Props.Create(() => new Echo()), "echo");
        var there = Events(bad, typeof(ThisActorSystemQuarantinedEvent));
        var echo = await Resolve(Sys, bad, "user/echo");

        ((IRemoteActorRefProvider)((ExtendedActorSystem)Sys).Provider).Quarantine(AddressOf(bad), AddressUidExtension.Uid(bad));
        Assert.Equal(AddressUidExtension.Uid(bad), (await Next<QuarantinedEvent>(here)).Uid);
        Assert.Equal(AddressOf(Sys), (await Next<ThisActorSystemQuarantinedEvent>(there)).RemoteAddress);
        echo.Tell("refused");
        Assert.Equal("refused", (await Next<DeadLetter>(here)).Message);

        await bad.Terminate().WaitAsync(Patience);
        var good = Start("bad", $"akka.remote.dot-netty.tcp.port = {AddressOf(bad).Port}");
        good.ActorOf(Props.Create(() => new Echo()), "echo");
        Assert.Equal(3, await Until(async () => await (await Sys.ActorSelection($"{AddressOf(good)}/user/echo")
            .ResolveOne(TimeSpan.FromSeconds(1))).Ask<int>(3, TimeSpan.FromSeconds(1))));
    }

    [Fact]
    public async Task Both_may_speak_first_at_the_same_time()
    {
        for (var round = 0; round < 10; round++)
        {
            var (a, b) = (Start($"a{round}"), Start($"b{round}"));
            a.ActorOf(Props.Create(() => new Echo()), "echo");
            b.ActorOf(Props.Create(() => new Echo()), "echo");
            var both = new[] { Ask(a, b), Ask(b, a), Ask(a, b), Ask(b, a) };
            Assert.All(await Task.WhenAll(both), answer => Assert.Equal("x", answer));
        }

        static async Task<string> Ask(ActorSystem from, ActorSystem to)
        {
            await Task.Yield();
            var echo = ((ExtendedActorSystem)from).Provider.ResolveActorRef($"{AddressOf(to)}/user/echo");
            return await echo.Ask<string>("x", Patience);
        }
    }

    private sealed class Watcher : UntypedActor
    {
        private readonly Action<object> _saw;

        public Watcher(IActorRef subject, Action<object> saw)
        {
            _saw = saw;
            Context.Watch(subject);
            saw("watching");
        }

        protected override void OnReceive(object message) => _saw(((Terminated)message).ActorRef);
    }
}

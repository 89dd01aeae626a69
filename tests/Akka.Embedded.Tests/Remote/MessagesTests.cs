using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Embedded.Tests.Remote;

/// <summary>Messages between two systems.</summary>
public class MessagesTests : RemoteTest
{
    [Fact]
    public async Task Questions_are_answered_across_systems()
    {
        Other.ActorOf(Props.Create(() => new Echo()), "echo");
        var echo = await Resolve(Sys, Other, "user/echo");
        Assert.Equal("hello", await echo.Ask<string>("hello", Patience));
        Assert.Equal(42L, await echo.Ask<long>(42L, Patience));
        Assert.Equal([1, 2, 3], await echo.Ask<byte[]>(new byte[] { 1, 2, 3 }, Patience));
    }

    [Fact]
    public async Task Resolved_reference_has_uid_and_address_of_the_other_system()
    {
        var local = Other.ActorOf(Props.Create(() => new Echo()), "echo");
        var remote = await Resolve(Sys, Other, "user/echo");
        Assert.IsType<RemoteActorRef>(remote);
        Assert.Equal(local.Path.Uid, remote.Path.Uid);
        Assert.Equal(AddressOf(Other), remote.Path.Address);
        Assert.False(((IInternalActorRef)remote).IsLocal);
    }

    [Fact]
    public async Task Messages_arrive_in_order_however_large()
    {
        var sink = Other.ActorOf(Props.Create(() => new Sink(Saw)), "sink");
        var remote = await Resolve(Sys, Other, "user/sink");
        var random = new Random(1);
        var sizes = Enumerable.Range(0, 500).Select(_ => random.Next(4) == 0 ? random.Next(60_000) : random.Next(2000)).ToArray();
        foreach (var size in sizes) remote.Tell(new byte[size]);
        foreach (var size in sizes) Assert.Equal(size, await Next());
    }

    [Fact]
    public async Task Sender_is_who_sent_and_can_be_answered_later()
    {
        var witness = Witness();
        Other.ActorOf(Props.Create(() => new Echo()), "echo");
        (await Resolve(Sys, Other, "user/echo")).Tell("to witness", witness);
        await Expect("to witness");
    }

    [Fact]
    public async Task Message_without_sender_comes_from_dead_letters()
    {
        Other.ActorOf(Props.Create(() => new SenderSink(Saw)), "sink");
        (await Resolve(Sys, Other, "user/sink")).Tell("x", ActorRefs.NoSender);
        await Expect(Other.DeadLetters);
    }

    [Fact]
    public async Task Selection_with_a_pattern_reaches_all_that_match()
    {
        Other.ActorOf(Props.Create(() => new Sink(Saw)), "a1");
        Other.ActorOf(Props.Create(() => new Sink(Saw)), "a2");
        Other.ActorOf(Props.Create(() => new Sink(Saw)), "b");
        Sys.ActorSelection($"{AddressOf(Other)}/user/a*").Tell(new byte[7]);
        await Expect(7, 7);
    }

    [Fact]
    public async Task Nobody_is_found_where_nobody_is() =>
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Resolve(Sys, Other, "user/nobody"));

    [Fact]
    public async Task Own_address_leads_to_local_actors()
    {
        var local = Sys.ActorOf(Props.Create(() => new Echo()), "echo");
        Assert.Same(local, await Resolve(Sys, Sys, "user/echo"));
    }

    [Fact]
    public async Task Actor_that_took_the_place_of_a_stopped_one_gets_what_is_sent_without_uid()
    {
        var path = $"{AddressOf(Other)}/user/sink";
        var first = Other.ActorOf(Props.Create(() => new Sink(Saw)), "sink");
        Sys.ActorSelection(path).Tell(new byte[1]);
        await Expect(1);
        var old = await Resolve(Sys, Other, "user/sink");
        await first.GracefulStop(Patience);
        // The name is free when the parent has heard of the end.
        await Until(() => Task.FromResult(Other.ActorOf(Props.Create(() => new Sink(Saw)), "sink")));
        old.Tell(new byte[2]);
        Sys.ActorSelection(path).Tell(new byte[3]);
        await Expect(3);
    }

    [Fact]
    public async Task Message_to_a_system_that_is_not_there_is_a_dead_letter()
    {
        var dead = Events(Sys, typeof(DeadLetter));
        Sys.ActorSelection("akka.tcp://nobody@127.0.0.1:1/user/x").Tell("lost");
        Assert.Equal("lost", (await Next<DeadLetter>(dead)).Message);
    }

    [Fact]
    public async Task Too_large_a_message_is_not_sent_and_the_next_one_is()
    {
        Other.ActorOf(Props.Create(() => new Sink(Saw)), "sink");
        var sink = await Resolve(Sys, Other, "user/sink");
        var errors = Events(Sys, typeof(Error));
        sink.Tell(new byte[128_000]);
        sink.Tell(new byte[100]);
        await Expect(100);
        var error = (await Next<Error>(errors)).ToString();
        Assert.Contains("System.Byte[]", error);
        Assert.Contains("/user/sink", error);
    }

    [Fact]
    public async Task Message_that_nobody_can_serialize_is_an_error_and_the_next_one_is_sent()
    {
        Other.ActorOf(Props.Create(() => new Sink(Saw)), "sink");
        var sink = await Resolve(Sys, Other, "user/sink");
        var errors = Events(Sys, typeof(Error));
        sink.Tell(new Unserializable(() => { }));
        sink.Tell(new byte[100]);
        await Expect(100);
        Assert.Contains(nameof(Unserializable), (await Next<Error>(errors)).ToString());
    }

    [Fact]
    public async Task Many_senders_are_each_in_order()
    {
        const int senders = 8, each = 5000;
        Other.ActorOf(Props.Create(() => new OrderCheck(Saw, senders * each)), "check");
        var check = await Resolve(Sys, Other, "user/check");
        for (var i = 0; i < senders; i++)
        {
            var from = i;
            _ = Task.Run(() => { for (var n = 0; n < each; n++) check.Tell(((long)from << 32) | (uint)n); });
        }
        await Expect("in order");
    }

    public sealed record Unserializable(Action What);

    private sealed class Sink(Action<object> saw) : UntypedActor
    {
        protected override void OnReceive(object message) => saw(((byte[])message).Length);
    }

    private sealed class SenderSink(Action<object> saw) : UntypedActor
    {
        protected override void OnReceive(object message) => saw(Sender);
    }

    private sealed class OrderCheck(Action<object> saw, int expected) : UntypedActor
    {
        private readonly Dictionary<long, long> _next = [];
        private int _count;

        protected override void OnReceive(object message)
        {
            var (from, number) = ((long)message >> 32, (long)message & uint.MaxValue);
            if (_next.GetValueOrDefault(from) != number) saw($"{from}: {number} out of order");
            _next[from] = number + 1;
            if (++_count == expected) saw("in order");
        }
    }
}

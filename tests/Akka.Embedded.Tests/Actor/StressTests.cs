using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests.Actor;

/// <summary>What must hold whatever the threads do.</summary>
public sealed class StressTests : SystemTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_message_to_an_actor_that_stops_meanwhile_is_handled_or_a_dead_letter(int seed)
    {
        const int Senders = 4, PerSender = 5000;
        var lost = 0;
        var handled = 0;
        var counter = Sys.ActorOf(Fn.Props((m, _) =>
        {
            if (m is DeadLetter { Message: int }) lost++;
        }));
        Sys.EventStream.Subscribe(counter, typeof(DeadLetter));
        var actor = Sys.ActorOf(Fn.Props((_, _) => handled++));
        var died = actor.WatchAsync();

        var sending = Enumerable.Range(0, Senders).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < PerSender; i++) actor.Tell(i);
        })).ToArray();
        for (var spin = new Random(seed).Next(2000); spin > 0; spin--) Thread.SpinWait(20);
        ((IInternalActorRef)actor).Stop();
        await Task.WhenAll(sending).WaitAsync(Patience);
        Assert.True(await died.WaitAsync(Patience));
        await Settle(counter);
        Assert.Equal(Senders * PerSender, handled + lost);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task A_tree_in_which_actors_fail_restart_and_stop_at_random_always_comes_to_rest(int seed)
    {
        var random = new Random(seed);
        var living = new ConcurrentDictionary<string, int>();
        var root = Sys.ActorOf(Props.Create(() => new Node(living, 0)), "root");
        await Settle(root);
        for (var i = 0; i < 400; i++)
        {
            var path = "/user/root" + string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => $"/{random.Next(3)}"));
            Sys.ActorSelection(path).Tell(random.Next(8) switch
            {
                0 => "stop child",
                1 => "escalate",
                2 => "fail late",
                _ => "fail",
            });
        }
        // All of it is still there to answer: nobody stays suspended, nobody waits for a child that is gone.
        await Settle(root);
        Assert.Equal("pong", await root.Ask<string>("ping", Patience));
        Assert.True(await root.GracefulStop(Patience));
        Assert.All(living, entry => Assert.Equal(0, entry.Value));
    }

    private sealed class Node : ReceiveActor
    {
        private readonly ConcurrentDictionary<string, int> _living;

        public Node(ConcurrentDictionary<string, int> living, int depth)
        {
            _living = living;
            _living.AddOrUpdate(Self.Path.ToStringWithoutAddress(), 1, (_, n) => n + 1);
            if (depth < 2)
                for (var i = 0; i < 3; i++) Context.ActorOf(Props.Create(() => new Node(living, depth + 1)), $"{i}");
            Receive<string>(m => m == "ping", _ => Sender.Tell("pong"));
            Receive<string>(m => m == "stop child", _ =>
            {
                if (Context.GetChildren().FirstOrDefault() is { } child) Context.Stop(child);
            });
            ReceiveAsync<string>(m => m == "fail late", async _ =>
            {
                await Task.Yield();
                throw new InvalidOperationException("late");
            });
            Receive<string>(m => throw (m == "escalate" ? new NotSupportedException(m) : new InvalidOperationException(m)));
        }

        protected override SupervisorStrategy SupervisorStrategy() => Self.Path.Name == "0"
            ? new AllForOneStrategy(Decide)
            : new OneForOneStrategy(Decide);

        protected override void PostStop() => _living.AddOrUpdate(Self.Path.ToStringWithoutAddress(), 0, (_, n) => n - 1);

        private Directive Decide(Exception cause) =>
            cause is NotSupportedException && Self.Path.Name != "root" ? Directive.Escalate : Directive.Restart;
    }
}

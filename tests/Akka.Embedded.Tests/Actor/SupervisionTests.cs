using Akka.Actor;

namespace Akka.Embedded.Tests.Actor;

public sealed class SupervisionTests : SystemTest
{
    [Fact]
    public async Task A_failed_actor_is_restarted_by_default_and_keeps_its_reference()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Hooked("a", Saw)));
        await Expect("a ctor", "a PreStart");
        actor.Tell("fail");
        actor.Tell("after");
        await Expect("a PreRestart fail", "a PostStop", "a ctor", "a PostRestart boom", "a PreStart", "a got after");
    }

    [Fact]
    public async Task Resume_keeps_the_state()
    {
        var parent = Parent(new OneForOneStrategy(_ => Directive.Resume));
        await Expect("c ctor", "c PreStart");
        parent.Tell("fail");
        parent.Tell("after");
        await Expect("c got after");
    }

    [Fact]
    public async Task Stop_stops_and_tells_watchers()
    {
        var parent = Parent(new OneForOneStrategy(_ => Directive.Stop));
        await Expect("c ctor", "c PreStart");
        parent.Tell("fail");
        await Expect("c PostStop", "terminated c");
    }

    [Fact]
    public async Task Escalate_fails_the_parent_which_is_restarted_with_new_children()
    {
        var parent = Parent(new OneForOneStrategy(_ => Directive.Escalate));
        await Expect("c ctor", "c PreStart");
        parent.Tell("fail");
        await Expect("c PostStop", "c ctor", "c PreStart");
        parent.Tell("alive");
        await Expect("c got alive");
    }

    [Fact]
    public async Task A_child_that_fails_too_often_is_stopped()
    {
        var parent = Parent(new OneForOneStrategy(2, TimeSpan.FromMinutes(1), _ => Directive.Restart));
        await Expect("c ctor", "c PreStart");
        for (var i = 0; i < 2; i++)
        {
            parent.Tell("fail");
            await Expect("c PreRestart fail", "c PostStop", "c ctor", "c PostRestart boom", "c PreStart");
        }
        parent.Tell("fail");
        await Expect("c PostStop", "terminated c");
    }

    [Fact]
    public async Task All_for_one_restarts_the_siblings_too()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Fosterer(new AllForOneStrategy(_ => Directive.Restart), Saw, "x", "y")));
        await Expect2(4);
        parent.Tell("fail");
        var seen = await Expect2(10);
        Assert.Contains("x PreRestart fail", seen);
        Assert.Contains("y PreRestart ", seen);
        Assert.Equal(2, seen.Count(s => s.EndsWith("PostRestart boom", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_failing_constructor_stops_the_child()
    {
        var parent = Sys.ActorOf(Fn.Props((m, c) =>
        {
            if (m is Terminated) Saw("terminated");
            else c.Watch(c.ActorOf(Props.Create(() => new Unborn())));
        }));
        parent.Tell("make");
        await Expect("terminated");
    }

    [Fact]
    public async Task Kill_stops_by_default_and_poison_pill_after_the_messages_before_it()
    {
        var killed = Sys.ActorOf(Props.Create(() => new Hooked("k", Saw)));
        killed.Tell(Kill.Instance);
        await Expect("k ctor", "k PreStart", "k PostStop");
        var poisoned = Sys.ActorOf(Props.Create(() => new Hooked("p", Saw)));
        poisoned.Tell("one");
        poisoned.Tell(PoisonPill.Instance);
        await Expect("p ctor", "p PreStart", "p got one", "p PostStop");
    }

    [Fact]
    public async Task Children_stop_before_their_parent()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Fosterer(SupervisorStrategy.DefaultStrategy, Saw, "c")));
        await Expect("c ctor", "c PreStart");
        Assert.True(await parent.GracefulStop(Patience));
        await Expect("c PostStop");
    }

    [Fact]
    public async Task Unhandled_death_of_a_watched_actor_is_fatal()
    {
        var watched = Witness();
        var watcher = Sys.ActorOf(Props.Create(() => new CarelessWatcher(watched)));
        var died = watcher.WatchAsync();
        await Settle(watcher);
        Sys.Stop(watched);
        Assert.True(await died.WaitAsync(Patience));
    }

    private IActorRef Parent(SupervisorStrategy strategy) => Sys.ActorOf(Props.Create(() => new Fosterer(strategy, Saw, "c")));

    private async Task<List<string>> Expect2(int count)
    {
        var seen = new List<string>();
        while (seen.Count < count) seen.Add((string)await Next());
        return seen;
    }

    private sealed class Hooked : UntypedActor
    {
        private readonly string _name;
        private readonly Action<object> _saw;

        public Hooked(string name, Action<object> saw)
        {
            _name = name;
            _saw = saw;
            _saw($"{_name} ctor");
        }

        protected override void OnReceive(object message)
        {
            if (message is "fail") throw new InvalidOperationException("boom");
            _saw($"{_name} got {message}");
        }

        protected override void PreStart() => _saw($"{_name} PreStart");
        protected override void PostStop() => _saw($"{_name} PostStop");

        protected override void PreRestart(Exception reason, object message)
        {
            _saw($"{_name} PreRestart {message}");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            _saw($"{_name} PostRestart {reason.Message}");
            base.PostRestart(reason);
        }
    }

    private sealed class Fosterer : UntypedActor
    {
        private readonly SupervisorStrategy _strategy;
        private readonly Action<object> _saw;
        private readonly IActorRef _first;

        public Fosterer(SupervisorStrategy strategy, Action<object> saw, params string[] children)
        {
            _strategy = strategy;
            _saw = saw;
            var made = children.Select(c => Context.Watch(Context.ActorOf(Props.Create(() => new Hooked(c, saw)), c))).ToArray();
            _first = made[0];
        }

        protected override SupervisorStrategy SupervisorStrategy() => _strategy;

        protected override void OnReceive(object message)
        {
            if (message is Terminated terminated) _saw($"terminated {terminated.ActorRef.Path.Name}");
            else _first.Forward(message);
        }
    }

    private sealed class Unborn : UntypedActor
    {
        public Unborn() => throw new InvalidOperationException("not today");

        protected override void OnReceive(object message) { }
    }

    private sealed class CarelessWatcher : UntypedActor
    {
        public CarelessWatcher(IActorRef watched) => Context.Watch(watched);

        protected override void OnReceive(object message) => Unhandled(message);
    }
}

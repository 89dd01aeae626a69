using Akka.Actor;
using Akka.Configuration;
using Akka.Embedded.Simulation;
using Akka.Event;
using Akka.Pattern;

namespace Akka.Embedded.Tests.Embedded.Simulation;

/// <summary>One system in virtual time on the test's thread.</summary>
public sealed class SimulatedWorldTests : IDisposable
{
    private readonly SimulatedWorld _world = new(seed: 1);
    private readonly List<object> _seen = [];

    public void Dispose() => _world.Dispose();

    [Fact]
    public void An_hour_of_timers_takes_no_time_and_they_fire_when_due()
    {
        var node = _world.StartNode("a");
        node.System.ActorOf(Props.Create(() => new Ticking(_seen, TimeSpan.FromSeconds(1))));
        _world.RunFor(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(1), _world.Now);
        Assert.InRange(_seen.Count, 3560, 3600); // Each a few ms late, and the next one counts from there.
    }

    [Fact]
    public void An_ask_gives_up_in_virtual_time()
    {
        var silent = _world.StartNode("a").System.ActorOf(Fn.Props((_, _) => { }));
        var answer = silent.Ask<string>("?", TimeSpan.FromMinutes(10));
        _world.RunFor(TimeSpan.FromMinutes(9));
        Assert.False(answer.IsCompleted);
        Assert.True(_world.RunUntil(() => answer.IsCompleted, TimeSpan.FromMinutes(2)));
        Assert.IsType<AskTimeoutException>(answer.Exception!.InnerException);
    }

    [Fact]
    public void An_ask_is_answered_and_what_awaits_it_stays_on_the_thread()
    {
        var echo = _world.StartNode("a").System.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)));
        var thread = 0;
        Assert.Equal("ab", _world.Await(AskTwice(), TimeSpan.FromSeconds(1)));
        Assert.Equal(Environment.CurrentManagedThreadId, thread);

        async Task<string> AskTwice()
        {
            var a = await echo.Ask<string>("a").ConfigureAwait(false);
            var b = await echo.Ask<string>("b").ConfigureAwait(false);
            thread = Environment.CurrentManagedThreadId;
            return a + b;
        }
    }

    [Fact]
    public void An_async_handler_goes_on_in_its_actor()
    {
        var system = _world.StartNode("a").System;
        var echo = system.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)));
        var asker = system.ActorOf(Props.Create(() => new AsyncAsker(echo, _seen)), "asker");
        asker.Tell("x");
        asker.Tell("y");
        _world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(["x by asker", "y by asker"], _seen);
    }

    [Fact]
    public void Restarts_are_counted_by_the_window_in_virtual_time()
    {
        var system = _world.StartNode("a").System;
        var parent = system.ActorOf(Props.Create(() => new Parent(_seen)));
        for (var i = 0; i < 5; i++)
        {
            parent.Tell("fail");
            _world.RunFor(TimeSpan.FromSeconds(31)); // Two restarts in a minute are allowed.
        }
        Assert.DoesNotContain("child died", _seen);
        for (var i = 0; i < 3; i++) parent.Tell("fail");
        _world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Contains("child died", _seen);
    }

    [Fact]
    public void A_backoff_supervisor_waits_in_virtual_time()
    {
        var system = _world.StartNode("a").System;
        var props = BackoffSupervisor.Props(Backoff.OnStop(Props.Create(() => new Mortal(_seen)), "child",
            TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), 0.2, -1));
        var supervisor = system.ActorOf(props);
        _world.RunFor(TimeSpan.FromSeconds(1));
        supervisor.Tell("die");
        _world.RunFor(TimeSpan.FromSeconds(59));
        Assert.Single(_seen);
        _world.RunFor(TimeSpan.FromSeconds(20));
        Assert.Equal(2, _seen.Count);
    }

    [Fact]
    public void A_system_stops_by_its_phases_and_the_node_ends_with_it()
    {
        var node = _world.StartNode("a");
        var late = new TaskCompletionSource<Done>();
        CoordinatedShutdown.Get(node.System).AddTask(CoordinatedShutdown.PhaseServiceStop, "never", () => late.Task);
        var stopped = _world.Stop(node);
        _world.RunFor(TimeSpan.FromSeconds(4));
        Assert.False(stopped.IsCompleted); // The phase has five seconds.
        _world.RunFor(TimeSpan.FromSeconds(2));
        Assert.True(stopped.IsCompleted);
        Assert.Equal(NodeState.Ended, node.State);
        Assert.Empty(_world.Nodes);
    }

    [Fact]
    public void Graceful_stop_and_watching_from_outside_work()
    {
        var actor = _world.StartNode("a").System.ActorOf(Fn.Props((_, _) => { }));
        var watched = actor.WatchAsync();
        var stopped = actor.GracefulStop(TimeSpan.FromSeconds(1));
        Assert.True(_world.Await(stopped, TimeSpan.FromSeconds(2)));
        Assert.True(_world.Await(watched, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void A_crashed_node_does_nothing_more_and_a_new_one_may_take_its_name()
    {
        var node = _world.StartNode("a");
        node.System.ActorOf(Props.Create(() => new Ticking(_seen, TimeSpan.FromSeconds(1))));
        _world.RunFor(TimeSpan.FromSeconds(10));
        var ticks = _seen.Count;
        _world.Crash(node);
        _world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(ticks, _seen.Count);
        Assert.NotSame(node, _world.StartNode("a"));
    }

    [Fact]
    public void A_paused_node_is_late_with_all_when_it_goes_on()
    {
        var node = _world.StartNode("a");
        node.System.ActorOf(Props.Create(() => new Ticking(_seen, TimeSpan.FromSeconds(1))));
        _world.RunFor(TimeSpan.FromSeconds(10.5));
        _world.Pause(node);
        var ticks = _seen.Count;
        _world.RunFor(TimeSpan.FromSeconds(10));
        Assert.Equal(ticks, _seen.Count);
        _world.Resume(node);
        _world.RunFor(TimeSpan.FromSeconds(10));
        Assert.InRange(_seen.Count, ticks + 10, ticks + 11);
    }

    [Fact]
    public void A_clock_that_drifts_takes_the_timers_along()
    {
        var node = _world.StartNode("a");
        node.System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromSeconds(10), () => _seen.Add(_world.Now));
        node.ClockRate = 2;
        _world.RunFor(TimeSpan.FromSeconds(6));
        Assert.InRange(Assert.IsType<TimeSpan>(Assert.Single(_seen)).TotalSeconds, 5, 5.01);
        Assert.Equal(12, node.System.Scheduler.MonotonicClock.TotalSeconds, 0.001);
    }

    [Fact]
    public void A_shifted_time_of_day_moves_no_timer()
    {
        var node = _world.StartNode("a");
        var before = node.System.Scheduler.Now;
        node.ShiftTimeOfDay(TimeSpan.FromHours(-3));
        Assert.Equal(before.AddHours(-3), node.System.Scheduler.Now);
        Assert.Equal(TimeSpan.Zero, node.System.Scheduler.MonotonicClock);
    }

    [Fact]
    public void Log_entries_bear_the_virtual_time_of_their_node()
    {
        var node = _world.StartNode("a", ConfigurationFactory.ParseString("akka.loglevel = INFO"));
        node.System.EventStream.Subscribe(
            node.System.ActorOf(Fn.Props((m, _) => _seen.Add(((LogEvent)m).Timestamp))), typeof(Info));
        var chatty = node.System.ActorOf(Fn.Props((_, c) => c.GetLogger().Info("here")));
        _world.RunFor(TimeSpan.FromDays(1));
        chatty.Tell("speak");
        _world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(new DateTime(2030, 1, 2), Assert.IsType<DateTime>(_seen[^1]), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Every_dispatcher_runs_on_the_world()
    {
        var system = _world.StartNode("a", ConfigurationFactory.ParseString("""
            pinned { type = PinnedDispatcher }
            forked { type = ForkJoinDispatcher, dedicated-thread-pool { thread-count = 4 } }
            """)).System;
        foreach (var dispatcher in (string[])["pinned", "forked", "akka.actor.default-blocking-io-dispatcher"])
        {
            system.ActorOf(Fn.Props((_, _) => _seen.Add(Environment.CurrentManagedThreadId)).WithDispatcher(dispatcher))
                .Tell("go");
        }
        _world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(3, _seen.Count);
        Assert.All(_seen, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
    }

    [Fact]
    public void Work_that_gets_onto_another_thread_ends_the_run()
    {
        using var world = new SimulatedWorld(2);
        var actor = world.StartNode("a").System.ActorOf(Fn.Props((_, _) => { }));
        world.RunFor(TimeSpan.FromSeconds(1));
        var told = new Thread(() => Assert.Throws<InvalidOperationException>(() => actor.Tell("from elsewhere")))
        { IsBackground = true };
        told.Start();
        Assert.True(told.Join(TimeSpan.FromSeconds(20)));
        Assert.Throws<InvalidOperationException>(() => world.RunFor(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_full_mailbox_drops_at_once_as_nobody_can_wait_on_the_one_thread()
    {
        var system = _world.StartNode("a", ConfigurationFactory.ParseString("""
            small { mailbox-type = "Akka.Dispatch.BoundedMailbox", mailbox-capacity = 2, mailbox-push-timeout-time = 10s }
            """)).System;
        var actor = system.ActorOf(Fn.Props((m, _) => _seen.Add(m)).WithMailbox("small"));
        for (var i = 0; i < 5; i++) actor.Tell(i);
        _world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal([0, 1], _seen);
    }

    [Fact]
    public void Actors_that_never_rest_do_not_stop_the_clock()
    {
        var system = _world.StartNode("a").System;
        system.ActorOf(Fn.Props((m, c) => c.Self.Tell(m))).Tell("again");
        system.ActorOf(Props.Create(() => new Ticking(_seen, TimeSpan.FromMilliseconds(100))));
        _world.RunFor(TimeSpan.FromSeconds(1.1));
        Assert.InRange(_seen.Count, 9, 10);
    }

    private sealed class Ticking : ReceiveActor, IWithTimers
    {
        private readonly TimeSpan _interval;

        public Ticking(List<object> seen, TimeSpan interval)
        {
            _interval = interval;
            ReceiveAny(seen.Add);
        }

        public ITimerScheduler Timers { get; set; } = null!;
        protected override void PreStart() => Timers.StartPeriodicTimer("tick", "tick", _interval);
    }

    private sealed class AsyncAsker : ReceiveActor
    {
        public AsyncAsker(IActorRef echo, List<object> seen) => ReceiveAsync<string>(async text =>
        {
            var answer = await echo.Ask<string>(text);
            seen.Add($"{answer} by {Self.Path.Name}");
        });
    }

    private sealed class Parent : ReceiveActor
    {
        public Parent(List<object> seen)
        {
            var child = Context.ActorOf(Fn.Props((_, _) => throw new InvalidOperationException("asked to")));
            Context.Watch(child);
            Receive<Terminated>(_ => seen.Add("child died"));
            ReceiveAny(child.Forward);
        }

        protected override SupervisorStrategy SupervisorStrategy() =>
            new OneForOneStrategy(2, (int)TimeSpan.FromMinutes(1).TotalMilliseconds, _ => Directive.Restart);
    }

    private sealed class Mortal : ReceiveActor
    {
        public Mortal(List<object> seen)
        {
            seen.Add("started");
            ReceiveAny(_ => Context.Stop(Self));
        }
    }
}

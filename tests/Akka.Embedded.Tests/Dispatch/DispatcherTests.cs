using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.Embedded.Tests.Dispatch;

public sealed class DispatcherTests : Akka.TestKit.Xunit2.TestKit
{
    public DispatcherTests()
        : base(ConfigurationFactory.ParseString("""
            dedicated { type = ForkJoinDispatcher, throughput = 100, dedicated-thread-pool { thread-count = 2 } }
            pinned { type = PinnedDispatcher }
            fork { executor = fork-join-executor, fork-join-executor { parallelism-max = 2, parallelism-min = 1 } }
            inline { type = "Akka.Embedded.Tests.Dispatch.InlineConfigurator, Akka.Embedded.Tests" }
            alias = inline
            """)) { }

    [Fact]
    public void Work_that_throws_is_reported_and_its_thread_goes_on()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.Error));
        var dispatcher = Sys.Dispatchers.Lookup("dedicated");
        for (var i = 0; i < 3; i++) dispatcher.Schedule(() => throw new InvalidOperationException("work of ours"));
        for (var i = 0; i < 3; i++) Assert.Equal("work of ours", ExpectMsg<Akka.Event.Error>().Cause?.Message);
        dispatcher.Schedule(() => TestActor.Tell("goes on"));
        ExpectMsg("goes on");
    }

    [Fact]
    public void A_dedicated_dispatcher_runs_on_its_own_few_threads()
    {
        var names = ThreadsOf("dedicated", actors: 8);
        Assert.All(names, n => Assert.StartsWith("dedicated", n, StringComparison.Ordinal));
        Assert.InRange(names.Distinct().Count(), 1, 2);
    }

    [Fact]
    public void A_fork_join_executor_runs_on_its_own_threads() =>
        Assert.All(ThreadsOf("fork", actors: 4), n => Assert.StartsWith("fork", n, StringComparison.Ordinal));

    [Fact]
    public void Each_actor_of_a_pinned_dispatcher_has_a_thread_to_itself()
    {
        var threads = new ConcurrentDictionary<IActorRef, ConcurrentBag<int>>();
        var me = TestActor;
        var actors = Enumerable.Range(0, 3).Select(_ => Sys.ActorOf(Fn.Props((_, c) =>
        {
            threads.GetOrAdd(c.Self, _ => []).Add(Environment.CurrentManagedThreadId);
            me.Tell("done");
        }).WithDispatcher("pinned"))).ToArray();
        for (var i = 0; i < 10; i++)
            foreach (var actor in actors) actor.Tell(i);
        ReceiveN(30);
        Assert.All(threads.Values, t => Assert.Single(t.Distinct()));
        Assert.Equal(3, threads.Values.SelectMany(t => t).Distinct().Count());
    }

    [Fact]
    public void A_thread_of_a_dispatcher_that_lost_its_actors_comes_back_with_the_next_one()
    {
        var dispatcher = Sys.Dispatchers.Lookup("dedicated");
        var first = Watch(Sys.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)).WithDispatcher("dedicated")));
        Sys.Stop(first);
        ExpectTerminated(first);
        dispatcher.Schedule(() => TestActor.Tell("ran"));
        ExpectMsg("ran");
    }

    [Fact]
    public async Task Actors_that_never_rest_leave_time_for_others()
    {
        var busy = Enumerable.Range(0, Environment.ProcessorCount * 2)
            .Select(_ => Sys.ActorOf(Fn.Props((m, c) => c.Self.Tell(m)))).ToArray();
        foreach (var actor in busy) actor.Tell("again");
        var other = Sys.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)));
        for (var i = 0; i < 20; i++) Assert.Equal(i, await other.Ask<int>(i, TimeSpan.FromSeconds(20)));
        foreach (var actor in busy) Sys.Stop(actor);
    }

    [Theory]
    [InlineData("dedicated")]
    [InlineData("pinned")]
    public async Task Threads_end_with_their_system(string id)
    {
        var system = ActorSystem.Create("short", Sys.Settings.Config);
        var thread = await system.ActorOf(Fn.Props((_, c) => c.Sender.Tell(Thread.CurrentThread)).WithDispatcher(id))
            .Ask<Thread>("which?", TimeSpan.FromSeconds(20));
        await system.Terminate().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(thread.Join(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("inline")]
    [InlineData("alias")]
    public void A_dispatcher_class_of_ones_own_may_run_mailboxes_on_the_sender_s_thread(string id)
    {
        var thread = 0;
        var actor = Sys.ActorOf(Fn.Props((_, _) => thread = Environment.CurrentManagedThreadId).WithDispatcher(id));
        actor.Tell("x");
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void An_actor_that_runs_inside_of_another_has_its_own_context()
    {
        var inner = Sys.ActorOf(Fn.Props((_, c) => c.Sender.Tell($"inner {c.Self.Path.Name}")).WithDispatcher("inline"), "in");
        var me = TestActor;
        var outer = Sys.ActorOf(Fn.Props((m, c) =>
        {
            if (m is "go") inner.Tell("x");
            me.Tell($"{m} in {c.Self.Path.Name}");
        }).WithDispatcher("inline"), "out");
        outer.Tell("go");
        ExpectMsg("go in out"); // The answer found it busy, so it came after.
        ExpectMsg("inner in in out");
    }

    [Fact]
    public void An_unknown_dispatcher_is_an_error_that_names_it()
    {
        var props = Fn.Props((_, _) => { }).WithDispatcher("no-such");
        Assert.Contains("no-such", Assert.ThrowsAny<Exception>(() => Sys.ActorOf(props)).Message, StringComparison.Ordinal);
    }

    private string[] ThreadsOf(string dispatcher, int actors)
    {
        var me = TestActor;
        for (var i = 0; i < actors; i++)
            Sys.ActorOf(Fn.Props((_, _) => me.Tell(Thread.CurrentThread.Name ?? "")).WithDispatcher(dispatcher)).Tell("go");
        return [.. ReceiveN(actors).Cast<string>()];
    }
}

/// <summary>Runs everything at once where it is asked for.</summary>
public sealed class InlineConfigurator : MessageDispatcherConfigurator
{
    private readonly InlineDispatcher _dispatcher;

    public InlineConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) => _dispatcher = new InlineDispatcher(this);

    public override MessageDispatcher Dispatcher() => _dispatcher;

    private sealed class InlineDispatcher : MessageDispatcher
    {
        public InlineDispatcher(MessageDispatcherConfigurator configurator) : base(configurator) { }

        protected override void ExecuteTask(IRunnable run) => run.Run();
        protected override void Shutdown() { }
    }
}

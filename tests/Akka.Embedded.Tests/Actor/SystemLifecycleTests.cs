using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;

namespace Akka.Embedded.Tests.Actor;

public sealed class SystemLifecycleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Terminate_stops_all_actors_children_first_and_then_runs_callbacks_in_reverse()
    {
        var seen = new ConcurrentQueue<string>();
        var system = Start();
        system.RegisterOnTermination(() => seen.Enqueue("first registered"));
        system.RegisterOnTermination(() => seen.Enqueue("last registered"));
        await system.ActorOf(Props.Create(() => new Noisy(seen, "parent"))).Ask<ActorIdentity>(new Identify(0), Patience);
        await system.Terminate().WaitAsync(Patience);
        Assert.Equal(["child", "parent", "last registered", "first registered"], seen);
        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task No_actor_can_be_made_in_a_terminated_system()
    {
        var system = Start();
        await system.Terminate().WaitAsync(Patience);
        Assert.Throws<InvalidOperationException>(() => system.ActorOf(Fn.Props((_, _) => { })));
    }

    [Fact]
    public async Task Coordinated_shutdown_runs_phases_in_order_and_tasks_of_a_phase_together()
    {
        var seen = new ConcurrentQueue<string>();
        var system = Start();
        var shutdown = CoordinatedShutdown.Get(system);
        var both = new Barrier(2);
        foreach (var name in new[] { "a", "b" })
        {
            shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, name, () =>
            {
                Assert.True(both.SignalAndWait(Patience));
                seen.Enqueue("unbind");
                return Task.FromResult(Done.Instance);
            });
        }
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "last", () =>
        {
            seen.Enqueue($"last because of {shutdown.ShutdownReason!.GetType().Name}");
            return Task.FromResult(Done.Instance);
        });
        await system.Terminate().WaitAsync(Patience);
        Assert.Equal(["unbind", "unbind", $"last because of {nameof(CoordinatedShutdown.ActorSystemTerminateReason)}"], seen);
    }

    [Fact]
    public async Task A_failed_or_late_task_does_not_stop_the_shutdown()
    {
        var system = Start("akka.coordinated-shutdown.phases.service-stop.timeout = 50ms");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => throw new InvalidOperationException("no"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "hangs", () => new TaskCompletionSource<Done>().Task);
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience);
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task A_shutdown_runs_once()
    {
        var count = 0;
        var system = Start();
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "count",
            () => Task.FromResult(Interlocked.Increment(ref count) > 0 ? Done.Instance : Done.Instance));
        await Task.WhenAll(shutdown.Run(CoordinatedShutdown.UnknownReason.Instance),
            shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance), system.Terminate()).WaitAsync(Patience);
        Assert.Equal(1, count);
        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task Extensions_are_made_once_and_those_configured_at_the_start()
    {
        var system = Start($"akka.extensions = [\"{typeof(CounterId).FullName}, Akka.Embedded.Tests\"]");
        Assert.True(system.HasExtension<Counter>());
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new CounterId().Apply(system))));
        Assert.Single(made.Distinct());
        Assert.Same(made[0], system.GetExtension<Counter>());
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task The_hierarchy_can_be_printed()
    {
        var system = Start();
        system.ActorOf(Fn.Props((_, _) => { }), "here");
        Assert.Contains("-> here", ((ExtendedActorSystem)system).PrintTree(), StringComparison.Ordinal);
        await system.Terminate().WaitAsync(Patience);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a b")]
    public void Names_of_systems_are_words(string name) => Assert.Throws<ArgumentException>(() => ActorSystem.Create(name));

    private static ActorSystem Start(string config = "") =>
        ActorSystem.Create("life", ActorSystemSetup.Create(BootstrapSetup.Create()
        .WithConfig(ConfigurationFactory.ParseString(config).WithFallback(
            ConfigurationFactory.ParseString("akka.loggers = [], akka.stdout-loglevel = OFF")))));

    private sealed class Noisy : UntypedActor
    {
        private readonly ConcurrentQueue<string> _seen;
        private readonly string _name;

        public Noisy(ConcurrentQueue<string> seen, string name)
        {
            _seen = seen;
            _name = name;
            if (name == "parent") Context.ActorOf(Props.Create(() => new Noisy(seen, "child")), "child");
        }

        protected override void OnReceive(object message) { }
        protected override void PostStop() => _seen.Enqueue(_name);
    }

    public sealed class Counter : IExtension;

    public sealed class CounterId : ExtensionIdProvider<Counter>
    {
        public override Counter CreateExtension(ExtendedActorSystem system) => new();
    }
}

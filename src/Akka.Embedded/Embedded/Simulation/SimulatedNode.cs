using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Embedded.Simulation;

/// <summary>What a process does.</summary>
public enum NodeState
{
    Running,
    Paused,
    Ended,
}

/// <summary>One process of a <see cref="SimulatedWorld"/>, with one actor system.</summary>
public sealed class SimulatedNode
{
    private static readonly Config Defaults = ConfigurationFactory.ParseString("""
        akka {
          loggers = []
          stdout-loglevel = OFF
          # A process that crashed would be kept for the real one's exit.
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          log-dead-letters = off
          # An actor's slice is one message, so that any order of messages of several can happen.
          actor.default-dispatcher.throughput = 1
          actor.internal-dispatcher.throughput = 1
        }
        """);

    private static readonly Config Silent = ConfigurationFactory.ParseString("akka.loglevel = OFF").WithFallback(Defaults);

    private readonly Random _random;
    private readonly List<IRunnable> _heldWork = [];
    private readonly List<WorldEvent> _heldEvents = [];
    private ActorSystem? _system;

    internal SimulatedNode(SimulatedWorld world, string name, Random random)
    {
        World = world;
        Name = name;
        Number = world.NextNodeNumber();
        _random = random;
        Scheduler = new SimulatedScheduler(this);
    }

    /// <summary>The host's name.</summary>
    public string Name { get; }

    public SimulatedWorld World { get; }
    public ActorSystem System => _system ?? throw new InvalidOperationException($"{Name} has not been started.");
    public NodeState State { get; private set; }

    /// <summary>How fast its clocks go: 1.0001 gains 8.6 s a day.</summary>
    public double ClockRate
    {
        get => Scheduler.Rate;
        set => Scheduler.SetRate(value);
    }

    internal SimulatedScheduler Scheduler { get; }
    internal int Number { get; }

    /// <summary>Sets the time of day forward or back, as an administrator does; timers don't go by it.</summary>
    public void ShiftTimeOfDay(TimeSpan by) => Scheduler.ShiftTimeOfDay(by);

    public override string ToString() => $"{Name} ({State})";

    internal void Start(string systemName, Config? config)
    {
        var below = World.Trace is null ? Silent : Defaults;
        var setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(config is null ? below : config.WithFallback(below)),
            new EmbeddedSetup
            {
                Scheduler = Scheduler,
                Executor = id => new SimulatedExecutor(id, this),
                Random = _random,
                Transport = system => World.Network.TransportOf(this, system),
            });
        _system = ActorSystem.Create(systemName, setup);
        if (World.Trace is not null) _system.EventStream.Subscribe(new TraceLogger(this), typeof(LogEvent));
        _system.WhenTerminated.ContinueWith(_ => World.ProcessEnds(this), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    internal void End()
    {
        State = NodeState.Ended;
        _heldWork.Clear();
        _heldEvents.Clear();
    }

    internal void Pause(IEnumerable<IRunnable> ready)
    {
        State = NodeState.Paused;
        _heldWork.AddRange(ready);
    }

    internal (IRunnable[] Work, WorldEvent[] Events) Resume()
    {
        State = NodeState.Running;
        var held = (_heldWork.ToArray(), _heldEvents.ToArray());
        _heldWork.Clear();
        _heldEvents.Clear();
        return held;
    }

    internal void Hold(IRunnable run)
    {
        if (State == NodeState.Paused) _heldWork.Add(run);
    }

    internal void Hold(WorldEvent held) => _heldEvents.Add(held);

    /// <summary>Writes the node's log into the world's trace.</summary>
    private sealed class TraceLogger(SimulatedNode node) : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "simulation"), "/trace");
        public override IActorRefProvider Provider =>
            throw new NotSupportedException("A logger that is no actor has no provider.");

        protected override void TellInternal(object message, IActorRef sender)
        {
            if (message is LogEvent entry)
                node.World.Say(node, $"{entry.LogLevel().StringFor()} {entry.LogSource}: {entry.Message} {entry.Cause}");
        }
    }
}

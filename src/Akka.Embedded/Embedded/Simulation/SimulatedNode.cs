using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Embedded.Transports;
using Akka.Event;

namespace Akka.Embedded.Simulation;

/// <summary>What a process does.</summary>
public enum NodeState
{
    Running,
    Paused,
    Ended,
}

/// <summary>One process of a <see cref="SimulatedWorld"/>, with one actor system or none.</summary>
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
        Time = new SimulatedProcessTime(Scheduler);
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

    /// <summary>The process's clock and timers, for what is no actor. It outlives the actor system.</summary>
    public TimeProvider Time { get; }

    /// <summary>The process's own chance.</summary>
    public Random Random => _random;

    /// <summary>What configures a system for this world, below what it has of its own.</summary>
    public Config DefaultConfig => World.Trace is null ? Silent : Defaults;

    /// <summary>Gives a system that the process itself makes this world's network, time, threads and chance. One system a
    /// process; it takes part from its remoting's start on, and the process ends with it.</summary>
    public EmbeddedSetup Setup() => new()
    {
        Scheduler = Scheduler,
        Executor = id => new SimulatedExecutor(id, this),
        Random = _random,
        Transport = system =>
        {
            if (_system is null) Adopt(system);
            return World.Network.TransportOf(this, system);
        },
    };

    /// <summary>Runs <paramref name="work"/> later, as the process's thread pool would.</summary>
    public void Queue(Action work) => World.Add(this, new ActionRunnable(work));

    /// <summary>Listens at a port of the host.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public IDisposable Listen(int port, Action<IConnection> accepted)
    {
        World.CheckThread();
        var listener = new SimulatedPort(World.Network, this, accepted);
        World.Network.Listen(listener, port);
        return listener;
    }

    /// <summary>Opens a connection to a port of another host.</summary>
    /// <exception cref="IOException">By the task: nobody listens there.</exception>
    public async Task<IConnection> ConnectAsync(string host, int port, CancellationToken cancellationToken) =>
        await SimulatedPort.DialAsync(World.Network, this, host, port, cancellationToken).ConfigureAwait(false);

    /// <summary>Nothing that it sends leaves its host any more: what is about to crash has got that far already.</summary>
    public bool IsMute { get; set; }

    internal SimulatedScheduler Scheduler { get; }
    internal int Number { get; }

    /// <summary>Sets the time of day forward or back, as an administrator does; timers don't go by it.</summary>
    public void ShiftTimeOfDay(TimeSpan by) => Scheduler.ShiftTimeOfDay(by);

    public override string ToString() => $"{Name} ({State})";

    internal void Start(string systemName, Config? config)
    {
        var setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(config is null ? DefaultConfig : config.WithFallback(DefaultConfig)), Setup());
        var system = ActorSystem.Create(systemName, setup);
        if (_system is null) Adopt(system);
    }

    private void Adopt(ActorSystem system)
    {
        _system = system;
        if (World.Trace is not null) system.EventStream.Subscribe(new TraceLogger(this), typeof(LogEvent));
        system.WhenTerminated.ContinueWith(_ => World.ProcessEnds(this), CancellationToken.None,
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

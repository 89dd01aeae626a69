using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.Embedded.Simulation;

/// <summary>
/// Whole systems on one thread, in virtual time, in an order that a seed decides: the same seed gives the same run.
/// </summary>
/// <remarks>
/// <para>What is ready to run (mailboxes, and the event that is due) is picked at random, one at a time; each step costs
/// <see cref="StepTime"/>. When nothing is ready the clock goes to the next event: an hour without work costs nothing.</para>
/// <para>All calls come from the thread that made the world, and nothing of its systems may run elsewhere: what tries is an
/// error, as it could not be repeated. Worlds share nothing, so several may run side by side on threads of their own.</para>
/// </remarks>
public sealed partial class SimulatedWorld : IDisposable
{
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<SimulatedNode> _nodes = [];
    private readonly EventQueue _events = new();
    private readonly ReadyList _ready = new();
    private readonly Random _choices;
    private long _now;
    private int _nodesEver;
    private Exception? _violation;

    /// <param name="seed">Decides every choice of the run.</param>
    /// <param name="trace">Gets a line for each step and each log entry of the nodes; null: none, which is much faster.</param>
    public SimulatedWorld(int seed, Action<string>? trace = null)
    {
        Seed = seed;
        Trace = trace;
        _choices = new Random(seed);
        Random = new Random(_choices.Next());
        Network = new SimulatedNetwork(this, new Random(_choices.Next()));
    }

    public int Seed { get; }

    /// <summary>For the choices of the test itself; the world makes its own with another one.</summary>
    public Random Random { get; }

    public SimulatedNetwork Network { get; }

    /// <summary>Since the world began.</summary>
    public TimeSpan Now => new(_now);

    /// <summary>Time of day, for a node whose clock is right.</summary>
    public DateTimeOffset TimeOfDay => Epoch + Now;

    /// <summary>What a step costs: a busy loop moves the clock too.</summary>
    public TimeSpan StepTime { get; init; } = TimeSpan.FromMicroseconds(2);

    public long Steps { get; private set; }

    /// <summary>Stands for all choices up to now: equal runs have equal hashes.</summary>
    public ulong TraceHash { get; private set; } = 14695981039346656037;

    /// <summary>Those that run or are paused, in the order in which they were started.</summary>
    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    /// <summary>Gets a line for each step and each log entry; null: none.</summary>
    public Action<string>? Trace { get; }
    internal long NowTicks => _now;

    internal int NextNodeNumber() => ++_nodesEver;

    /// <summary>A number from 0 to below <paramref name="limit"/>, for what the world itself decides.</summary>
    internal int Choose(int limit) => _choices.Next(limit);

    /// <summary>Starts a process with one system on the host <paramref name="name"/>; it runs when the world runs.</summary>
    /// <param name="name">Also the host's name in addresses. Taken while a node of that name runs or is paused.</param>
    /// <param name="config">What the node has of its own; the simulation's defaults stand below.</param>
    /// <param name="systemName">The actor system's name: the same on all nodes of a cluster.</param>
    public SimulatedNode StartNode(string name, Config? config = null, string systemName = "sim")
    {
        CheckThread();
        if (_nodes.Exists(n => n.Name == name)) throw new ArgumentException($"Node {name} runs already.", nameof(name));
        var node = new SimulatedNode(this, name, new Random(_choices.Next()));
        _nodes.Add(node);
        Say(node, "starts");
        InWorld(() => node.Start(systemName, config));
        return node;
    }

    /// <summary>Starts a process on the host <paramref name="name"/> that makes its actor system itself, with
    /// <see cref="SimulatedNode.Setup"/>, or has none.</summary>
    /// <param name="name">As for a node.</param>
    /// <param name="main">What it does first, when the world runs.</param>
    public SimulatedNode StartProcess(string name, Action<SimulatedNode> main)
    {
        CheckThread();
        if (_nodes.Exists(n => n.Name == name)) throw new ArgumentException($"Node {name} runs already.", nameof(name));
        var node = new SimulatedNode(this, name, new Random(_choices.Next()));
        _nodes.Add(node);
        Say(node, "starts");
        Add(new ActionEvent(node, () => main(node)), 0);
        return node;
    }

    /// <summary>Ends a process at once, as <c>kill -9</c> does: no actor of it acts on that; its host resets its connections.
    /// </summary>
    public void Crash(SimulatedNode node)
    {
        CheckThread();
        if (!_nodes.Remove(node)) return;
        Say(node, "crashes");
        node.End();
        _ready.RemoveOf(node);
        Network.ProcessEnded(node);
    }

    /// <summary>Freezes a process, as SIGSTOP does: its host goes on to take connections and bytes for it.</summary>
    public void Pause(SimulatedNode node)
    {
        CheckThread();
        if (node.State != NodeState.Running) return;
        Say(node, "is paused");
        node.Pause(_ready.RemoveOf(node));
    }

    /// <summary>Lets a paused process go on, with all its timers late.</summary>
    public void Resume(SimulatedNode node)
    {
        CheckThread();
        if (node.State != NodeState.Paused) return;
        Say(node, "goes on");
        var (work, events) = node.Resume();
        foreach (var run in work) _ready.Add(node, run);
        foreach (var held in events) _events.Add(held);
    }

    /// <summary>Stops a system in good order; the process ends with it.</summary>
    /// <returns>Completed, by a step of the world, when it has stopped.</returns>
    public Task Stop(SimulatedNode node)
    {
        CheckThread();
        Say(node, "is told to stop");
        return InWorld(node.System.Terminate);
    }

    /// <summary>Runs <paramref name="action"/> at a time to come, on no node.</summary>
    public void Schedule(TimeSpan delay, Action action) => Add(new ActionEvent(null, action), delay.Ticks);

    /// <summary>Runs <paramref name="action"/> now as a piece of the world's work, such as telling an actor something.</summary>
    public void Do(Action action)
    {
        CheckThread();
        InWorld(action);
    }

    /// <summary>Ends all nodes.</summary>
    public void Dispose()
    {
        foreach (var node in _nodes.ToArray()) Crash(node);
    }

    internal void Add(WorldEvent @event, long delayTicks)
    {
        CheckThread();
        @event.Due = _now + Math.Max(0, delayTicks);
        _events.Add(@event);
    }

    /// <summary>Puts back events whose time has changed.</summary>
    internal void Reorder(Predicate<WorldEvent> which, Func<WorldEvent, long> due) => _events.Reorder(which, due);

    internal void Add(SimulatedNode node, IRunnable run)
    {
        CheckThread();
        if (node.State == NodeState.Running) _ready.Add(node, run);
        else node.Hold(run);
    }

    /// <summary>Refuses what comes from another thread: it would not come at the same time in the next run.</summary>
    internal void CheckThread()
    {
        if (Environment.CurrentManagedThreadId == _thread) return;
        var violation = new InvalidOperationException(
            $"Work of simulated world {Seed} has got onto another thread:\n{Environment.StackTrace}");
        Volatile.Write(ref _violation, violation);
        throw violation;
    }

    internal void Say(SimulatedNode? node, string what) => Trace?.Invoke($"{Now.TotalSeconds,12:F6} {node?.Name} {what}");

    /// <summary>Makes the node's process end as its system has: called by its last step.</summary>
    internal void ProcessEnds(SimulatedNode node)
    {
        if (!_nodes.Remove(node)) return;
        Say(node, "has stopped");
        node.End();
        _ready.RemoveOf(node);
        Network.ProcessEnded(node);
    }
}

using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Embedded.Simulation;

/// <summary>The loop: one step after the other.</summary>
public sealed partial class SimulatedWorld
{
    private bool _running;

    /// <summary>Runs all that happens in the next <paramref name="time"/>.</summary>
    public void RunFor(TimeSpan time)
    {
        Run(static () => false, _now + time.Ticks);
    }

    /// <summary>Runs until <paramref name="condition"/> holds, asked after each step.</summary>
    /// <returns>False: <paramref name="limit"/> of virtual time has passed and it still did not hold.</returns>
    public bool RunUntil(Func<bool> condition, TimeSpan limit) => Run(condition, _now + limit.Ticks);

    /// <summary>Runs until a task of the world's has ended, and gives its result.</summary>
    /// <exception cref="TimeoutException"><paramref name="limit"/> of virtual time has passed.</exception>
    public T Await<T>(Task<T> task, TimeSpan limit) =>
        RunUntil(() => task.IsCompleted, limit)
            ? task.GetAwaiter().GetResult()
            : throw new TimeoutException($"Not done within {limit} of virtual time.");

    private bool Run(Func<bool> condition, long until)
    {
        CheckThread();
        if (_running) throw new InvalidOperationException("The world runs already: a step can't run others.");
        _running = true;
        try
        {
            return InWorld(() =>
            {
                while (true)
                {
                    if (Volatile.Read(ref _violation) is { } violation) throw violation;
                    if (condition()) return true;
                    if (_now >= until || !Step(until))
                    {
                        _now = Math.Max(_now, until);
                        return condition();
                    }
                }
            });
        }
        finally
        {
            _running = false;
        }
    }

    /// <returns>False: nothing happens before <paramref name="until"/>.</returns>
    private bool Step(long until)
    {
        var next = NextEvent();
        var due = next is not null && next.Due <= _now;
        if (!due && _ready.Count == 0)
        {
            if (next is null || next.Due > until) return false;
            _now = next.Due;
            due = true;
        }
        var choices = _ready.Count + (due ? 1 : 0);
        var choice = choices == 1 ? 0 : _choices.Next(choices);
        Steps++;
        if (choice == _ready.Count) RunEvent(_events.Take());
        else RunWork(_ready.Take(choice), choice);
        _now += StepTime.Ticks;
        return true;
    }

    private WorldEvent? NextEvent()
    {
        while (_events.Next is { } next)
        {
            if (next.IsDropped) _events.Take();
            else if (next.Node is { State: NodeState.Paused } paused) paused.Hold(_events.Take());
            else return next;
        }
        return null;
    }

    private void RunEvent(WorldEvent next)
    {
        Note(next.Node, -1);
        if (Trace is not null) Say(next.Node, next.ToString()!);
        SimulatedTime.Clock = next.Node?.Scheduler;
        next.Run();
    }

    private void RunWork((SimulatedNode Node, IRunnable Run) work, int choice)
    {
        Note(work.Node, choice);
        if (Trace is not null) Say(work.Node, (work.Run as Mailbox)?.Description ?? "runs a piece of work");
        SimulatedTime.Clock = work.Node.Scheduler;
        work.Run.Run();
    }

    private void Note(SimulatedNode? node, int choice)
    {
        Mix((ulong)_now);
        Mix(((ulong)(uint)choice << 32) | ((ulong)(uint)_ready.Count << 8) | (uint)(node?.Number ?? 0));
    }

    private void Mix(ulong value) => TraceHash = (TraceHash ^ value) * 1099511628211;

    private void InWorld(Action action) => InWorld(() =>
    {
        action();
        return true;
    });

    // Awaits must neither find a test framework's context to go back to, nor see one where a task ends: they would change
    // threads.
    private static T InWorld<T>(Func<T> action)
    {
        var (context, cell, clock) = (SynchronizationContext.Current, ActorCell.Current, SimulatedTime.Clock);
        SynchronizationContext.SetSynchronizationContext(null);
        ActorCell.Current = null;
        try
        {
            return action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
            ActorCell.Current = cell;
            SimulatedTime.Clock = clock;
        }
    }
}

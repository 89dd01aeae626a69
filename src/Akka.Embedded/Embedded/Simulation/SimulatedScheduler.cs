using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Embedded.Simulation;

/// <summary>Clock and timers of one node. A timer is up to a tick late, as with the real scheduler, and never early.</summary>
internal sealed class SimulatedScheduler : SchedulerBase, ISingleThreadedScheduler, IDisposable
{
    private static readonly int TickTicks = (int)TimeSpan.FromMilliseconds(10).Ticks;

    private readonly SimulatedNode _node;
    private long _base; // The node's clock stood here when the world's stood at _mark.
    private long _mark;
    private DateTimeOffset _midnight; // Time of day when the node's clock was 0.
    private bool _stopped;

    public SimulatedScheduler(SimulatedNode node)
        : base(Config.Empty, NoLogger.Instance)
    {
        _node = node;
        _mark = node.World.NowTicks;
        _midnight = node.World.TimeOfDay;
    }

    public double Rate { get; private set; } = 1;

    protected override DateTimeOffset TimeNow => _midnight + MonotonicClock;
    public override TimeSpan MonotonicClock => new(_base + (long)((_node.World.NowTicks - _mark) * Rate));
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    public void ShiftTimeOfDay(TimeSpan by) => _midnight += by;

    public void SetRate(double rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        _base = MonotonicClock.Ticks;
        _mark = _node.World.NowTicks;
        Rate = rate;
        _node.World.Reorder(e => e is Timer timer && timer.Scheduler == this, e => WorldTicks(((Timer)e).DueHere));
    }

    /// <summary>What was still to come is dropped.</summary>
    public void Dispose() => _stopped = true;

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender,
        ICancelable? cancelable) =>
        Add(new TellTimer(this, receiver, message, sender, cancelable, null), delay);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef sender, ICancelable? cancelable) =>
        Add(new TellTimer(this, receiver, message, sender, cancelable, interval), initialDelay);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(new ActionTimer(this, action, cancelable, null), delay);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Add(new ActionTimer(this, action.Run, cancelable, null), delay);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
        ICancelable? cancelable) =>
        Add(new ActionTimer(this, action, cancelable, interval), initialDelay);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action,
        ICancelable? cancelable) =>
        Add(new ActionTimer(this, action.Run, cancelable, interval), initialDelay);

    /// <summary>A timer of the process rather than of its actor system: it does not end with that.</summary>
    public void AddOfProcess(TimeSpan delay, TimeSpan? interval, Action action, ICancelable cancelable) =>
        Add(new ActionTimer(this, action, cancelable, interval) { IsOfProcess = true }, delay);

    private void Add(Timer timer, TimeSpan delay)
    {
        _node.World.CheckThread();
        if (_stopped && !timer.IsOfProcess) throw new SchedulerException("The scheduler has been stopped.");
        if (timer.IsDropped) return;
        var longest = TimeSpan.FromDays(36500).Ticks;
        timer.DueHere = MonotonicClock.Ticks + Math.Min(delay.Ticks, longest) + _node.World.Choose(TickTicks);
        _node.World.Add(timer, WorldTicks(timer.DueHere) - _node.World.NowTicks);
    }

    private long WorldTicks(long here) => _mark + (long)Math.Ceiling((here - _base) / Rate);

    private abstract class Timer(SimulatedScheduler scheduler, ICancelable? cancelable, TimeSpan? interval)
        : WorldEvent(scheduler._node)
    {
        public SimulatedScheduler Scheduler => scheduler;

        /// <summary>By the node's clock.</summary>
        public long DueHere { get; set; }

        /// <summary>It goes on when the actor system has stopped.</summary>
        public bool IsOfProcess { get; init; }

        public override bool IsDropped =>
            (scheduler._stopped && !IsOfProcess) || cancelable is { IsCancellationRequested: true } || base.IsDropped;

        public override void Run()
        {
            try
            {
                Fire();
            }
            catch (Exception e)
            {
                if (IsOfProcess) throw;
                scheduler._node.System.Log.Error(e, "Scheduled work failed: {0}", this);
            }
            if (interval is { } again && (IsOfProcess || !scheduler._stopped)) scheduler.Add(this, again);
        }

        protected abstract void Fire();
    }

    private sealed class TellTimer(SimulatedScheduler scheduler, ICanTell receiver, object message, IActorRef sender,
        ICancelable? cancelable, TimeSpan? interval)
        : Timer(scheduler, cancelable, interval)
    {
        protected override void Fire() => receiver.Tell(message, sender);
        public override string ToString() => $"timer tells {message} to {receiver}";
    }

    private sealed class ActionTimer(SimulatedScheduler scheduler, Action action, ICancelable? cancelable, TimeSpan? interval)
        : Timer(scheduler, cancelable, interval)
    {
        protected override void Fire() => action();
        public override string ToString() => $"timer runs {action.Method.DeclaringType?.Name}.{action.Method.Name}";
    }
}

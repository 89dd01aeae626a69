using System.Diagnostics;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The default scheduler: one thread and a wheel of buckets, each holding what is due in one tick (10 ms, no timer is
/// finer). The thread sleeps until the next bucket that holds something, so a system without timers costs no wake-ups.</summary>
public sealed class HashedWheelTimerScheduler : SchedulerBase, IDateTimeOffsetNowTimeProvider, IDisposable
{
    private readonly object _gate = new();
    private readonly LinkedList<Entry>[] _wheel;
    private readonly long _tickTicks; // Length of a tick, in TimeSpan ticks.
    private readonly TimeSpan _shutdownTimeout;
    private readonly long _start = Stopwatch.GetTimestamp();
    private Thread? _worker;
    private long _doneTick;   // Buckets up to and including this tick have been run.
    private long _wakeTick = long.MaxValue;
    private int _count;
    private bool _stopped;

    public HashedWheelTimerScheduler(Config scheduler, ILoggingAdapter log) : base(scheduler, log)
    {
        var size = scheduler.GetInt("ticks-per-wheel", 512);
        if (size <= 0 || (size & (size - 1)) != 0)
            throw new ConfigurationException($"akka.scheduler.ticks-per-wheel must be a power of 2, was {size}");
        var tick = scheduler.GetTimeSpan("tick-duration", TimeSpan.FromMilliseconds(10), allowInfinite: false);
        if (tick < TimeSpan.FromMilliseconds(1))
            throw new ConfigurationException($"akka.scheduler.tick-duration must be at least 1ms, was {tick}");
        _shutdownTimeout = scheduler.GetTimeSpan("shutdown-timeout", TimeSpan.FromSeconds(5));
        _tickTicks = tick.Ticks;
        _wheel = new LinkedList<Entry>[size];
        for (var i = 0; i < size; i++) _wheel[i] = new LinkedList<Entry>();
    }

    protected override DateTimeOffset TimeNow => DateTimeOffset.Now;
    public override TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(_start);
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender,
        ICancelable? cancelable) =>
        Add(new TellEntry(receiver, message, sender, cancelable, null), delay);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef sender, ICancelable? cancelable) =>
        Add(new TellEntry(receiver, message, sender, cancelable, interval), initialDelay);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(new ActionEntry(action, cancelable, null), delay);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Add(new ActionEntry(action.Run, cancelable, null), delay);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
        ICancelable? cancelable) =>
        Add(new ActionEntry(action, cancelable, interval), initialDelay);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action,
        ICancelable? cancelable) =>
        Add(new ActionEntry(action.Run, cancelable, interval), initialDelay);

    /// <summary>Stops the thread. What was still to come is dropped.</summary>
    public void Dispose()
    {
        Thread? worker;
        lock (_gate)
        {
            _stopped = true;
            worker = _worker;
            Monitor.Pulse(_gate);
        }
        if (worker is not null && worker != Thread.CurrentThread) worker.Join(_shutdownTimeout);
    }

    private void Add(Entry entry, TimeSpan delay)
    {
        if (entry.Cancelable is { IsCancellationRequested: true }) return;
        lock (_gate)
        {
            if (_stopped) throw new SchedulerException("The scheduler has been stopped.");
            // Rounded up: never early.
            var dueTicks = MonotonicClock.Ticks + Math.Min(delay.Ticks, TimeSpan.FromDays(36500).Ticks);
            entry.DueTick = Math.Max((dueTicks + _tickTicks - 1) / _tickTicks, _doneTick + 1);
            _wheel[entry.DueTick & (_wheel.Length - 1)].AddLast(entry);
            _count++;
            if (_worker is null)
            {
                _worker = new Thread(Work) { IsBackground = true, Name = "akka-scheduler" };
                _worker.Start();
            }
            if (entry.DueTick < _wakeTick) Monitor.Pulse(_gate);
        }
    }

    private void Work()
    {
        var due = new List<Entry>();
        while (true)
        {
            lock (_gate)
            {
                if (_stopped) return;
                var nowTick = MonotonicClock.Ticks / _tickTicks;
                TakeDue(nowTick, due);
                if (due.Count == 0)
                {
                    _wakeTick = NextTick();
                    if (_wakeTick == long.MaxValue) Monitor.Wait(_gate);
                    else Monitor.Wait(_gate, TimeSpan.FromTicks(Math.Max((_wakeTick * _tickTicks) - MonotonicClock.Ticks,
                        0)) + TimeSpan.FromMilliseconds(1));
                    _wakeTick = long.MinValue; // Awake: nobody has to pulse.
                    continue;
                }
            }
            foreach (var entry in due) Fire(entry);
            due.Clear();
        }
    }

    private void TakeDue(long nowTick, List<Entry> due)
    {
        if (_count == 0)
        {
            _doneTick = nowTick;
            return;
        }
        // After a long sleep one turn of the wheel sees every bucket.
        var from = Math.Max(_doneTick + 1, nowTick - _wheel.Length + 1);
        for (var tick = from; tick <= nowTick; tick++)
        {
            var bucket = _wheel[tick & (_wheel.Length - 1)];
            for (var node = bucket.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.DueTick <= nowTick || node.Value.Cancelable is { IsCancellationRequested: true })
                {
                    bucket.Remove(node);
                    _count--;
                    if (node.Value.DueTick <= nowTick) due.Add(node.Value);
                }
                node = next;
            }
        }
        _doneTick = nowTick;
    }

    // The next bucket with anything in it; what is there may belong to a later turn.
    private long NextTick()
    {
        if (_count == 0) return long.MaxValue;
        for (var tick = _doneTick + 1; tick <= _doneTick + _wheel.Length; tick++)
            if (_wheel[tick & (_wheel.Length - 1)].Count > 0) return tick;
        return long.MaxValue;
    }

    private void Fire(Entry entry)
    {
        if (entry.Cancelable is { IsCancellationRequested: true }) return;
        try
        {
            entry.Run();
        }
        catch (Exception e)
        {
            Log.Error(e, "Scheduled work failed: {0}", entry);
        }
        if (entry.Interval is not { } interval || _stopped) return;
        try
        {
            Add(entry, interval);
        }
        catch (SchedulerException)
        {
            // Stopped in between: the repetition ends here.
        }
    }

    private abstract class Entry(ICancelable? cancelable, TimeSpan? interval)
    {
        public long DueTick { get; set; }
        public ICancelable? Cancelable { get; } = cancelable;
        public TimeSpan? Interval { get; } = interval;
        public abstract void Run();
    }

    private sealed class TellEntry(ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable,
        TimeSpan? interval)
        : Entry(cancelable, interval)
    {
        public override void Run() => receiver.Tell(message, sender);
        public override string ToString() => $"Tell({message}) to {receiver}";
    }

    private sealed class ActionEntry(Action action, ICancelable? cancelable, TimeSpan? interval) : Entry(cancelable, interval)
    {
        public override void Run() => action();
        public override string ToString() => $"{action.Method.DeclaringType}.{action.Method.Name}";
    }
}

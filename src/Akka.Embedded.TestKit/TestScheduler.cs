using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time stands still until the test advances it. Configure it as <c>akka.scheduler.implementation</c> and cast
/// <c>Sys.Scheduler</c> to it.
/// </summary>
/// <remarks>What becomes due runs on the thread that advances, in the order of its times; equal times in the order of
/// scheduling.</remarks>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Entry, (DateTimeOffset Due, long Order)> _entries = new();
    private DateTimeOffset _now = DateTimeOffset.UtcNow;
    private long _scheduled;

    /// <summary>This is how the actor system makes it.</summary>
    public TestScheduler(Config schedulerConfig, ILoggingAdapter log)
    {
    }

    public IAdvancedScheduler Advanced => this;

    public DateTimeOffset Now
    {
        get
        {
            lock (_lock) return _now;
        }
    }

    public TimeSpan MonotonicClock => Now - DateTimeOffset.UnixEpoch;

    public TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <summary>Moves the time on by <paramref name="offset"/> and runs all that is due by then.</summary>
    public void Advance(TimeSpan offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, TimeSpan.Zero);
        AdvanceTo(Now + offset);
    }

    /// <inheritdoc cref="Advance"/>
    /// <exception cref="InvalidOperationException">That is in the past.</exception>
    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < Now) throw new InvalidOperationException($"Time can't go back from {Now:O} to {when:O}.");
        while (NextDue(when) is { } entry) entry.Run();
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Schedule(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Schedule(delay, null, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Schedule(delay, null, action, cancelable);

    public void ScheduleOnce(TimeSpan delay, IRunnable action) => Schedule(delay, null, action.Run, null);

    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) =>
        Schedule(delay, null, action.Run, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        Schedule(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) =>
        Schedule(initialDelay, interval, action.Run, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) =>
        Schedule(initialDelay, interval, action.Run, cancelable);

    private void Schedule(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (interval <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(interval), interval, "An interval is longer than nothing.");
        lock (_lock) Add(new Entry(action, interval, cancelable), _now + delay);
    }

    private void Add(Entry entry, DateTimeOffset due) => _entries.Enqueue(entry, (due, _scheduled++));

    /// <summary>Takes the next entry that is due by then and sets the time to it; with none left, sets the time to the
    /// end.</summary>
    private Entry? NextDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            while (_entries.TryPeek(out var entry, out var key) && key.Due <= until)
            {
                _entries.Dequeue();
                if (entry.IsCancelled) continue;
                if (key.Due > _now) _now = key.Due;
                if (entry.Interval is { } interval) Add(entry, key.Due + interval);
                return entry;
            }

            if (until > _now) _now = until;
            return null;
        }
    }

    private sealed class Entry(Action action, TimeSpan? interval, ICancelable? cancelable)
    {
        public TimeSpan? Interval { get; } = interval;

        public bool IsCancelled => cancelable?.IsCancellationRequested == true;

        public void Run() => action();
    }
}

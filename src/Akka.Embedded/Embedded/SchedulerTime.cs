using Akka.Actor;

namespace Akka.Embedded;

/// <summary>A scheduler's time for what .NET makes wait: timeouts of tasks and of cancellation.</summary>
internal sealed class SchedulerTime(IScheduler scheduler) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => scheduler.Now.ToUniversalTime();
    public override long GetTimestamp() => scheduler.MonotonicClock.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(scheduler, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(IScheduler scheduler, Action fire) : ITimer
    {
        private Cancelable? _running;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Dispose();
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            _running = new Cancelable(scheduler);
            if (period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero)
                scheduler.Advanced.ScheduleOnce(dueTime, fire, _running);
            else scheduler.Advanced.ScheduleRepeatedly(dueTime, period, fire, _running);
            return true;
        }

        public void Dispose() => _running?.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

using Akka.Actor;

namespace Akka.Embedded.Simulation;

/// <summary>A process's clock and timers as .NET has them.</summary>
internal sealed class SimulatedProcessTime(SimulatedScheduler scheduler) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => ((ITimeProvider)scheduler).Now.ToUniversalTime();
    public override long GetTimestamp() => scheduler.MonotonicClock.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(scheduler, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimulatedScheduler scheduler, Action fire) : ITimer
    {
        private Cancelable? _running;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Dispose();
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            _running = new Cancelable((IScheduler)scheduler);
            var once = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero;
            scheduler.AddOfProcess(dueTime, once ? null : period, fire, _running);
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

using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Takes a resource to be there until a heartbeat is late by more than the acceptable pause.</summary>
public class DeadlineFailureDetector : FailureDetector
{
    private const long Never = long.MinValue;
    private readonly Clock _clock;
    private readonly long _deadlineMs;
    private long _latest = Never;

    public DeadlineFailureDetector(TimeSpan acceptableHeartbeatPause, Clock? clock = null)
        : this(acceptableHeartbeatPause, TimeSpan.Zero, clock) { }

    public DeadlineFailureDetector(TimeSpan acceptableHeartbeatPause, TimeSpan heartbeatInterval, Clock? clock = null)
    {
        if (acceptableHeartbeatPause < TimeSpan.Zero || heartbeatInterval < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(acceptableHeartbeatPause), "must not be negative");
        _deadlineMs = (long)(acceptableHeartbeatPause + heartbeatInterval).TotalMilliseconds;
        if (_deadlineMs == 0) throw new ArgumentOutOfRangeException(nameof(acceptableHeartbeatPause), "must be positive");
        _clock = clock ?? DefaultClock;
    }

    /// <param name="config">A section with <c>acceptable-heartbeat-pause</c> and <c>heartbeat-interval</c>.</param>
    /// <param name="eventStream">Not used.</param>
    public DeadlineFailureDetector(Config config, EventStream eventStream) : this(config, eventStream, DefaultClock) { }

    internal DeadlineFailureDetector(Config config, EventStream? eventStream, Clock clock)
        : this(config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetTimeSpan("heartbeat-interval"), clock) =>
        _ = eventStream;

    public override bool IsAvailable
    {
        get
        {
            var latest = Volatile.Read(ref _latest);
            return latest == Never || _clock() < latest + _deadlineMs;
        }
    }

    public override bool IsMonitoring => Volatile.Read(ref _latest) != Never;

    public override void HeartBeat() => Volatile.Write(ref _latest, _clock());
}

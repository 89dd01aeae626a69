using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>The receive timeout: messages only note the time; one timer at a time asks whether it was long ago.</summary>
public partial class ActorCell
{
    private TimeSpan? _receiveTimeout;
    private TimeSpan _lastActivity;
    private ReceiveTimeoutDue? _pendingTimeout;

    public TimeSpan? ReceiveTimeout => _receiveTimeout;

    public void SetReceiveTimeout(TimeSpan? timeout = null)
    {
        if (timeout is { } given && given != Timeout.InfiniteTimeSpan && given < TimeSpan.FromMilliseconds(1))
            throw new ArgumentException("The receive timeout must be at least 1 ms.", nameof(timeout));
        var wanted = timeout == Timeout.InfiniteTimeSpan ? null : timeout;
        // Some actors set the same timeout with every message: that must not leave a timer behind each time.
        if (wanted != _receiveTimeout) CancelReceiveTimeout();
        _receiveTimeout = wanted;
        CheckReceiveTimeout();
    }

    public void CheckReceiveTimeout(bool reschedule = true)
    {
        if (_receiveTimeout is not { } timeout)
        {
            CancelReceiveTimeout();
            return;
        }
        _lastActivity = System.Scheduler.MonotonicClock;
        if (reschedule && _pendingTimeout is null) ScheduleReceiveTimeout(timeout);
    }

    private void ScheduleReceiveTimeout(TimeSpan delay)
    {
        var due = _pendingTimeout = new ReceiveTimeoutDue();
        System.Scheduler.Advanced.ScheduleOnce(delay, () => SendSystemMessage(due));
    }

    private void ReceiveTimeoutIsDue(ReceiveTimeoutDue due)
    {
        if (due != _pendingTimeout || _receiveTimeout is not { } timeout) return;
        var left = timeout - (System.Scheduler.MonotonicClock - _lastActivity);
        if (left > TimeSpan.Zero || Mailbox.IsAwaiting || HasMessages)
        {
            ScheduleReceiveTimeout(left > TimeSpan.Zero ? left : timeout);
            return;
        }
        _pendingTimeout = null;
        Self.Tell(Actor.ReceiveTimeout.Instance, ActorRefs.NoSender);
    }

    private void CancelReceiveTimeout() => _pendingTimeout = null;

    /// <summary>A timer's message to the cell it was set by; only the latest one counts.</summary>
    internal sealed class ReceiveTimeoutDue : SystemMessage;
}

namespace Akka.Actor.Internal;

/// <summary>An entry in the table of children.</summary>
public interface IChildStats;

/// <summary>A name taken by a child that is being made.</summary>
public class ChildNameReserved : IChildStats
{
    private ChildNameReserved() { }

    public static ChildNameReserved Instance { get; } = new();

    public override string ToString() => "Name reserved";
}

/// <summary>A child, and how often it was restarted lately.</summary>
public class ChildRestartStats(IInternalActorRef child, uint maxNrOfRetriesCount = 0, long restartTimeWindowStartTicks = 0)
    : IChildStats
{
    public IInternalActorRef Child { get; } = child;
    public long Uid => Child.Path.Uid;
    public uint MaxNrOfRetriesCount { get; private set; } = maxNrOfRetriesCount;
    public long RestartTimeWindowStartTicks { get; private set; } = restartTimeWindowStartTicks;

    /// <summary>
    /// Counts a restart, and says whether it is still within the limits (negative number: no limit; time of zero or less: for
    /// ever).
    /// </summary>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0) return false;
        if (withinTimeMilliseconds <= 0)
        {
            MaxNrOfRetriesCount++;
            return maxNrOfRetries < 0 || MaxNrOfRetriesCount <= maxNrOfRetries;
        }
        // With a window but no number, one restart per window is allowed.
        var limit = maxNrOfRetries < 0 ? 1 : maxNrOfRetries;
        var now = Math.Max(1, Child.Provider.Settings.System.Scheduler.MonotonicClock.Ticks);
        var inWindow = RestartTimeWindowStartTicks != 0
            && now - RestartTimeWindowStartTicks <= withinTimeMilliseconds * TimeSpan.TicksPerMillisecond;
        if (!inWindow)
        {
            RestartTimeWindowStartTicks = now;
            MaxNrOfRetriesCount = 0;
        }
        MaxNrOfRetriesCount++;
        return MaxNrOfRetriesCount <= limit;
    }
}

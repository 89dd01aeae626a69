namespace ActorBroker.Core.Groups;

/// <summary>Names a timer of a group. A group has at most one of each name; arming it again replaces it, and a cancelled
/// timer never fires.</summary>
public abstract record GroupTimer
{
    private GroupTimer() { }

    /// <summary>Ends the phase in which members join: the initial delay, or the rebalance timeout.</summary>
    public sealed record JoinPhase : GroupTimer;

    /// <summary>Ends the wait for members that joined and do not sync.</summary>
    public sealed record SyncPhase : GroupTimer;

    /// <summary>A member's own: its session, its first join, or the time to come back with the id that it was given.</summary>
    public sealed record Member(string MemberId) : GroupTimer;
}

namespace Akka.Cluster;

/// <summary>Where a member is on its way: Joining, WeaklyUp, Up, Leaving, Exiting, Down, Removed. Never backwards.</summary>
public enum MemberStatus
{
    Joining = 0,
    Up = 1,
    Leaving = 2,
    Exiting = 3,
    Down = 4,
    Removed = 5,

    /// <summary>As good as up, but let in while some members could not be asked.</summary>
    WeaklyUp = 6,
}

namespace Akka.Cluster;

/// <summary>The way of a member through its states.</summary>
internal static class MemberStatusRules
{
    /// <summary>How far a state is along the way. No member ever goes to a lower rank.</summary>
    public static int Rank(MemberStatus status) => status switch
    {
        MemberStatus.Joining => 0,
        MemberStatus.WeaklyUp => 1,
        MemberStatus.Up => 2,
        MemberStatus.Leaving => 3,
        MemberStatus.Exiting => 4,
        MemberStatus.Down => 5,
        _ => 6,
    };

    public static bool MayFollow(MemberStatus from, MemberStatus to) => (from, to) switch
    {
        (MemberStatus.Removed, _) => false,
        (_, MemberStatus.Removed) => true,
        (MemberStatus.Down, _) => false,
        (_, MemberStatus.Down) => true,
        (MemberStatus.Leaving, MemberStatus.Exiting) => true,
        (_, MemberStatus.Exiting) => false,
        _ => Rank(from) < Rank(to),
    };

    /// <summary>The member is one that counts for convergence, and may lead.</summary>
    public static bool IsFull(MemberStatus status) => status is MemberStatus.Up or MemberStatus.Leaving;

    /// <summary>The member is on its way out: that it is unreachable hinders nobody, and it can be removed.</summary>
    public static bool IsGoing(MemberStatus status) => status is MemberStatus.Down or MemberStatus.Exiting;

    /// <summary>The member hasn't been let in for good.</summary>
    public static bool IsNew(MemberStatus status) => status is MemberStatus.Joining or MemberStatus.WeaklyUp;
}

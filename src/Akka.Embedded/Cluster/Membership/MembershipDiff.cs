namespace Akka.Cluster;

/// <summary>The events that lead from one state to another.</summary>
internal static class MembershipDiff
{
    public static IEnumerable<ClusterEvent.IClusterDomainEvent> Between(MembershipState before, MembershipState after) =>
        ReferenceEquals(before, after) ? [] :
        [
            .. Unreachable(before, after), .. Reachable(before, after), .. Members(before, after), .. Leader(before, after),
            .. RoleLeaders(before, after), new ClusterEvent.StateChanged(after),
        ];

    private static IEnumerable<ClusterEvent.IClusterDomainEvent> Unreachable(MembershipState before, MembershipState after)
    {
        var known = before.Reachability;
        return after.Unreachable.Where(member => known.IsReachable(member.UniqueAddress))
            .Select(member => new ClusterEvent.UnreachableMember(member));
    }

    private static IEnumerable<ClusterEvent.IClusterDomainEvent> Reachable(MembershipState before, MembershipState after) =>
        before.Reachability.AllUnreachable
            .Where(node => node != after.Self && after.Reachability.IsReachable(node))
            .Select(after.Gossip.Find).OfType<Member>().Select(member => new ClusterEvent.ReachableMember(member));

    private static IEnumerable<ClusterEvent.IClusterDomainEvent> Members(MembershipState before, MembershipState after)
    {
        foreach (var member in after.Members)
        {
            if (before.Gossip.Find(member.UniqueAddress) is { } old && old.Status == member.Status) continue;
            yield return member.Status switch
            {
                MemberStatus.Joining => new ClusterEvent.MemberJoined(member),
                MemberStatus.WeaklyUp => new ClusterEvent.MemberWeaklyUp(member),
                MemberStatus.Up => new ClusterEvent.MemberUp(member),
                MemberStatus.Leaving => new ClusterEvent.MemberLeft(member),
                MemberStatus.Exiting => new ClusterEvent.MemberExited(member),
                _ => new ClusterEvent.MemberDowned(member),
            };
        }
        foreach (var member in before.Members)
            if (!after.Gossip.Has(member.UniqueAddress))
                yield return new ClusterEvent.MemberRemoved(member.Copy(MemberStatus.Removed), member.Status);
    }

    private static IEnumerable<ClusterEvent.IClusterDomainEvent> Leader(MembershipState before, MembershipState after) =>
        before.Leader == after.Leader ? [] : [new ClusterEvent.LeaderChanged(after.Leader?.Address)];

    private static IEnumerable<ClusterEvent.IClusterDomainEvent> RoleLeaders(MembershipState before, MembershipState after) =>
        before.AllRoles.Union(after.AllRoles)
            .Where(role => before.RoleLeader(role) != after.RoleLeader(role))
            .Select(role => new ClusterEvent.RoleLeaderChanged(role, after.RoleLeader(role)?.Address));
}

using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>What one node concludes from the gossip: who leads, whether all agree, whom it may talk to.</summary>
internal sealed class MembershipState
{
    private readonly Lazy<Reachability> _reachability;

    public MembershipState(Gossip gossip, UniqueAddress self)
    {
        Gossip = gossip;
        Self = self;
        _reachability = new(() => Gossip.Reachability.WithoutObservers(
            [.. Gossip.Members.Where(m => MemberStatusRules.IsGoing(m.Status)).Select(m => m.UniqueAddress)]));
    }

    public Gossip Gossip { get; }
    public UniqueAddress Self { get; }
    public ImmutableSortedSet<Member> Members => Gossip.Members;

    /// <summary>Who does not reach whom, as those say who are to stay: one that is going may be dead, and can't take back what
    /// it has said of others.</summary>
    public Reachability Reachability => _reachability.Value;

    public UniqueAddress? Leader => LeaderOf(Members);
    public bool IsLeader => Leader == Self;

    /// <summary>The roles that members have, in order.</summary>
    public IEnumerable<string> AllRoles => Members.SelectMany(m => m.Roles).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Others that some member does not reach.</summary>
    public IEnumerable<Member> Unreachable =>
        Reachability.AllUnreachable.Where(node => node != Self).Select(Gossip.Find).OfType<Member>();

    public UniqueAddress? RoleLeader(string role) => LeaderOf(Members.Where(m => m.HasRole(role)));

    /// <summary>The first, by address, of those reachable that are Up or Leaving; without any of those, of the newest.</summary>
    public UniqueAddress? LeaderOf(IEnumerable<Member> members)
    {
        var candidates = members.Where(m => m.Status != MemberStatus.Down
            && (m.UniqueAddress == Self || Reachability.IsReachable(m.UniqueAddress))).ToList();
        return (candidates.Find(m => MemberStatusRules.IsFull(m.Status)) ?? candidates.MinBy(LastResort))?.UniqueAddress;
    }

    /// <summary>Have all full members seen this state, and is nobody unreachable who is to stay?</summary>
    /// <param name="exitingConfirmed">Have said good-bye: nobody waits for them.</param>
    public bool Convergence(IReadOnlySet<UniqueAddress> exitingConfirmed) =>
        Reachability.AllUnreachable.Where(node => node != Self && !exitingConfirmed.Contains(node))
            .All(node => MemberStatusRules.IsGoing(Gossip.StatusOf(node)))
        && Members.Where(m => MemberStatusRules.IsFull(m.Status))
            .All(m => Gossip.SeenBy(m.UniqueAddress) || exitingConfirmed.Contains(m.UniqueAddress));

    /// <summary>Whether all who are still asked reach this node.</summary>
    public bool IsGossipTarget(UniqueAddress node) =>
        node != Self && Gossip.Has(node) && Reachability.IsReachable(node);

    /// <summary>As the facade shows it.</summary>
    public ClusterEvent.CurrentClusterState ToCurrentState() => new(Members, [.. Unreachable],
        [.. Gossip.Seen.Select(node => node.Address)], Leader?.Address,
        AllRoles.ToImmutableDictionary(role => role, role => (Address?)RoleLeader(role)?.Address));

    private static int LastResort(Member member) => member.Status switch
    {
        MemberStatus.WeaklyUp => 0,
        MemberStatus.Joining => 1,
        _ => 2, // Exiting.
    };
}

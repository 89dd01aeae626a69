using System.Collections.Immutable;

namespace Akka.Cluster.SBR;

/// <summary>A split as one node sees it: who is there, who is not reached, who has seen the latest state.</summary>
/// <param name="Self">The node.</param>
/// <param name="Members">All members.</param>
/// <param name="Reachability">Who does not reach whom.</param>
/// <param name="SeenBy">Who has seen the state.</param>
internal sealed record SplitView(UniqueAddress Self, ImmutableSortedSet<Member> Members, Reachability Reachability,
    ImmutableSortedSet<UniqueAddress> SeenBy)
{
    private ImmutableSortedSet<UniqueAddress>? _unreachable;

    public ImmutableSortedSet<UniqueAddress> Unreachable =>
        _unreachable ??= [.. Reachability.AllUnreachable.Where(n => n != Self)];

    /// <summary>Who can be downed: those on their way out already are not.</summary>
    public IEnumerable<Member> Downable => Members.Where(m => !MemberStatusRules.IsGoing(m.Status));

    public bool AllUnreachableAreGoing =>
        Members.Where(m => Unreachable.Contains(m.UniqueAddress)).All(m => MemberStatusRules.IsGoing(m.Status));

    /// <summary>Nodes that both don't reach somebody and are not reached; and pairs of which one has seen the latest
    /// state though the other does not reach it: in both cases there is a way around.</summary>
    public IReadOnlySet<UniqueAddress> IndirectlyConnected
    {
        get
        {
            var both = Circular();
            both.UnionWith(SeenAllTheSame());
            return both;
        }
    }

    /// <summary>Members that count: not new, not on their way out.</summary>
    /// <param name="role">Only with this role; null: all.</param>
    /// <param name="alsoNew">Also those that may be Up by now as the other side sees it.</param>
    /// <param name="withoutLeaving">Not those that may be Exiting by now as the other side sees it.</param>
    public IEnumerable<Member> Counted(string? role, bool alsoNew = false, bool withoutLeaving = false) => Downable.Where(m =>
        (role is null || m.HasRole(role)) && (alsoNew || !MemberStatusRules.IsNew(m.Status))
        && !(withoutLeaving && m.Status == MemberStatus.Leaving));

    public bool IsReachable(Member member) => !Unreachable.Contains(member.UniqueAddress);

    /// <summary>As if the indirectly connected had no quarrel among themselves.</summary>
    public SplitView WithoutIndirectConnections()
    {
        var circular = Circular();
        var seen = SeenAllTheSame();
        return this with
        {
            _unreachable = null,
            Reachability = Reachability.Filter((observer, subject) =>
                !(circular.Contains(observer) && circular.Contains(subject))
                && !(seen.Contains(observer) && seen.Contains(subject))),
        };
    }

    private HashSet<UniqueAddress> Circular() => [.. Reachability.AllObservers.Intersect(Reachability.AllUnreachable)];

    private HashSet<UniqueAddress> SeenAllTheSame() =>
        [.. Reachability.Records.Where(r => SeenBy.Contains(r.Subject)).SelectMany(r => new[] { r.Observer, r.Subject })];
}

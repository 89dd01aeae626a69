using Akka.Configuration;

namespace Akka.Cluster.SBR;

/// <summary>Which side of a split goes on. All members that see the same decide the same.</summary>
internal abstract class SplitStrategy
{
    public static SplitStrategy From(SplitBrainResolverSettings settings) => settings.DowningStrategy switch
    {
        SplitBrainResolverSettings.StaticQuorumName =>
            new StaticQuorum(settings.StaticQuorumSettings.Size, settings.StaticQuorumSettings.Role),
        SplitBrainResolverSettings.KeepMajorityName => new KeepMajority(settings.KeepMajorityRole),
        SplitBrainResolverSettings.KeepOldestName =>
            new KeepOldest(settings.KeepOldestSettings.DownIfAlone, settings.KeepOldestSettings.Role),
        SplitBrainResolverSettings.DownAllName => new DownAllNodes(),
        var other => throw new ConfigurationException($"[{other}] is no split-brain strategy."),
    };

    public Decision Decide(SplitView view) =>
        view.IndirectlyConnected.Count > 0 ? DecideIndirectlyConnected : DecideSplit(view);

    /// <summary>Whom to down by a decision, this node last.</summary>
    public IReadOnlyList<UniqueAddress> ToDown(SplitView view, Decision decision)
    {
        var downable = view.Downable.Select(m => m.UniqueAddress);
        var chosen = decision switch
        {
            Decision.DownUnreachable => downable.Where(view.Unreachable.Contains),
            Decision.DownReachable => downable.Where(node => !view.Unreachable.Contains(node)),
            Decision.DownSelf => downable.Where(node => node == view.Self),
            Decision.DownIndirectlyConnected => downable.Where(ToDownIndirectlyConnected(view).Contains),
            _ => downable,
        };
        return [.. chosen.OrderBy(node => node == view.Self)];
    }

    protected virtual Decision DecideIndirectlyConnected => Decision.DownIndirectlyConnected;

    /// <summary>The strategy proper, where each side reaches all of its own.</summary>
    protected abstract Decision DecideSplit(SplitView view);

    /// <summary>The indirectly connected, and whoever else loses once those don't count as unreachable.</summary>
    private HashSet<UniqueAddress> ToDownIndirectlyConnected(SplitView view)
    {
        var rest = view.WithoutIndirectConnections();
        HashSet<UniqueAddress> nodes = [.. view.IndirectlyConnected];
        if (rest.Unreachable.Count > 0)
            nodes.UnionWith(ToDown(rest, rest.IndirectlyConnected.Count > 0 ? Decision.DownAll : DecideSplit(rest)));
        return nodes;
    }
}

/// <summary>The side with a fixed number of members goes on. With more than 2n - 1 members both sides might have them:
/// then nobody.</summary>
internal sealed class StaticQuorum(int size, string? role) : SplitStrategy
{
    protected override Decision DecideSplit(SplitView view) =>
        view.Counted(role).Count() > (size * 2) - 1 ? Decision.DownAll
        : view.Counted(role).Count(view.IsReachable) >= size ? Decision.DownUnreachable
        : Decision.DownReachable;
}

/// <summary>The bigger side goes on; of two halves the one with the lowest address.</summary>
internal sealed class KeepMajority(string? role) : SplitStrategy
{
    protected override Decision DecideSplit(SplitView view)
    {
        var members = view.Counted(role).ToList();
        if (members.Count == 0) return Decision.DownAll;
        var decision = Compare(view, members.Count(view.IsReachable), members.Count(m => !view.IsReachable(m)), members[0]);
        if (decision != Decision.DownUnreachable) return decision;

        // The other side may have moved members since: count as few as possible here, as many as possible there.
        var sure = view.Counted(role, withoutLeaving: true).ToList();
        if (sure.Count == 0) return Decision.DownAll;
        var others = view.Counted(role, alsoNew: true).Count(m => !view.IsReachable(m));
        return Compare(view, sure.Count(view.IsReachable), others, sure[0]) == Decision.DownUnreachable
            ? Decision.DownUnreachable : Decision.DownAll;
    }

    private static Decision Compare(SplitView view, int here, int there, Member lowest) =>
        here != there ? here > there ? Decision.DownUnreachable : Decision.DownReachable
        : view.IsReachable(lowest) ? Decision.DownUnreachable : Decision.DownReachable;
}

/// <summary>The side with the oldest member goes on, unless it is alone.</summary>
internal sealed class KeepOldest(bool downIfAlone, string? role) : SplitStrategy
{
    protected override Decision DecideSplit(SplitView view)
    {
        var members = view.Counted(role).Order(Member.AgeOrdering).ToList();
        if (members.Count == 0) return Decision.DownAll;
        var decision = Compare(view, members, members[0]);
        if (decision != Decision.DownUnreachable) return decision;

        // The oldest may have left as the other side sees it, or may not be alone there.
        var sure = view.Counted(role, withoutLeaving: true).Order(Member.AgeOrdering).ToList();
        if (sure.Count == 0) return Decision.DownAll;
        var possible = view.Counted(role, alsoNew: downIfAlone, withoutLeaving: true).ToList();
        return Compare(view, possible, sure[0]) == Decision.DownUnreachable ? Decision.DownUnreachable : Decision.DownAll;
    }

    private Decision Compare(SplitView view, List<Member> members, Member oldest)
    {
        var here = members.Count(view.IsReachable);
        var there = members.Count - here;
        if (view.IsReachable(oldest)) // Of two nodes the oldest is kept: the other is no better.
            return downIfAlone && here == 1 && there > 1 ? Decision.DownReachable : Decision.DownUnreachable;
        return downIfAlone && there == 1 && here > 1 ? Decision.DownUnreachable : Decision.DownReachable;
    }
}

/// <summary>All go, whatever the split.</summary>
internal sealed class DownAllNodes : SplitStrategy
{
    protected override Decision DecideIndirectlyConnected => Decision.DownAll;
    protected override Decision DecideSplit(SplitView view) => Decision.DownAll;
}

using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.SBR;

/// <summary>When to decide: the leader of a side, once nothing has changed for a while; or everyone, if it never rests.</summary>
/// <remarks>States and the time in, nodes to down out. The strategy says whom.</remarks>
internal sealed class SplitBrainResolver(UniqueAddress self, SplitStrategy strategy, TimeSpan stableAfter,
    TimeSpan downAllWhenUnstable)
{
    private MembershipState _state = new(Gossip.Empty, self);
    private ImmutableSortedSet<UniqueAddress> _unreachable = [];
    private TimeSpan _stableSince;
    private TimeSpan? _firstChange;
    private TimeSpan _lastChange;

    private SplitView View => new(self, _state.Members, _state.Reachability, _state.Gossip.Seen);

    /// <summary>The cluster is another one now.</summary>
    public void Update(MembershipState state, TimeSpan now)
    {
        var before = _state;
        _state = state;
        var unreachable = View.Unreachable;
        var hasMoved = !unreachable.SetEquals(_unreachable) || state.Leader != before.Leader || !SameMembers(before, state);
        _unreachable = unreachable;
        if (hasMoved) _stableSince = now;
        if (View.AllUnreachableAreGoing) _firstChange = null;
        else if (!before.Gossip.Reachability.SameAs(state.Gossip.Reachability))
        {
            _firstChange ??= now;
            _lastChange = now;
        }
    }

    /// <summary>Time has passed.</summary>
    public (Decision Decision, IReadOnlyList<UniqueAddress> ToDown)? Tick(TimeSpan now)
    {
        if (_firstChange is { } first)
        {
            if (downAllWhenUnstable > TimeSpan.Zero && now - first > stableAfter + downAllWhenUnstable)
                return Act(Decision.DownAll, now);
            if (downAllWhenUnstable <= TimeSpan.Zero && now - _lastChange > stableAfter * 2) _firstChange = null;
        }
        var isResponsible = _state.IsLeader && _state.Gossip.Has(self);
        if (!isResponsible || _unreachable.Count == 0 || View.AllUnreachableAreGoing || now - _stableSince < stableAfter)
            return null;
        return Act(strategy.Decide(View), now);
    }

    /// <summary>Another system has given this one up. If it is a member, the two can't be in one cluster any more, and it is this
    /// one that is told; a client may do what it likes.</summary>
    public (Decision Decision, IReadOnlyList<UniqueAddress> ToDown)? Quarantined(Address by, TimeSpan now) =>
        _state.Members.Any(m => m.Address == by) ? Act(Decision.DownSelf, now) : null;

    private (Decision, IReadOnlyList<UniqueAddress>)? Act(Decision decision, TimeSpan now)
    {
        var nodes = strategy.ToDown(View, decision);
        if (nodes.Count == 0) return null;
        _firstChange = null;
        _stableSince = now;
        return (decision, nodes);
    }

    // Who leaves in good order does not make the others wait.
    private static bool SameMembers(MembershipState a, MembershipState b) => a.Members.Count == b.Members.Count
        && a.Members.Zip(b.Members).All(pair => pair.First.Equals(pair.Second)
            && (pair.First.Status == pair.Second.Status || pair.Second.Status is MemberStatus.Leaving or MemberStatus.Exiting));
}

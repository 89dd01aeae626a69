using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

internal sealed partial class ClusterCore
{
    private void GossipTick(CoreInput.GossipTick tick)
    {
        // Who only others don't reach is a target too, if not a preferred one: after a split each side may have old news of the
        // other that keeps both from speaking first.
        var targets = Gossip.Members.Select(m => m.UniqueAddress).Where(node => node != _self && Reaches(node)).ToList();
        if (tick.Roll < DifferentViewProbability())
        {
            var others = targets.FindAll(node => !Gossip.SeenBy(node) && State.IsGossipTarget(node));
            if (others.Count > 0) targets = others;
        }
        if (targets.Count == 0) return;
        var target = targets[Math.Min((int)(tick.Pick * targets.Count), targets.Count - 1)];
        if (Gossip.SeenBy(target)) Send(target, new GossipStatus(_self, Gossip.Version));
        else GossipTo(target);
    }

    /// <summary>In a big cluster, less often: else all gossip would go to the few that lag behind.</summary>
    private double DifferentViewProbability()
    {
        var low = _rules.ReduceDifferentViewAbove;
        var high = low * 3;
        var size = Gossip.Members.Count;
        if (size <= low) return _rules.DifferentViewProbability;
        var least = _rules.DifferentViewProbability / 10;
        return size >= high ? least
            : _rules.DifferentViewProbability - ((_rules.DifferentViewProbability - least) * (size - low) / (high - low));
    }

    private void GossipTo(UniqueAddress node)
    {
        if (node != _self) Send(node, new GossipEnvelope(_self, node, Gossip));
    }

    private void ReceiveStatus(GossipStatus status)
    {
        if (!Gossip.Has(status.From) || !Reaches(status.From)) return;
        switch (status.Version.CompareTo(Gossip.Version))
        {
            case VectorClock.Ordering.Same: break;
            case VectorClock.Ordering.After: Send(status.From, new GossipStatus(_self, Gossip.Version)); break;
            default: GossipTo(status.From); break;
        }
    }

    private void ReceiveGossip(GossipEnvelope envelope)
    {
        var (from, to, theirs) = envelope;
        // Without this node in it, it is of another cluster, or this node has been removed: remoting will tell.
        if (to != _self || !theirs.Has(_self) || !Reaches(from)) return;
        // A stranger who knows this node joined when the two could not hear of each other; one that was removed is none.
        if (!Gossip.Has(from) && (!theirs.Has(from) || Gossip.Tombstones.ContainsKey(from))) return;

        var ours = Gossip;
        var talkBack = true;
        Gossip winner;
        switch (theirs.Version.CompareTo(ours.Version))
        {
            case VectorClock.Ordering.Same:
                talkBack = !theirs.SeenBy(_self);
                winner = ours with { Seen = ours.Seen.Union(theirs.Seen) };
                break;
            case VectorClock.Ordering.Before:
                talkBack = !ours.SeenBy(from);
                winner = ours;
                break;
            case VectorClock.Ordering.After:
                talkBack = !theirs.SeenBy(_self);
                winner = theirs;
                break;
            default:
                winner = ours.Merge(theirs);
                break;
        }
        SetGossip(_exiting ? winner : winner.SeenAlsoBy(_self));
        foreach (var member in Gossip.Members) // What is known of a newcomer's address was of an earlier node.
            if (MemberStatusRules.IsNew(member.Status) && !ours.Has(member.UniqueAddress))
                _effects.Add(new CoreEffect.Forget(member.Address));
        if (!ReferenceEquals(Gossip, ours)) Publish();
        DownFormerSelf();
        ExitIfExiting();
        if (talkBack) GossipTo(from);
    }

    private bool Reaches(UniqueAddress from) => Gossip.Reachability.Status(_self, from) == ReachabilityStatus.Reachable;

    /// <summary>Asks the failure detector: who has fallen silent, who answers again?</summary>
    private void Reap(Func<Address, bool> isAvailable)
    {
        if (Gossip.Members.Count < 2) return;
        var reachability = Gossip.Reachability;
        foreach (var member in Gossip.Members.Where(m => m.UniqueAddress != _self))
        {
            var before = reachability.Status(_self, member.UniqueAddress);
            var now = isAvailable(member.Address) ? ReachabilityStatus.Reachable : ReachabilityStatus.Unreachable;
            if (before == now || before == ReachabilityStatus.Terminated) continue;
            reachability = reachability.With(_self, member.UniqueAddress, now);
            if (now == ReachabilityStatus.Reachable) Info($"{member} answers again");
            else Warn($"{member} does not answer");
        }
        if (ReferenceEquals(reachability, Gossip.Reachability)) return;
        Change(Gossip with { Reachability = reachability });
        Publish();
    }
}

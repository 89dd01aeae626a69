using System.Collections.Immutable;
using Akka.Actor;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>Whom this node sends heartbeats, as members come, go and fall silent.</summary>
/// <remarks>One that was unreachable when it stopped to be a neighbour is still watched, until it answers: only the observer that
/// has called it unreachable can take that back.</remarks>
/// <param name="Ring">The members.</param>
/// <param name="OldUnreachable">No neighbours any more, but unreachable as seen from here.</param>
internal sealed record HeartbeatState(HeartbeatRing Ring, ImmutableSortedSet<UniqueAddress> OldUnreachable)
{
    public static HeartbeatState Empty(UniqueAddress self, int watched) => new(HeartbeatRing.Of(self, [], [], watched), []);

    public ImmutableSortedSet<UniqueAddress> Receivers => Ring.Receivers.Union(OldUnreachable);

    public HeartbeatState With(MembershipState state, IFailureDetectorRegistry<Address> detector)
    {
        var ring = HeartbeatRing.Of(Ring.Self, state.Members.Select(m => m.UniqueAddress),
            state.Gossip.Reachability.AllUnreachable, Ring.Watched);
        var old = OldUnreachable;
        foreach (var node in Ring.Nodes.Except(ring.Nodes))
        {
            // Unless a new incarnation is at the address by now.
            if (!ring.Nodes.Any(other => other.Address == node.Address)) detector.Remove(node.Address);
            old = old.Remove(node);
        }
        foreach (var node in Ring.Receivers.Except(ring.Receivers))
        {
            if (!ring.Nodes.Contains(node)) continue;
            if (detector.IsAvailable(node.Address)) detector.Remove(node.Address);
            else old = old.Add(node);
        }
        return new HeartbeatState(ring, old);
    }

    /// <summary>An answer has come.</summary>
    public HeartbeatState Answered(UniqueAddress from, IFailureDetectorRegistry<Address> detector)
    {
        if (!Receivers.Contains(from)) return this;
        detector.Heartbeat(from.Address);
        if (!OldUnreachable.Contains(from)) return this;
        if (!Ring.Receivers.Contains(from)) detector.Remove(from.Address);
        return this with { OldUnreachable = OldUnreachable.Remove(from) };
    }
}

using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>The in-sync set that a leader wants from the controller.</summary>
/// <param name="PartitionEpoch">Of the set that it knows; the controller refuses if there is a newer one.</param>
public sealed record InSyncProposal(Epoch LeaderEpoch, int PartitionEpoch, ImmutableArray<InSyncReplica> InSync);

/// <summary>
/// How a leader changes its ISR: it proposes, and the controller decides. One proposal at a time. Until its outcome is known, the
/// watermark waits for those in both sets: whoever the controller has let in might be elected, and whoever it has not yet let go,
/// too.
/// </summary>
public sealed partial class ReplicaState
{
    /// <summary>Of the sets that this leader goes by; -1: not known.</summary>
    public int PartitionEpoch { get; private set; } = -1;

    /// <summary>The end of the log when this leader's term began: what a follower must have copied to be in sync.</summary>
    public Offset TermStart { get; private set; }

    /// <summary>May the end be told? Not by a new leader whose watermark is still below what its predecessor may have shown: it
    /// would seem to go back (KIP-207).</summary>
    public ErrorCode CheckEnd =>
        Role == ReplicaRole.Leader && HighWatermark < TermStart ? ErrorCode.OffsetNotAvailable : ErrorCode.None;

    /// <summary>What was proposed, while its outcome is not known.</summary>
    public InSyncProposal? PendingInSync { get; private set; }

    /// <summary>Another ISR, if it should be another one: without those that lag, and with those that have caught up.</summary>
    /// <param name="lagMax"><c>replica.lag.time.max.ms</c></param>
    /// <param name="isActive">Whom the controller does not refuse.</param>
    /// <param name="ownEpoch">This broker's registration.</param>
    public InSyncProposal? ProposeInSync(TimeSpan now, TimeSpan lagMax, Func<BrokerId, bool> isActive, long ownEpoch)
    {
        if (Role != ReplicaRole.Leader || PendingInSync is not null) return null;
        var lagging = Lagging(now, lagMax).ToHashSet();
        var caughtUp = CaughtUp(TermStart).Where(isActive).ToHashSet();
        if (lagging.Count == 0 && caughtUp.Count == 0) return null;
        var inSync = ImmutableArray.CreateBuilder<InSyncReplica>();
        inSync.Add(new InSyncReplica(_self, ownEpoch));
        foreach (var follower in _followers)
        {
            follower.IsProposed = caughtUp.Contains(follower.Id);
            // One that stays may have started again, unheard; then the controller must not refuse the others for it.
            if (follower.IsProposed) inSync.Add(new InSyncReplica(follower.Id, follower.BrokerEpoch));
            else if (follower.InSync && !lagging.Contains(follower.Id)) inSync.Add(new InSyncReplica(follower.Id, -1));
        }
        return PendingInSync = new InSyncProposal(LeaderEpoch, PartitionEpoch, inSync.DrainToImmutable());
    }

    /// <summary>The controller's answer. The set itself comes with the metadata, or by <see cref="SetInSync"/>.</summary>
    /// <returns><c>true</c>: whether the controller took it is unknown, so the same must be proposed again.</returns>
    public bool InSyncAnswered(InSyncProposal proposal, ErrorCode error)
    {
        if (!ReferenceEquals(proposal, PendingInSync)) return false;
        switch (error)
        {
            case ErrorCode.IneligibleReplica or ErrorCode.OperationNotAttempted:
                // Refused as it stands, so nobody was let in.
                foreach (var follower in _followers) follower.IsProposed = false;
                PendingInSync = null;
                AdvanceHighWatermark();
                return false;
            // The controller knows more, or has decided: the news is on its way. Until then the larger set holds the watermark.
            case ErrorCode.None or ErrorCode.NewLeaderElected or ErrorCode.FencedLeaderEpoch or ErrorCode.InvalidUpdateVersion
                or ErrorCode.InvalidRequest or ErrorCode.UnknownTopicId or ErrorCode.UnknownTopicOrPartition
                or ErrorCode.StaleBrokerEpoch:
                return false;
            default: return true;
        }
    }

    /// <summary>A replica in sync that is nearer to the reader than this leader, and has what it reads (KIP-392).</summary>
    /// <param name="rackOf">The rack of each broker that is there; null for others.</param>
    /// <returns>None: read here.</returns>
    public BrokerId Nearest(string rack, Offset from, Func<BrokerId, string?> rackOf)
    {
        if (Role != ReplicaRole.Leader || rack.Length == 0 || rackOf(_self) == rack) return BrokerId.None;
        FollowerProgress? nearest = null;
        foreach (var follower in _followers)
        {
            if (!follower.InSync || follower.LogEnd.IsNone || rackOf(follower.Id) != rack) continue;
            if (from < follower.LogStart || from > follower.LogEnd) continue;
            if (nearest is null || follower.LogEnd > nearest.LogEnd) nearest = follower;
        }
        return nearest?.Id ?? BrokerId.None;
    }
}

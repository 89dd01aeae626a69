using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>
/// Which replicas are in sync. The leader proposes, the controller decides. From the proposal on until its answer is known, a
/// follower counts for the high watermark if it is in either set: it may be elected, so it must have all that is committed.
/// </summary>
public sealed partial class ReplicaState
{
    /// <summary>A proposal is on its way; there is one at a time.</summary>
    public bool IsProposing { get; private set; }

    /// <summary>Some replica is not in sync.</summary>
    public bool IsUnderReplicated => InSyncCount < ReplicaCount;

    /// <summary>
    /// The set that the controller should be asked for: without followers that have not caught up for <paramref name="lagMax"/>,
    /// and with those that hold all that is committed.
    /// </summary>
    /// <param name="epochStart">Where this leader's term starts; a follower that joins must have passed it.</param>
    /// <param name="inSync">The replicas and the registrations of their brokers, this one first.</param>
    /// <returns><c>false</c>: none, or one is on its way.</returns>
    public bool TryPropose(
        TimeSpan now, TimeSpan lagMax, Offset epochStart, out ImmutableArray<(BrokerId Broker, long BrokerEpoch)> inSync)
    {
        inSync = [];
        if (Role != ReplicaRole.Leader || IsProposing) return false;
        var differs = false;
        foreach (var follower in _followers)
            differs |= follower.IsJoining || Belongs(follower, now, lagMax, epochStart) != follower.InSync;
        if (!differs) return false;

        var proposed = ImmutableArray.CreateBuilder<(BrokerId, long)>(_followers.Count + 1);
        proposed.Add((_self, -1));
        foreach (var follower in _followers)
        {
            if (!Belongs(follower, now, lagMax, epochStart)) continue;
            proposed.Add((follower.Id, follower.BrokerEpoch));
            follower.IsJoining |= !follower.InSync;
        }
        IsProposing = true;
        inSync = proposed.DrainToImmutable();
        return true;
    }

    /// <summary>The controller has answered, or nobody knows whether it did.</summary>
    /// <param name="isKnown">
    /// <c>false</c>: the proposal may have been persisted, and those that it named count on until a set is known that comes after.
    /// </param>
    public void EndProposal(bool isKnown)
    {
        IsProposing = false;
        if (!isKnown) return;
        foreach (var follower in _followers) follower.IsJoining = false;
        if (Role == ReplicaRole.Leader) AdvanceHighWatermark();
    }

    /// <summary>The controller persisted another set of replicas in sync.</summary>
    public void SetInSync(ReadOnlySpan<BrokerId> inSync)
    {
        Invariant.Holds(Role == ReplicaRole.Leader && inSync.Contains(_self));
        foreach (var follower in _followers)
        {
            follower.InSync = inSync.Contains(follower.Id);
            follower.IsJoining = false;
        }
        InSyncCount = CountInSync();
        AdvanceHighWatermark();
    }

    private bool Belongs(FollowerProgress follower, TimeSpan now, TimeSpan lagMax, Offset epochStart) => follower.InSync
        ? follower.LogEnd == LogEnd || now - follower.CaughtUpAt <= lagMax
        : !follower.LogEnd.IsNone && follower.LogEnd >= HighWatermark && follower.LogEnd >= epochStart;
}

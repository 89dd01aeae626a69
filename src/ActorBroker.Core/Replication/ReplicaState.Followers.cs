using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>What a leader knows of its followers.</summary>
public sealed partial class ReplicaState
{
    private readonly List<FollowerProgress> _followers = [];

    /// <summary>Fewest replicas in sync, the leader among them, with which acks=all is taken.</summary>
    public int MinInSync { get; private set; } = 1;

    public int ReplicaCount => _followers.Count + 1;

    /// <summary>Replicas in sync (ISR), the leader among them.</summary>
    public int InSyncCount { get; private set; } = 1;

    /// <summary>A write with acks=all is taken. With fewer replicas than <c>min.insync.replicas</c> demands, all of them are
    /// enough.</summary>
    public bool EnoughInSync => InSyncCount >= Math.Min(MinInSync, ReplicaCount);

    public void SetMinInSync(int minInSync)
    {
        MinInSync = minInSync;
        if (Role == ReplicaRole.Leader) AdvanceHighWatermark();
    }

    /// <summary>Is the broker one of the followers in sync?</summary>
    public bool IsInSync(BrokerId id)
    {
        foreach (var follower in _followers)
            if (follower.Id == id) return follower.InSync;
        return false;
    }

    /// <summary>A follower asked for <paramref name="end"/>, so it holds all before it. To be told only after its last epoch was
    /// compared: one that has diverged holds other records, and does not count.</summary>
    /// <param name="brokerEpoch">Registration of the follower; -1: not known.</param>
    /// <returns><see cref="ErrorCode.UnknownTopicOrPartition"/> for a broker that has no replica of this partition,
    /// <see cref="ErrorCode.StaleBrokerEpoch"/> for a request from before it has started again.</returns>
    public ErrorCode FollowerFetched(BrokerId id, Offset end, Offset start, TimeSpan now, long brokerEpoch = -1)
    {
        Invariant.Holds(Role == ReplicaRole.Leader);
        var follower = _followers.Find(f => f.Id == id);
        if (follower is null) return ErrorCode.UnknownTopicOrPartition;
        if (brokerEpoch < follower.BrokerEpoch) return ErrorCode.StaleBrokerEpoch;
        if (end > LogEnd) return ErrorCode.OffsetOutOfRange;
        follower.Fetched(end, start, LogEnd, brokerEpoch, now);
        AdvanceHighWatermark();
        return ErrorCode.None;
    }

    /// <summary>The controller persisted another set of replicas in sync.</summary>
    /// <param name="partitionEpoch">Of that set; one that is not newer is ignored. -1: not known, taken for newer.</param>
    public void SetInSync(ReadOnlySpan<BrokerId> inSync, int partitionEpoch = -1)
    {
        Invariant.Holds(Role == ReplicaRole.Leader && inSync.Contains(_self));
        if (partitionEpoch != -1 && partitionEpoch <= PartitionEpoch) return;
        if (partitionEpoch != -1) PartitionEpoch = partitionEpoch;
        TakeInSync(inSync);
        AdvanceHighWatermark();
    }

    /// <summary>Followers in sync that have not caught up for <paramref name="lagMax"/>: to be proposed out of the ISR.</summary>
    public IEnumerable<BrokerId> Lagging(TimeSpan now, TimeSpan lagMax)
    {
        foreach (var follower in _followers)
            if (follower.InSync && follower.LogEnd < LogEnd && now - follower.CaughtUpAt > lagMax) yield return follower.Id;
    }

    /// <summary>Followers out of sync that hold all that is committed: to be proposed into the ISR.</summary>
    /// <param name="epochStart">Where this leader's term starts; a follower must have passed it.</param>
    public IEnumerable<BrokerId> CaughtUp(Offset epochStart)
    {
        foreach (var follower in _followers)
            if (!follower.InSync && !follower.LogEnd.IsNone && follower.LogEnd >= HighWatermark && follower.LogEnd >= epochStart)
                yield return follower.Id;
    }

    private void SetFollowers(ReadOnlySpan<BrokerId> replicas, ReadOnlySpan<BrokerId> inSync, bool newTerm, TimeSpan now)
    {
        Invariant.Holds(replicas.Contains(_self) && inSync.Contains(_self));
        for (var i = _followers.Count - 1; i >= 0; i--)
            if (!replicas.Contains(_followers[i].Id)) _followers.RemoveAt(i);
        foreach (var id in replicas)
            if (id != _self && !_followers.Exists(f => f.Id == id))
            {
                var follower = new FollowerProgress(id);
                follower.StartTerm(now);
                _followers.Add(follower);
            }
        if (newTerm)
            foreach (var follower in _followers) follower.StartTerm(now);
        TakeInSync(inSync);
    }

    private void TakeInSync(ReadOnlySpan<BrokerId> inSync)
    {
        foreach (var follower in _followers)
        {
            var isInSync = inSync.Contains(follower.Id);
            if (follower.InSync && !isInSync) follower.Forget();
            (follower.InSync, follower.IsProposed) = (isInSync, false);
        }
        PendingInSync = null;
        InSyncCount = CountInSync();
    }

    private int CountInSync()
    {
        var count = 1;
        foreach (var follower in _followers)
            if (follower.InSync) count++;
        return count;
    }

    /// <summary>
    /// The end of the shortest log in sync, or of one that the controller may know to be in sync already: it could be elected. A
    /// follower that has not fetched in this term holds the watermark where it is.
    /// </summary>
    private Offset MinLogEndInSync()
    {
        var min = LogEnd;
        foreach (var follower in _followers)
            if (follower.InSync || follower.IsProposed) min = Offset.Min(min, follower.LogEnd);
        return min;
    }
}

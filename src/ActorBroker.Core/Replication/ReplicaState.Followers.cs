using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>What a leader knows of its followers, and what a follower learns from its leader.</summary>
public sealed partial class ReplicaState
{
    private readonly List<FollowerProgress> _followers = [];

    /// <summary>Fewest replicas in sync, the leader among them, with which acks=all is taken.</summary>
    public int MinInSync { get; private set; } = 1;

    public int ReplicaCount => _followers.Count + 1;

    /// <summary>Replicas in sync (ISR), the leader among them.</summary>
    public int InSyncCount { get; private set; } = 1;

    /// <summary>With fewer replicas than <c>min.insync.replicas</c> demands, all of them are enough.</summary>
    private bool EnoughInSync => InSyncCount >= Math.Min(MinInSync, ReplicaCount);

    public void SetMinInSync(int minInSync)
    {
        MinInSync = minInSync;
        if (Role == ReplicaRole.Leader) AdvanceHighWatermark();
    }

    /// <summary>A follower asked for <paramref name="end"/>, so it holds all before it.</summary>
    /// <returns><see cref="ErrorCode.UnknownTopicOrPartition"/> for a broker that has no replica of this partition.</returns>
    /// <param name="brokerEpoch">Which registration of that broker asked; -1: it does not say.</param>
    public ErrorCode FollowerFetched(BrokerId id, Offset end, Offset start, TimeSpan now, long brokerEpoch = -1)
    {
        Invariant.Holds(Role == ReplicaRole.Leader);
        var follower = FindFollower(id);
        if (follower is null) return ErrorCode.UnknownTopicOrPartition;
        if (brokerEpoch >= 0 && brokerEpoch < follower.BrokerEpoch) return ErrorCode.StaleBrokerEpoch;
        if (end > LogEnd) return ErrorCode.OffsetOutOfRange;
        if (brokerEpoch >= 0) follower.BrokerEpoch = brokerEpoch;
        follower.Fetched(end, start, LogEnd, now);
        AdvanceHighWatermark();
        return ErrorCode.None;
    }

    /// <summary>
    /// The role changes, and the log has records that this replica had not counted: as a leader it waited for their flush.
    /// </summary>
    public void CountAll(Offset logEnd)
    {
        Invariant.Holds(logEnd >= LogEnd);
        LogEnd = logEnd;
    }

    /// <summary>Are records from this offset on, out of this leader's term, the next ones of a follower's log?</summary>
    public bool Continues(Epoch epoch, Offset from) =>
        Role == ReplicaRole.Follower && epoch == LeaderEpoch && from == LogEnd;

    /// <summary>A follower's log grew by what the leader sent, and the leader told its high watermark.</summary>
    public void Copied(Offset end, Offset leaderHighWatermark)
    {
        Invariant.Holds(Role == ReplicaRole.Follower && end >= LogEnd);
        LogEnd = end;
        HighWatermark = Offset.Max(HighWatermark, Offset.Min(leaderHighWatermark, end));
    }

    /// <summary>A follower cut what its leader does not have.</summary>
    public void TruncatedTo(Offset end)
    {
        Invariant.Holds(end <= LogEnd);
        LogIs(Offset.Min(LogStart, end), end);
    }

    /// <summary>A follower's log is another one now: cut, or begun anew elsewhere.</summary>
    public void LogIs(Offset start, Offset end)
    {
        Invariant.Holds(Role == ReplicaRole.Follower && start <= end);
        (LogStart, LogEnd) = (start, end);
        HighWatermark = Offset.Max(start, Offset.Min(HighWatermark, end));
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
        foreach (var follower in _followers)
        {
            if (newTerm) follower.StartTerm(now);
            follower.InSync = inSync.Contains(follower.Id);
            follower.IsJoining = false;
        }
        if (newTerm) IsProposing = false;
        InSyncCount = CountInSync();
    }

    private FollowerProgress? FindFollower(BrokerId id)
    {
        foreach (var follower in _followers)
            if (follower.Id == id) return follower;
        return null;
    }

    private int CountInSync()
    {
        var count = 1;
        foreach (var follower in _followers)
            if (follower.InSync) count++;
        return count;
    }

    /// <summary>
    /// The end of the shortest log in sync, or in what may already be the set in sync. A follower that has not fetched in this term holds the watermark where it is.
    /// </summary>
    private Offset MinLogEndInSync()
    {
        var min = LogEnd;
        foreach (var follower in _followers)
            if (follower.InSync || follower.IsJoining) min = Offset.Min(min, follower.LogEnd);
        return min;
    }
}

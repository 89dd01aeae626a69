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
    public ErrorCode FollowerFetched(BrokerId id, Offset end, Offset start, TimeSpan now)
    {
        Invariant.Holds(Role == ReplicaRole.Leader);
        var follower = _followers.Find(f => f.Id == id);
        if (follower is null) return ErrorCode.UnknownTopicOrPartition;
        if (end > LogEnd) return ErrorCode.OffsetOutOfRange;
        follower.Fetched(end, start, LogEnd, now);
        AdvanceHighWatermark();
        return ErrorCode.None;
    }

    /// <summary>The controller persisted another set of replicas in sync.</summary>
    public void SetInSync(ReadOnlySpan<BrokerId> inSync)
    {
        Invariant.Holds(Role == ReplicaRole.Leader && inSync.Contains(_self));
        foreach (var follower in _followers) follower.InSync = inSync.Contains(follower.Id);
        InSyncCount = CountInSync();
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
        }
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
    /// The end of the shortest log in sync. A follower that has not fetched in this term holds the watermark where it is.
    /// </summary>
    private Offset MinLogEndInSync()
    {
        var min = LogEnd;
        foreach (var follower in _followers)
            if (follower.InSync) min = Offset.Min(min, follower.LogEnd);
        return min;
    }
}

using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>What a follower learns from its leader.</summary>
public sealed partial class ReplicaState
{
    /// <summary>
    /// Does an answer to a fetch still mean this replica? Not if it was asked in another term, or from another end of the log
    /// than there is now.
    /// </summary>
    public bool Expects(Epoch asked, Offset from) => Role == ReplicaRole.Follower && asked == LeaderEpoch && from == LogEnd;

    /// <summary>
    /// Before the role changes: the log has records that this replica had not counted, as it waited for their flush.
    /// </summary>
    public void CountAll(Offset logEnd)
    {
        Invariant.Holds(logEnd >= LogEnd);
        LogEnd = logEnd;
    }

    /// <summary>A follower's log grew by what the leader sent, and the leader told its high watermark.</summary>
    /// <param name="bytes">For those who wait here to read (KIP-392).</param>
    public void Copied(Offset end, Offset leaderHighWatermark, int bytes = 0)
    {
        Invariant.Holds(Role == ReplicaRole.Follower && end >= LogEnd);
        LogEnd = end;
        if (bytes > 0) _uncommitted.Enqueue((end, bytes));
        MoveHighWatermark(Offset.Max(HighWatermark, Offset.Min(leaderHighWatermark, end)));
    }

    /// <summary>A follower cut what its leader does not have.</summary>
    public void TruncatedTo(Offset end)
    {
        Invariant.Holds(Role == ReplicaRole.Follower && end <= LogEnd);
        LogEnd = end;
        HighWatermark = Offset.Min(HighWatermark, end);
        LogStart = Offset.Min(LogStart, end);
        _uncommitted.Clear();
        _fetches.WakeAll(_effects);
    }

    /// <summary>A follower threw its log away, as its leader's starts behind the end of it.</summary>
    public void RestartedAt(Offset start)
    {
        Invariant.Holds(Role == ReplicaRole.Follower && start >= LogEnd);
        LogStart = LogEnd = HighWatermark = start;
        _uncommitted.Clear();
        _fetches.WakeAll(_effects);
    }
}

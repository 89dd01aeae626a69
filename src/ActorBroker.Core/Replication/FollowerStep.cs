using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

public enum FollowerStepKind : byte
{
    /// <summary>Append what came, tell <see cref="ReplicaState.Copied"/>, fetch on.</summary>
    Copy,

    /// <summary>Cut the log at <see cref="FollowerStep.Offset"/>, tell <see cref="ReplicaState.TruncatedTo"/>, fetch from there:
    /// the leader compares again.</summary>
    Truncate,

    /// <summary>Throw the log away and start at <see cref="FollowerStep.Offset"/>; tell
    /// <see cref="ReplicaState.RestartedAt"/>.</summary>
    Restart,

    /// <summary>Ask the leader where its log starts and ends, for <see cref="FollowerStep.OutOfRange"/>.</summary>
    FindRange,

    /// <summary>Fetch again, after a pause.</summary>
    Retry,

    /// <summary>Fetch nothing until the metadata says who leads in which term.</summary>
    AwaitMetadata,
}

/// <summary>What a follower does next (KIP-101, KIP-279, KIP-320, KIP-595).</summary>
public readonly record struct FollowerStep(FollowerStepKind Kind, Offset Offset)
{
    /// <summary>For an answer without divergence.</summary>
    public static FollowerStep For(ErrorCode error) => new(
        error switch
        {
            ErrorCode.None => FollowerStepKind.Copy,
            ErrorCode.OffsetOutOfRange => FollowerStepKind.FindRange,
            // The leader knows a later term than this follower, or does not lead.
            ErrorCode.FencedLeaderEpoch or ErrorCode.NotLeaderOrFollower or ErrorCode.UnknownTopicOrPartition
                or ErrorCode.UnknownTopicId or ErrorCode.InconsistentTopicId or ErrorCode.StaleBrokerEpoch =>
                FollowerStepKind.AwaitMetadata,
            // UnknownLeaderEpoch among them: the leader has not heard yet that it leads.
            _ => FollowerStepKind.Retry,
        },
        Offset.None);

    /// <summary>
    /// The leader says that the logs part: its records of <paramref name="leaderEpoch"/>, the largest that it has up to the one
    /// that was asked for, end at <paramref name="leaderEnd"/>.
    /// </summary>
    /// <param name="ownEpoch">The largest epoch up to <paramref name="leaderEpoch"/> that this log has; that one itself, with the
    /// start of the log as its end, if it only has later ones.</param>
    /// <param name="ownEnd">Where it ends here.</param>
    /// <remarks>Cutting at the high watermark instead would cut committed records: a follower's lags behind the
    /// leader's.</remarks>
    public static FollowerStep Diverged(
        Epoch leaderEpoch, Offset leaderEnd, Epoch ownEpoch, Offset ownEnd, Offset logStart, Offset logEnd, Offset highWatermark)
    {
        // A leader that can't say anything; nothing better is known than what this follower has seen committed.
        if (leaderEpoch.IsNone || leaderEnd.IsNone) return new(FollowerStepKind.Truncate, Offset.Min(highWatermark, logEnd));
        // No epoch is known here, so nothing can be compared. Cutting less could leave it as it is, and the two would ask and
        // answer the same for ever.
        if (ownEpoch.IsNone || ownEnd.IsNone) return new(FollowerStepKind.Truncate, logStart);
        // Of another, earlier epoch: what follows it here the leader does not have. It is asked again about that epoch.
        if (ownEpoch != leaderEpoch) return new(FollowerStepKind.Truncate, Offset.Min(ownEnd, logEnd));
        return new(FollowerStepKind.Truncate, Offset.Min(Offset.Min(leaderEnd, ownEnd), logEnd));
    }

    /// <summary>This log's end is not in the leader's log.</summary>
    public static FollowerStep OutOfRange(Offset leaderStart, Offset leaderEnd, Offset logEnd) =>
        logEnd > leaderEnd ? new(FollowerStepKind.Truncate, leaderEnd)
        : logEnd < leaderStart ? new(FollowerStepKind.Restart, leaderStart)
        : new(FollowerStepKind.Retry, Offset.None);

    /// <summary>
    /// The leader's side: do the logs part before <paramref name="from"/>, where the follower wants to go on?
    /// </summary>
    /// <param name="lastFetched">Epoch of the last record that the follower has; none: it has none.</param>
    /// <param name="foundEpoch">The largest epoch up to that one in the leader's log.</param>
    /// <param name="foundEnd">Where it ends there.</param>
    public static bool Diverges(Epoch lastFetched, Offset from, Epoch foundEpoch, Offset foundEnd) =>
        !lastFetched.IsNone && (foundEpoch < lastFetched || foundEnd < from);
}

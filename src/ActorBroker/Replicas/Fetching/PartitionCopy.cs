using ActorBroker.Core.Replication;
using ActorBroker.Journal.Epochs;
using ActorBroker.Protocol;
using Akka.Actor;

namespace ActorBroker.Replicas.Fetching;

/// <summary>
/// What the leader said of one partition, told to the replica that follows. The replica tells <see cref="Copied"/> to the fetcher
/// when it has done what the answer demands; until then the bytes are its own to read.
/// </summary>
internal sealed class PartitionCopy(FollowedPartition partition, FetchVerdict verdict, IActorRef fetcher)
{
    public FollowedPartition Partition { get; } = partition;

    public FetchVerdict Verdict { get; } = verdict;

    public IActorRef Fetcher { get; } = fetcher;

    /// <summary>Where the replica's log ended when the leader was asked.</summary>
    public Offset From { get; init; }

    /// <summary>Whole batches, or nothing.</summary>
    public ReadOnlyMemory<byte> Records { get; init; }

    public Offset HighWatermark { get; init; } = Offset.None;

    /// <summary>Of the leader's log.</summary>
    public Offset LogStart { get; init; } = Offset.None;

    /// <summary>For <see cref="FetchVerdict.Cut"/>: where an epoch ends in the leader's log.</summary>
    public EpochEnd Diverging { get; init; } = EpochEnd.Unknown;

    internal FetchedFrame? Frame { get; init; }
}

/// <param name="IsDone"><c>false</c>: the replica could not, or is none any more that follows in that term.</param>
/// <param name="Next">Where its log ends now.</param>
/// <param name="LastEpoch">Of its last record.</param>
internal sealed record Copied(PartitionCopy Copy, bool IsDone, Offset LogStart, Offset Next, Epoch LastEpoch);

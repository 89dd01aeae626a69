using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;

namespace ActorBroker.Kafka.Fetch;

/// <summary>One partition of a <see cref="PendingFetch"/>.</summary>
internal sealed class PartitionFetch(PendingFetch fetch, int index, LocalReplica? replica) : ReadRequest
{
    public LocalReplica? Replica { get; } = replica;

    /// <summary>
    /// Nothing is to be waited for: an error, an answer that is no records, or as many of them as there can be.
    /// </summary>
    public bool IsFinal => Error != ErrorCode.None || Diverging is not null || EndsEarly;

    /// <summary>The reader has heard all of it: it is not in the answer.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Where in the response's other bytes the records belong.</summary>
    public int RecordsAt { get; set; }

    public FetchResponse.PartitionHead ToHead() => new()
    {
        Index = index,
        ErrorCode = Error,
        HighWatermark = HighWatermark,
        LastStableOffset = LastStable,
        LogStartOffset = LogStart,
        PreferredReadReplica = Preferred,
        DivergingEpoch = Diverging is { } end ? new(end.Epoch, end.EndOffset) : null,
    };

    protected override void Answered() => fetch.PartAnswered();

    public override void Progress(long bytes) => fetch.Progress(bytes);
}

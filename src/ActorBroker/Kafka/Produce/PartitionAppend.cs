using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;

namespace ActorBroker.Kafka.Produce;

/// <summary>One partition of a <see cref="PendingProduce"/>.</summary>
internal sealed class PartitionAppend(PendingProduce request) : AppendRequest
{
    private const long NoTimestamp = -1;

    private int _index;

    /// <summary>The records at fault, where single ones are.</summary>
    public System.Collections.Immutable.ImmutableArray<RecordError> RecordErrors { get; set; }

    public void Start(int index)
    {
        Reset();
        _index = index;
        RecordErrors = default;
    }

    public ProduceResponse.Partition ToResponse() => new()
    {
        Index = _index,
        ErrorCode = Error,
        BaseOffset = BaseOffset,
        LogAppendTimeMs = Error == ErrorCode.None ? LogAppendTimeMs : NoTimestamp,
        LogStartOffset = LogStart,
        RecordErrors = RecordErrors.IsDefaultOrEmpty ? [] : ToResponse(RecordErrors),
        ErrorMessage = Message,
    };

    /// <summary>Lets go of the frame.</summary>
    public void End() => Batch = default;

    protected override void Answered() => request.PartAnswered();

    private static ProduceResponse.RecordError[] ToResponse(System.Collections.Immutable.ImmutableArray<RecordError> errors)
    {
        var response = new ProduceResponse.RecordError[errors.Length];
        for (var i = 0; i < response.Length; i++) response[i] = new(errors[i].Index, errors[i].Message);
        return response;
    }
}

using ActorBroker.Protocol;

namespace ActorBroker.Journal.Producers;

/// <summary>What to do with a client's batch.</summary>
/// <param name="Error"><see cref="ErrorCode.None"/>: append it, or answer as for <paramref name="Earlier"/>.</param>
/// <param name="IsDuplicate">The batch is in the log already: the answer has its offsets and no error.</param>
/// <param name="IsHole">Refused because what belongs before it is missing.</param>
/// <param name="Earlier">Of a duplicate, where it is; of a hole, the batch before it, at <see cref="Offset.None"/> if none is
/// known.</param>
public readonly record struct ProducerVerdict(ErrorCode Error, bool IsDuplicate, bool IsHole, ProducerBatch Earlier)
{
    public static readonly ProducerVerdict Append;

    public bool MayAppend => Error == ErrorCode.None && !IsDuplicate;

    public static ProducerVerdict Duplicate(in ProducerBatch earlier) => new(ErrorCode.None, true, false, earlier);

    public static ProducerVerdict HoleAfter(in ProducerBatch last) => new(ErrorCode.OutOfOrderSequenceNumber, false, true, last);

    public static ProducerVerdict Refuse(ErrorCode error) => new(error, false, false, default);
}

using ActorBroker.Protocol;

namespace ActorBroker.Journal.Producers;

/// <summary>What to do with a client's batch.</summary>
/// <param name="Error"><see cref="ErrorCode.None"/>: append it, or answer as for <paramref name="Earlier"/>.</param>
/// <param name="IsDuplicate">The batch is in the log already: the answer has its offsets and no error.</param>
/// <param name="Earlier">Where it is.</param>
public readonly record struct ProducerVerdict(ErrorCode Error, bool IsDuplicate, ProducerBatch Earlier)
{
    public static readonly ProducerVerdict Append;

    public bool MayAppend => Error == ErrorCode.None && !IsDuplicate;

    public static ProducerVerdict Duplicate(in ProducerBatch earlier) => new(ErrorCode.None, true, earlier);

    public static ProducerVerdict Refuse(ErrorCode error) => new(error, false, default);
}

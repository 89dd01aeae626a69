namespace ActorBroker.Protocol.Records;

/// <summary>
/// What a batch's header says besides its records. The defaults are those of a producer that is not idempotent.
/// </summary>
public sealed record RecordBatchOptions
{
    public static readonly RecordBatchOptions Default = new();

    public CompressionCodec Codec { get; init; }
    public TimestampType TimestampType { get; init; }
    public Offset BaseOffset { get; init; } = Offset.Zero;
    public Epoch LeaderEpoch { get; init; } = Epoch.None;
    public long ProducerId { get; init; } = -1;
    public short ProducerEpoch { get; init; } = -1;
    public int BaseSequence { get; init; } = -1;
    public bool IsTransactional { get; init; }
    public bool IsControl { get; init; }
}

namespace ActorBroker.Protocol.Records;

/// <summary>The 16 attribute bits of a batch. Bits 7-15 are unused.</summary>
public readonly record struct RecordBatchAttributes(short Bits)
{
    private const int CodecMask = 0b111;
    internal const int LogAppendTimeBit = 1 << 3;
    private const int TransactionalBit = 1 << 4;
    private const int ControlBit = 1 << 5;
    private const int DeleteHorizonBit = 1 << 6;

    /// <summary>May be a number that <see cref="CompressionCodec"/> does not name: bytes from outside.</summary>
    public CompressionCodec Codec => (CompressionCodec)(Bits & CodecMask);

    public TimestampType TimestampType => (Bits & LogAppendTimeBit) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    public bool IsTransactional => (Bits & TransactionalBit) != 0;

    /// <summary>Holds a marker for readers (end of a transaction), no user's records.</summary>
    public bool IsControl => (Bits & ControlBit) != 0;

    /// <summary>The base timestamp is the time at which compaction may drop the batch's tombstones (KIP-534).</summary>
    public bool HasDeleteHorizon => (Bits & DeleteHorizonBit) != 0;

    public RecordBatchAttributes With(CompressionCodec codec) => new((short)((Bits & ~CodecMask) | (int)codec));

    public static RecordBatchAttributes Of(
        CompressionCodec codec,
        TimestampType timestampType = TimestampType.CreateTime,
        bool transactional = false,
        bool control = false) =>
        new((short)((int)codec
            | (timestampType == TimestampType.LogAppendTime ? LogAppendTimeBit : 0)
            | (transactional ? TransactionalBit : 0)
            | (control ? ControlBit : 0)));
}

using System.Buffers.Binary;

namespace ActorBroker.Protocol.Records;

/// <summary>
/// The 61 bytes before a batch's records (record batch version 2, KIP-98). The fields are as the bytes say; only
/// <see cref="RecordBatchValidator"/> says whether they are plausible.
/// </summary>
public readonly record struct RecordBatchHeader
{
    public const int SizeBytes = 61;
    public const byte CurrentMagic = 2;

    /// <summary>Base offset and batch length: what is not counted in <see cref="LengthAfterPrefix"/>.</summary>
    public const int PrefixBytes = 12;

    internal const int LengthAt = 8;
    internal const int LeaderEpochAt = 12;
    internal const int MagicAt = 16;
    internal const int CrcAt = 17;

    /// <summary>The CRC covers everything from here on, so base offset and leader epoch change without it.</summary>
    internal const int AttributesAt = 21;

    /// <summary>For those who compute the CRC piece by piece.</summary>
    public const int CrcCoversFrom = AttributesAt;
    internal const int LastOffsetDeltaAt = 23;
    internal const int BaseTimestampAt = 27;
    internal const int MaxTimestampAt = 35;
    internal const int ProducerIdAt = 43;
    internal const int ProducerEpochAt = 51;
    internal const int BaseSequenceAt = 53;
    internal const int RecordCountAt = 57;

    public Offset BaseOffset { get; init; }

    /// <summary>Bytes of the batch that follow the length field itself.</summary>
    public int LengthAfterPrefix { get; init; }
    public Epoch LeaderEpoch { get; init; }
    public byte Magic { get; init; }
    public uint Crc { get; init; }
    public RecordBatchAttributes Attributes { get; init; }
    public int LastOffsetDelta { get; init; }

    /// <summary>The record timestamps' zero; the delete horizon where the attributes say so.</summary>
    public long BaseTimestampMs { get; init; }
    public long MaxTimestampMs { get; init; }

    /// <summary>-1: the producer is not idempotent.</summary>
    public long ProducerId { get; init; }
    public short ProducerEpoch { get; init; }
    public int BaseSequence { get; init; }
    public int RecordCount { get; init; }

    /// <summary>The whole batch's size. Long, as the length field may be any 32 bits.</summary>
    public long TotalBytes => PrefixBytes + (long)LengthAfterPrefix;

    public Offset LastOffset => BaseOffset + LastOffsetDelta;

    public Offset NextOffset => BaseOffset + LastOffsetDelta + 1;

    public bool HasProducerId => ProducerId >= 0;

    /// <summary>The last record's sequence; after 2147483647 comes 0.</summary>
    public int LastSequence => BaseSequence < 0 ? BaseSequence : (int)(((long)BaseSequence + LastOffsetDelta) & int.MaxValue);

    /// <summary>Reads the header, whatever it says.</summary>
    /// <returns><c>false</c>: fewer than 61 bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordBatchHeader header)
    {
        if (bytes.Length < SizeBytes)
        {
            header = default;
            return false;
        }
        bytes = bytes[..SizeBytes];
        header = new RecordBatchHeader
        {
            BaseOffset = new(BinaryPrimitives.ReadInt64BigEndian(bytes)),
            LengthAfterPrefix = BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]),
            LeaderEpoch = new(BinaryPrimitives.ReadInt32BigEndian(bytes[LeaderEpochAt..])),
            Magic = bytes[MagicAt],
            Crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcAt..]),
            Attributes = new(BinaryPrimitives.ReadInt16BigEndian(bytes[AttributesAt..])),
            LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(bytes[LastOffsetDeltaAt..]),
            BaseTimestampMs = BinaryPrimitives.ReadInt64BigEndian(bytes[BaseTimestampAt..]),
            MaxTimestampMs = BinaryPrimitives.ReadInt64BigEndian(bytes[MaxTimestampAt..]),
            ProducerId = BinaryPrimitives.ReadInt64BigEndian(bytes[ProducerIdAt..]),
            ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(bytes[ProducerEpochAt..]),
            BaseSequence = BinaryPrimitives.ReadInt32BigEndian(bytes[BaseSequenceAt..]),
            RecordCount = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordCountAt..]),
        };
        return true;
    }

    /// <summary>Writes the 61 bytes as the fields say, the CRC too.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes, BaseOffset.Value);
        BinaryPrimitives.WriteInt32BigEndian(bytes[LengthAt..], LengthAfterPrefix);
        BinaryPrimitives.WriteInt32BigEndian(bytes[LeaderEpochAt..], LeaderEpoch.Value);
        bytes[MagicAt] = Magic;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[CrcAt..], Crc);
        BinaryPrimitives.WriteInt16BigEndian(bytes[AttributesAt..], Attributes.Bits);
        BinaryPrimitives.WriteInt32BigEndian(bytes[LastOffsetDeltaAt..], LastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(bytes[BaseTimestampAt..], BaseTimestampMs);
        BinaryPrimitives.WriteInt64BigEndian(bytes[MaxTimestampAt..], MaxTimestampMs);
        BinaryPrimitives.WriteInt64BigEndian(bytes[ProducerIdAt..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(bytes[ProducerEpochAt..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(bytes[BaseSequenceAt..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(bytes[RecordCountAt..], RecordCount);
    }

    /// <summary>The CRC of a whole batch's bytes, as its header's CRC field should say.</summary>
    public static uint ComputeCrc(ReadOnlySpan<byte> batch) => Crc32C.Compute(batch[AttributesAt..]);
}

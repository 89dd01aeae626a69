using System.Buffers.Binary;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Journal.Producers;

/// <summary>One batch of a producer in a <c>.snapshot</c> file, with what is known of the producer.</summary>
/// <param name="LastSequence">-1 with <paramref name="LastOffset"/> -1: no batch of this epoch.</param>
/// <param name="OpenTransaction">First offset of its open transaction, or none.</param>
public readonly record struct ProducerSnapshotEntry(
    long ProducerId, short ProducerEpoch, int LastSequence, Offset LastOffset, int OffsetDelta, long TimestampMs,
    int CoordinatorEpoch,
    Offset OpenTransaction);

/// <summary>
/// The <c>.snapshot</c> file: version 1, CRC-32C of what follows, count, 46 bytes for each entry; big endian.
/// </summary>
public static class ProducerSnapshot
{
    private const short Version = 1;
    private const int CrcAt = 2;
    private const int BodyAt = 6;
    private const int EntriesAt = 10;
    private const int EntryBytes = 46;

    public static byte[] Write(IReadOnlyList<ProducerSnapshotEntry> entries)
    {
        var bytes = new byte[EntriesAt + entries.Count * EntryBytes];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(BodyAt), entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            var to = bytes.AsSpan(EntriesAt + i * EntryBytes, EntryBytes);
            BinaryPrimitives.WriteInt64BigEndian(to, entry.ProducerId);
            BinaryPrimitives.WriteInt16BigEndian(to[8..], entry.ProducerEpoch);
            BinaryPrimitives.WriteInt32BigEndian(to[10..], entry.LastSequence);
            BinaryPrimitives.WriteInt64BigEndian(to[14..], entry.LastOffset.Value);
            BinaryPrimitives.WriteInt32BigEndian(to[22..], entry.OffsetDelta);
            BinaryPrimitives.WriteInt64BigEndian(to[26..], entry.TimestampMs);
            BinaryPrimitives.WriteInt32BigEndian(to[34..], entry.CoordinatorEpoch);
            BinaryPrimitives.WriteInt64BigEndian(to[38..], entry.OpenTransaction.Value);
        }
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(CrcAt), Crc32C.Compute(bytes.AsSpan(BodyAt)));
        return bytes;
    }

    /// <returns><c>false</c>: torn, damaged, or of another version.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IReadOnlyList<ProducerSnapshotEntry> entries)
    {
        entries = [];
        if (bytes.Length < EntriesAt || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcAt..]) != Crc32C.Compute(bytes[BodyAt..])) return false;
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[BodyAt..]);
        if (count < 0 || bytes.Length - EntriesAt != (long)count * EntryBytes) return false;
        var read = new ProducerSnapshotEntry[count];
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.Slice(EntriesAt + i * EntryBytes, EntryBytes);
            read[i] = new(
                BinaryPrimitives.ReadInt64BigEndian(entry),
                BinaryPrimitives.ReadInt16BigEndian(entry[8..]),
                BinaryPrimitives.ReadInt32BigEndian(entry[10..]),
                new(BinaryPrimitives.ReadInt64BigEndian(entry[14..])),
                BinaryPrimitives.ReadInt32BigEndian(entry[22..]),
                BinaryPrimitives.ReadInt64BigEndian(entry[26..]),
                BinaryPrimitives.ReadInt32BigEndian(entry[34..]),
                new(BinaryPrimitives.ReadInt64BigEndian(entry[38..])));
        }
        entries = read;
        return true;
    }
}

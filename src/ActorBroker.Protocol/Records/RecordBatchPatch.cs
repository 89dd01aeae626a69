using System.Buffers.Binary;

namespace ActorBroker.Protocol.Records;

/// <summary>What a leader rewrites in a batch before it is appended, in place.</summary>
public static class RecordBatchPatch
{
    /// <summary>Gives the batch its offset and epoch. Both lie outside the CRC.</summary>
    public static void AssignOffset(Span<byte> batch, Offset baseOffset, Epoch leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset.Value);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.LeaderEpochAt..], leaderEpoch.Value);
    }

    /// <summary>
    /// Stamps the batch with the leader's time (LogAppendTime) and carries the CRC along, without reading the records.
    /// </summary>
    /// <param name="batch">The whole batch, its CRC checked.</param>
    public static void StampLogAppendTime(Span<byte> batch, long nowMs)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[RecordBatchHeader.AttributesAt..]);
        Rewrite(batch, (short)(attributes | RecordBatchAttributes.LogAppendTimeBit), nowMs);
    }

    /// <summary>Corrects the batch's maximum timestamp (CreateTime) and carries the CRC along.</summary>
    /// <param name="batch">The whole batch, its CRC checked.</param>
    public static void SetMaxTimestamp(Span<byte> batch, long maxTimestampMs)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[RecordBatchHeader.AttributesAt..]);
        Rewrite(batch, (short)(attributes & ~RecordBatchAttributes.LogAppendTimeBit), maxTimestampMs);
    }

    private static void Rewrite(Span<byte> batch, short attributes, long maxTimestampMs)
    {
        var changed = batch[RecordBatchHeader.AttributesAt..RecordBatchHeader.ProducerIdAt];
        Span<byte> difference = stackalloc byte[RecordBatchHeader.ProducerIdAt - RecordBatchHeader.AttributesAt];
        changed.CopyTo(difference);
        BinaryPrimitives.WriteInt16BigEndian(changed, attributes);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.MaxTimestampAt..], maxTimestampMs);
        for (var i = 0; i < difference.Length; i++) difference[i] ^= changed[i];
        var crc = batch[RecordBatchHeader.CrcAt..];
        BinaryPrimitives.WriteUInt32BigEndian(crc,
            Crc32C.Patch(BinaryPrimitives.ReadUInt32BigEndian(crc), difference, batch.Length - RecordBatchHeader.ProducerIdAt));
    }
}

using System.Buffers.Binary;

namespace ActorBroker.Protocol.Records;

/// <summary>What a control batch says (KIP-98).</summary>
public enum ControlRecordType : short
{
    Abort = 0,
    Commit = 1,
}

/// <summary>The one record of a transaction's end marker: its type, and the epoch of the coordinator that wrote it.</summary>
public readonly record struct ControlRecord(ControlRecordType Type, int CoordinatorEpoch)
{
    private const short Version = 0;

    /// <summary>A whole control batch for one partition, to be given its offset at the append.</summary>
    public byte[] ToBatch(long timestampMs, long producerId, short producerEpoch)
    {
        var key = new byte[4];
        BinaryPrimitives.WriteInt16BigEndian(key, Version);
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(2), (short)Type);
        var value = new byte[6];
        BinaryPrimitives.WriteInt16BigEndian(value, Version);
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(2), CoordinatorEpoch);
        using var builder = new RecordBatchBuilder(
            new() { ProducerId = producerId, ProducerEpoch = producerEpoch, IsTransactional = true, IsControl = true });
        builder.Append(timestampMs, key, value);
        return builder.Build();
    }

    /// <summary>Reads a control batch's record. Later versions may only add to its end.</summary>
    /// <returns><c>false</c>: not an end of transaction; readers skip what they do not know.</returns>
    public static bool TryRead(in RecordView record, out ControlRecord control)
    {
        control = default;
        if (record.Key.Length < 4 || record.Value.Length < 6) return false;
        var type = BinaryPrimitives.ReadInt16BigEndian(record.Key[2..]);
        if (type is not ((short)ControlRecordType.Abort or (short)ControlRecordType.Commit)) return false;
        control = new((ControlRecordType)type, BinaryPrimitives.ReadInt32BigEndian(record.Value[2..]));
        return true;
    }
}

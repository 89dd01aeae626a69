using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Groups.Records;

/// <summary>
/// Keys and values of <c>__consumer_offsets</c>, byte for byte Kafka's: both begin with an int16, the key's says what the
/// record is, the value's in which version. Null as value: the thing with that key is gone.
/// </summary>
/// <remarks>Read are key types 0 and 1 (offset) and 2 (classic group) with every version of their values; written the
/// versions that every Kafka since 2.1 reads. Other types belong to newer group protocols and are passed over.</remarks>
public static class OffsetsRecordCodec
{
    private const short OldestOffsetKey = 0;
    private const short OffsetKey = 1;
    private const short GroupKey = 2;

    /// <summary>The key, and the value or null.</summary>
    public static (byte[] Key, byte[]? Value) Write(OffsetsRecord record) => record switch
    {
        OffsetsRecord.OffsetCommitted(var group, var partition, var offset) =>
            (KeyOf(group, partition), Bytes(wire => OffsetValueCodec.Write(wire, offset))),
        OffsetsRecord.OffsetForgotten(var group, var partition) => (KeyOf(group, partition), null),
        OffsetsRecord.GroupStored(var group, var metadata) =>
            (KeyOf(group), Bytes(wire => GroupValueCodec.Write(wire, metadata))),
        OffsetsRecord.GroupForgotten(var group) => (KeyOf(group), null),
        _ => throw new ArgumentException($"No form for {record}.", nameof(record)),
    };

    /// <param name="value">Ignored without <paramref name="hasValue"/>.</param>
    /// <returns>Null for a key type that is not ours.</returns>
    /// <exception cref="WireException">The bytes are no record of this topic.</exception>
    public static OffsetsRecord? Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue)
    {
        var keys = new WireReader(key);
        var values = new WireReader(value);
        switch (keys.Int16())
        {
            case OldestOffsetKey or OffsetKey:
                var group = keys.String(flexible: false);
                var partition = new TopicPartition(keys.String(flexible: false), keys.Int32());
                return hasValue
                    ? new OffsetsRecord.OffsetCommitted(group, partition, OffsetValueCodec.Read(ref values))
                    : new OffsetsRecord.OffsetForgotten(group, partition);
            case GroupKey:
                group = keys.String(flexible: false);
                return hasValue
                    ? new OffsetsRecord.GroupStored(group, GroupValueCodec.Read(ref values))
                    : new OffsetsRecord.GroupForgotten(group);
            default:
                return null;
        }
    }

    private static byte[] KeyOf(string group, TopicPartition partition) => Bytes(wire =>
    {
        wire.Int16(OffsetKey);
        wire.String(group, flexible: false);
        wire.String(partition.Topic, flexible: false);
        wire.Int32(partition.Partition);
    });

    private static byte[] KeyOf(string group) => Bytes(wire =>
    {
        wire.Int16(GroupKey);
        wire.String(group, flexible: false);
    });

    private static byte[] Bytes(Action<WireWriter> write)
    {
        using var wire = new WireWriter(capacity: 256);
        write(wire);
        return wire.WrittenSpan.ToArray();
    }
}

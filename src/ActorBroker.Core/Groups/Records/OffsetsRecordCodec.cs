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
        OffsetsRecord.OffsetCommitted it => (KeyOf(it.Group, it.Partition), Bytes(wire => OffsetValueCodec.Write(wire, it.Offset))),
        OffsetsRecord.OffsetForgotten it => (KeyOf(it.Group, it.Partition), null),
        OffsetsRecord.GroupStored it => (KeyOf(it.Group), Bytes(wire => GroupValueCodec.Write(wire, it.Metadata))),
        OffsetsRecord.GroupForgotten it => (KeyOf(it.Group), null),
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
                var (group, partition) = (keys.String(flexible: false), new TopicPartition(keys.String(flexible: false), keys.Int32()));
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

using ActorBroker.Core.Groups.Assignors;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Consuming;

/// <summary>
/// What members of protocol type "consumer" tell each other through the coordinator, which does not look into it.
/// </summary>
internal static class ConsumerProtocol
{
    public const string ProtocolType = "consumer";

    /// <summary>
    /// Says which topics a member wants and what it had. Version 0, which every client reads; sticky's part is in the
    /// user data.
    /// </summary>
    public static byte[] WriteSubscription(
        IReadOnlyCollection<string> topics, IReadOnlyCollection<TopicPartition> owned, int generation)
    {
        using var userData = new WireWriter();
        WritePartitions(userData, owned);
        userData.Int32(generation);

        using var wire = new WireWriter();
        wire.Int16(0);
        wire.Strings([.. topics.Order(StringComparer.Ordinal)], flexible: false);
        wire.Bytes(userData.WrittenSpan, flexible: false);
        return wire.WrittenSpan.ToArray();
    }

    /// <summary>Reads a subscription of any version; what later versions add behind it is used where it is known.</summary>
    /// <exception cref="WireException">The bytes are none.</exception>
    public static MemberSubscription ReadSubscription(string memberId, string? instanceId, byte[] bytes)
    {
        var wire = new WireReader((ReadOnlyMemory<byte>)bytes);
        var version = wire.Int16();
        var topics = wire.Strings(flexible: false);
        var userData = wire.Memory(flexible: false);
        List<TopicPartition> owned = [];
        var generation = -1;
        if (version >= 1) owned = ReadPartitions(ref wire);
        if (version >= 2) generation = wire.Int32();
        if (owned.Count == 0 && userData is { Length: > 0 } sticky) (owned, generation) = ReadSticky(sticky);
        return new(memberId, instanceId, topics, owned, generation);
    }

    public static byte[] WriteAssignment(IReadOnlyCollection<TopicPartition> partitions)
    {
        using var wire = new WireWriter();
        wire.Int16(0);
        WritePartitions(wire, partitions);
        wire.BytesLength(-1, flexible: false);
        return wire.WrittenSpan.ToArray();
    }

    /// <exception cref="WireException">The bytes are none.</exception>
    public static List<TopicPartition> ReadAssignment(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return []; // Members for whom the leader said nothing.
        var wire = new WireReader(bytes);
        wire.Int16();
        return ReadPartitions(ref wire);
    }

    private static (List<TopicPartition> Owned, int Generation) ReadSticky(ReadOnlyMemory<byte> userData)
    {
        try
        {
            var wire = new WireReader(userData);
            var owned = ReadPartitions(ref wire);
            return (owned, wire.Remaining >= sizeof(int) ? wire.Int32() : -1);
        }
        catch (WireException)
        {
            return ([], -1); // Some other assignor's data.
        }
    }

    private static void WritePartitions(WireWriter wire, IReadOnlyCollection<TopicPartition> partitions)
    {
        var topics = partitions.GroupBy(p => p.Topic).ToList();
        wire.ArrayLength(topics.Count, flexible: false);
        foreach (var topic in topics)
        {
            wire.String(topic.Key, flexible: false);
            wire.Int32Array([.. topic.Select(p => p.Partition)], flexible: false);
        }
    }

    private static List<TopicPartition> ReadPartitions(ref WireReader wire)
    {
        var partitions = new List<TopicPartition>();
        for (var topics = wire.ArrayLength(flexible: false); topics > 0; topics--)
        {
            var topic = wire.String(flexible: false);
            foreach (var partition in wire.Int32Array(flexible: false)) partitions.Add(new(topic, partition));
        }
        return partitions;
    }
}

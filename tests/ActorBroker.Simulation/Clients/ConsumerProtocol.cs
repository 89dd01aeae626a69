using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Simulation.Clients;

/// <summary>What members of type "consumer" tell each other through JoinGroup and SyncGroup, version 0.</summary>
internal static class ConsumerProtocol
{
    public const string Type = "consumer";

    public static byte[] Subscription(string topic)
    {
        using var wire = new WireWriter();
        wire.Int16(0);
        wire.Strings([topic], flexible: false);
        wire.Bytes([], flexible: false);
        return wire.WrittenSpan.ToArray();
    }

    public static byte[] Assignment(string topic, int[] partitions)
    {
        using var wire = new WireWriter();
        wire.Int16(0);
        wire.ArrayLength(1, flexible: false);
        wire.String(topic, flexible: false);
        wire.Int32Array(partitions, flexible: false);
        wire.Bytes([], flexible: false);
        return wire.WrittenSpan.ToArray();
    }

    /// <summary>The partitions of an assignment; none, where the leader has forgotten a member.</summary>
    public static int[] Partitions(byte[] assignment)
    {
        if (assignment.Length == 0) return [];
        var wire = new WireReader(assignment);
        wire.Int16();
        var partitions = new List<int>();
        for (var topics = wire.ArrayLength(flexible: false); topics > 0; topics--)
        {
            wire.String(flexible: false);
            partitions.AddRange(wire.Int32Array(flexible: false));
        }
        return [.. partitions];
    }
}

using ActorBroker.Protocol.Partitioning;

namespace ActorBroker.Core.Groups;

/// <summary>Which partition of <c>__consumer_offsets</c> a group belongs to; that partition's leader coordinates it.</summary>
public static class GroupPartition
{
    /// <summary>As Kafka does it, so that a log written by Kafka is read right, and the reverse.</summary>
    public static int Of(string group, int partitions) => JavaStringHash.PartitionOf(group, partitions);
}

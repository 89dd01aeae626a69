namespace ActorBroker.Core.Groups;

/// <summary>Which partition of <c>__consumer_offsets</c> a group belongs to; that partition's leader coordinates it.</summary>
public static class GroupPartition
{
    /// <summary>Kafka's <c>Utils.abs(groupId.hashCode) % partitions</c>, with Java's hash of a string, so that a log written by
    /// Kafka is read right, and the reverse.</summary>
    public static int Of(string group, int partitions) => (JavaHash(group) & int.MaxValue) % partitions;

    private static int JavaHash(string text)
    {
        var hash = 0;
        foreach (var unit in text) hash = unchecked((31 * hash) + unit); // Over UTF-16 units, as Java's.
        return hash;
    }
}

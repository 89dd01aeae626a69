namespace ActorBroker.Protocol.Partitioning;

/// <summary>
/// Java's <c>String.hashCode</c>, by which Kafka places groups on <c>__consumer_offsets</c> and transactional ids on
/// <c>__transaction_state</c>.
/// </summary>
public static class JavaStringHash
{
    /// <summary>Over UTF-16 units, modulo 2^32.</summary>
    public static int Of(string text)
    {
        var hash = 0;
        foreach (var unit in text) hash = unchecked((31 * hash) + unit);
        return hash;
    }

    /// <summary>The partition, of so many, that <paramref name="text"/> belongs to.</summary>
    public static int PartitionOf(string text, int partitions)
    {
        // Kafka's Utils.abs: the absolute value, but 0 for the one number that has none. Not the sign bit cleared, as for keys.
        var hash = Of(text);
        return hash == int.MinValue ? 0 : Math.Abs(hash) % partitions;
    }
}

using System.Buffers.Binary;

namespace ActorBroker.Protocol.Partitioning;

/// <summary>
/// The 32-bit MurmurHash2 by which Java's producer, and those that follow it, choose the partition of a record with a key: the
/// same key goes to the same partition whichever client sends it.
/// </summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Mix = 0x5bd1e995;

    public static int Of(ReadOnlySpan<byte> key)
    {
        var hash = Seed ^ (uint)key.Length;
        for (; key.Length >= sizeof(uint); key = key[sizeof(uint)..])
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(key) * Mix;
            word ^= word >> 24;
            hash = (hash * Mix) ^ (word * Mix);
        }

        if (key.Length > 0)
        {
            for (var i = 0; i < key.Length; i++) hash ^= (uint)key[i] << (8 * i);
            hash *= Mix;
        }

        hash ^= hash >> 13;
        hash *= Mix;
        hash ^= hash >> 15;
        return (int)hash;
    }

    /// <summary>The partition, of so many, that records with this key belong to.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => (Of(key) & int.MaxValue) % partitions;
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ActorBroker.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Replicas;

/// <summary>
/// The replicas on this broker, found by topic and partition from any thread without an allocation. Replicas add and remove
/// themselves; whether one leads, it says itself when it is asked.
/// </summary>
internal sealed class LocalReplicas
{
    private readonly ConcurrentDictionary<string, LocalReplica?[]> _byName = new(TopicNameComparer.Instance);
    private readonly ConcurrentDictionary<TopicId, LocalReplica?[]> _byId = new();
    private readonly ConcurrentDictionary<string, LocalReplica?[]>.AlternateLookup<ReadOnlySpan<byte>> _byUtf8Name;

    private long _lost;

    public LocalReplicas() => _byUtf8Name = _byName.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Whether those that take themselves for leaders may be taken for that.</summary>
    public ServingLease Lease { get; init; } = ServingLease.Always;

    public IEnumerable<LocalReplica> All =>
        _byId.Values.SelectMany(static partitions => partitions).OfType<LocalReplica>();

    /// <summary>Records that replicas here had to cut after unclean elections, since the broker started.</summary>
    public long LostRecords => Volatile.Read(ref _lost);

    public void CountLost(long records) => Interlocked.Add(ref _lost, records);

    public bool TryFind(string topic, int partition, [NotNullWhen(true)] out LocalReplica? replica)
    {
        replica = null;
        return _byName.TryGetValue(topic, out var partitions) && TryGet(partitions, partition, out replica);
    }

    /// <param name="topicUtf8">The topic's name as it stands in a request.</param>
    public bool TryFind(ReadOnlySpan<byte> topicUtf8, int partition, [NotNullWhen(true)] out LocalReplica? replica)
    {
        replica = null;
        return _byUtf8Name.TryGetValue(topicUtf8, out var partitions) && TryGet(partitions, partition, out replica);
    }

    public bool TryFind(TopicId topic, int partition, [NotNullWhen(true)] out LocalReplica? replica)
    {
        replica = null;
        return _byId.TryGetValue(topic, out var partitions) && TryGet(partitions, partition, out replica);
    }

    public void Add(LocalReplica replica)
    {
        Set(_byName, replica.Partition.Topic, replica.Partition.Partition, replica, null);
        Set(_byId, replica.Topic, replica.Partition.Partition, replica, null);
    }

    /// <summary>Removes that replica, not another that has taken its place since.</summary>
    public void Remove(LocalReplica replica)
    {
        Set(_byName, replica.Partition.Topic, replica.Partition.Partition, null, replica);
        Set(_byId, replica.Topic, replica.Partition.Partition, null, replica);
    }

    private static bool TryGet(LocalReplica?[] partitions, int partition, [NotNullWhen(true)] out LocalReplica? replica)
    {
        replica = (uint)partition < (uint)partitions.Length ? partitions[partition] : null;
        return replica is not null;
    }

    /// <summary>
    /// Replaces a topic's array by one with the change; with <paramref name="expected"/> only where that stands there.
    /// </summary>
    private static void Set<TKey>(
        ConcurrentDictionary<TKey, LocalReplica?[]> table, TKey key, int partition, LocalReplica? replica, LocalReplica? expected)
        where TKey : notnull
    {
        while (true)
        {
            if (!table.TryGetValue(key, out var before))
            {
                if (replica is null) return;
                var first = new LocalReplica?[partition + 1];
                first[partition] = replica;
                if (table.TryAdd(key, first)) return;
                continue;
            }
            if (replica is null && (partition >= before.Length || before[partition] != expected)) return;
            var after = new LocalReplica?[Math.Max(before.Length, partition + 1)];
            before.CopyTo(after, 0);
            after[partition] = replica;
            if (Array.TrueForAll(after, static r => r is null) ? table.TryRemove(new(key, before)) : table.TryUpdate(key, after,
                before)) return;
        }
    }
}

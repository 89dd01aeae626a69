using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Partitioning;

namespace ActorBroker.Server.Clients.Producing;

/// <summary>Chooses the partition of a record that does not name one. Called under the producer's lock.</summary>
internal interface IPartitioner
{
    /// <returns>The index of one of the topic's partitions.</returns>
    int PartitionOf(MetadataResponse.Topic topic, ReadOnlySpan<byte> key, bool hasKey);

    /// <summary>A batch for this topic is full or on its way.</summary>
    void OnBatchClosed(string topic);
}

/// <summary>Keys by murmur2; records without one in turn over the partitions that have a leader.</summary>
internal sealed class RoundRobinPartitioner : IPartitioner
{
    private readonly Dictionary<string, uint> _turns = [];

    public int PartitionOf(MetadataResponse.Topic topic, ReadOnlySpan<byte> key, bool hasKey)
    {
        if (hasKey) return Murmur2.PartitionOf(key, topic.Partitions.Length);
        var turn = _turns.GetValueOrDefault(topic.Name!);
        _turns[topic.Name!] = turn + 1;
        var available = Array.FindAll(topic.Partitions, p => !p.LeaderId.IsNone);
        return available.Length == 0
            ? topic.Partitions[turn % topic.Partitions.Length].Index
            : available[turn % available.Length].Index;
    }

    public void OnBatchClosed(string topic)
    {
    }
}

/// <summary>Keys by murmur2; records without one to one partition until its batch closes, then to another (KIP-480).</summary>
internal sealed class StickyPartitioner(Random random) : IPartitioner
{
    private readonly Dictionary<string, int> _current = [];

    public int PartitionOf(MetadataResponse.Topic topic, ReadOnlySpan<byte> key, bool hasKey)
    {
        if (hasKey) return Murmur2.PartitionOf(key, topic.Partitions.Length);
        if (_current.TryGetValue(topic.Name!, out var current) && current < topic.Partitions.Length) return current;
        var available = Array.FindAll(topic.Partitions, p => !p.LeaderId.IsNone);
        var choice = available.Length == 0 ? topic.Partitions : available;
        return _current[topic.Name!] = choice[random.Next(choice.Length)].Index;
    }

    public void OnBatchClosed(string topic) => _current.Remove(topic);
}

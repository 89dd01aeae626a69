using System.Collections.Immutable;
using ActorBroker.Checker;
using ActorBroker.Protocol;

namespace ActorBroker.Simulation.Clients;

/// <summary>Writes down what clients did and saw.</summary>
internal sealed class Recorder
{
    private readonly List<ProduceAttempt> _produced = [];
    private readonly List<ConsumedRecord> _consumed = [];
    private readonly List<OffsetEvent> _commits = [];
    private ulong _hash = 14695981039346656037;

    /// <summary>The cluster is whole. Before, a group's first commit would make the offsets' topic on fewer brokers.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Nobody sends anything new any more.</summary>
    public bool IsEnding { get; set; }

    /// <summary>What no client should ever see.</summary>
    public List<string> Violations { get; } = [];

    public int ProducedCount => _produced.Count;

    public int AcknowledgedCount { get; private set; }

    public int ConsumedCount => _consumed.Count;

    public int CommitCount => _commits.Count;

    /// <summary>Stands for all that was written down.</summary>
    public ulong Hash => _hash;

    /// <returns>Its number, for <see cref="Acknowledged"/>.</returns>
    public int Sending(string key, string value)
    {
        _produced.Add(new(key, value, IsIdempotent: true, Acknowledged: null));
        return _produced.Count - 1;
    }

    public void Acknowledged(int attempt, TopicPartition partition, Offset offset)
    {
        AcknowledgedCount++;
        Mix(offset.Value);
        _produced[attempt] = _produced[attempt] with { Acknowledged = new(partition, offset) };
    }

    public void Consumed(string group, TopicPartition partition, Offset offset, string? value)
    {
        Mix(offset.Value);
        _consumed.Add(new(group, partition, offset, value));
    }

    public void Offset(string group, TopicPartition partition, Offset offset, TimeSpan started, TimeSpan ended)
    {
        Mix(offset.Value);
        _commits.Add(new(group, partition, offset, started.Ticks, ended.Ticks));
    }

    public History History(IEnumerable<ReplicaLog> logs, IEnumerable<InSyncReplicas> inSync) =>
        new([.. _produced], [.. _consumed], [.. _commits], [.. logs], [.. inSync]);

    private void Mix(long value) => _hash = (_hash ^ (ulong)value) * 1099511628211;
}

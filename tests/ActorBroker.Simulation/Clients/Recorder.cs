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
    private readonly List<PlannedAssignment> _planned = [];
    private readonly List<ToldAssignment> _told = [];
    private readonly Dictionary<TopicPartition, Offset> _acknowledgedEnds = [];
    private readonly Dictionary<(string Group, TopicPartition Partition), Offset> _committed = [];
    private readonly Dictionary<TopicPartition, Offset> _deleted = [];
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

    /// <summary>How many records were read from followers.</summary>
    public int FollowerReads { get; set; }

    /// <summary>How many generations of groups were told what to read.</summary>
    public int GenerationCount => _told.Select(t => (t.Group, t.Generation)).Distinct().Count();

    /// <summary>Stands for all that was written down.</summary>
    public ulong Hash => _hash;

    /// <returns>Its number, for <see cref="Acknowledged"/>.</returns>
    public int Sending(string key, string value, bool isIdempotent = true)
    {
        _produced.Add(new(key, value, isIdempotent, Acknowledged: null));
        return _produced.Count - 1;
    }

    public void Acknowledged(int attempt, TopicPartition partition, Offset offset)
    {
        AcknowledgedCount++;
        Mix(offset.Value);
        _produced[attempt] = _produced[attempt] with { Acknowledged = new(partition, offset) };
        if (!offset.IsNone)
            _acknowledgedEnds[partition] = Protocol.Offset.Max(_acknowledgedEnds.GetValueOrDefault(partition), offset + 1);
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
        _committed[(group, partition)] = Protocol.Offset.Max(_committed.GetValueOrDefault((group, partition)), offset);
    }

    public void Planned(PlannedAssignment plan) => _planned.Add(plan);

    public void Told(ToldAssignment told)
    {
        Mix(told.Generation);
        _told.Add(told);
    }

    /// <summary>The offset behind the last record that was acknowledged.</summary>
    public Offset AcknowledgedEnd(TopicPartition partition) => _acknowledgedEnds.GetValueOrDefault(partition);

    public void Deleting(TopicPartition partition, Offset before) =>
        _deleted[partition] = Protocol.Offset.Max(DeletedBefore(partition), before);

    /// <summary>Records below may have been deleted, as an administrator has asked for.</summary>
    public Offset DeletedBefore(TopicPartition partition) => _deleted.GetValueOrDefault(partition);

    /// <summary>The highest offset that was committed; zero: none.</summary>
    public Offset Committed(string group, TopicPartition partition) => _committed.GetValueOrDefault((group, partition));

    /// <summary>The group has committed that it is behind all that was acknowledged.</summary>
    public bool IsAtEnd(string group, string topic) =>
        _acknowledgedEnds.All(end => end.Key.Topic != topic || Committed(group, end.Key) >= end.Value);

    public History History(IEnumerable<ReplicaLog> logs, IEnumerable<InSyncReplicas> inSync) =>
        new([.. _produced], [.. _consumed], [.. _commits], [.. logs], [.. inSync]) { Planned = [.. _planned], Told = [.. _told] };

    private void Mix(long value) => _hash = (_hash ^ (ulong)value) * 1099511628211;
}

using System.Collections.Immutable;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>The offsets that a group has committed, and in which partitions a commit is on its way to the log.</summary>
internal sealed class GroupOffsets
{
    private readonly Dictionary<TopicPartition, CommittedOffset> _committed = [];
    private readonly Dictionary<TopicPartition, int> _inFlight = [];

    public IReadOnlyDictionary<TopicPartition, CommittedOffset> Committed => _committed;

    public bool IsEmpty => _committed.Count == 0 && _inFlight.Count == 0;

    /// <summary>Every partition that the log may hold an offset of.</summary>
    public IEnumerable<TopicPartition> Partitions => _committed.Keys.Union(_inFlight.Keys);

    public bool Has(TopicPartition partition) => _committed.ContainsKey(partition) || _inFlight.ContainsKey(partition);

    public bool IsInFlight(TopicPartition partition) => _inFlight.ContainsKey(partition);

    public void Restore(TopicPartition partition, CommittedOffset offset) => _committed[partition] = offset;

    public void Begin(IEnumerable<OffsetsRecord.OffsetCommitted> commits)
    {
        foreach (var commit in commits) _inFlight[commit.Partition] = _inFlight.GetValueOrDefault(commit.Partition) + 1;
    }

    public void End(ImmutableArray<OffsetsRecord.OffsetCommitted> commits, bool stored)
    {
        foreach (var commit in commits)
        {
            if (_inFlight[commit.Partition] == 1) _inFlight.Remove(commit.Partition);
            else _inFlight[commit.Partition]--;
            if (stored) _committed[commit.Partition] = commit.Offset;
        }
    }

    public void Forget(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions) _committed.Remove(partition);
    }
}

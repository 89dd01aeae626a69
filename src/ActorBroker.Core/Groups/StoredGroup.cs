using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups;

/// <summary>What the log says of one group: its last record and its last offsets.</summary>
public sealed class StoredGroup(string group)
{
    private readonly Dictionary<TopicPartition, CommittedOffset> _offsets = [];

    public string Group { get; } = group;

    /// <summary>Null for a group that never had members: only offsets were committed.</summary>
    public GroupMetadata? Metadata { get; private set; }

    public IReadOnlyDictionary<TopicPartition, CommittedOffset> Offsets => _offsets;

    public bool IsNothing => Metadata is null && _offsets.Count == 0;

    /// <summary>Takes the next record of this group, in the order of the log.</summary>
    public void Apply(OffsetsRecord record)
    {
        switch (record)
        {
            case OffsetsRecord.OffsetCommitted committed: _offsets[committed.Partition] = committed.Offset; break;
            case OffsetsRecord.OffsetForgotten forgotten: _offsets.Remove(forgotten.Partition); break;
            case OffsetsRecord.GroupStored stored: Metadata = stored.Metadata; break;
            case OffsetsRecord.GroupForgotten: Metadata = null; break;
        }
    }
}

using ActorBroker.Core.Groups.Records;

namespace ActorBroker.Core.Groups;

/// <summary>Reads a partition of <c>__consumer_offsets</c> from its start, and knows what of it still counts.</summary>
public sealed class StoredGroups
{
    private readonly Dictionary<string, StoredGroup> _groups = [];

    public IReadOnlyCollection<StoredGroup> Groups => _groups.Values;

    public void Apply(OffsetsRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!_groups.TryGetValue(record.Group, out var group)) _groups.Add(record.Group, group = new StoredGroup(record.Group));
        group.Apply(record);
        if (group.IsNothing) _groups.Remove(record.Group);
    }
}

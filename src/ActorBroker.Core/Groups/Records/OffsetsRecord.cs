using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Groups.Records;

/// <summary>A record of <c>__consumer_offsets</c>: what a group must find again after a restart.</summary>
public abstract record OffsetsRecord(string Group)
{
    /// <summary>The offset that a group committed in one partition.</summary>
    public sealed record OffsetCommitted(string Group, TopicPartition Partition, CommittedOffset Offset) : OffsetsRecord(Group);

    /// <summary>Tombstone of <see cref="OffsetCommitted"/>.</summary>
    public sealed record OffsetForgotten(string Group, TopicPartition Partition) : OffsetsRecord(Group);

    /// <summary>Who the members of a generation are, and what they were assigned.</summary>
    public sealed record GroupStored(string Group, GroupMetadata Metadata) : OffsetsRecord(Group);

    /// <summary>Tombstone of <see cref="GroupStored"/>.</summary>
    public sealed record GroupForgotten(string Group) : OffsetsRecord(Group);
}

/// <param name="ExpiresAt">Explicit end of life (OffsetCommit v2-v4); null: as the broker's retention says.</param>
public sealed record CommittedOffset(Offset Offset, Epoch LeaderEpoch, string Metadata, DateTimeOffset CommittedAt,
    DateTimeOffset? ExpiresAt = null);

/// <param name="ProtocolType">Empty for a group that never had members.</param>
/// <param name="StateChangedAt">When the group entered its state; null in records of version 0 and 1.</param>
public sealed record GroupMetadata(string ProtocolType, int Generation, string? Protocol, string? Leader,
    DateTimeOffset? StateChangedAt, ImmutableArray<StoredMember> Members);

public sealed record StoredMember(string MemberId, string? InstanceId, string ClientId, string ClientHost,
    TimeSpan RebalanceTimeout, TimeSpan SessionTimeout, ReadOnlyMemory<byte> Subscription, ReadOnlyMemory<byte> Assignment);

namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// OffsetCommit: key 8, versions 2-9. v5 drops the retention time, v6 adds the leader epoch (KIP-320), v7 the instance id
/// (KIP-345), v8 is flexible. Not yet: v10, which names topics by id.
/// </summary>
public sealed record OffsetCommitRequest : IRequest<OffsetCommitRequest, OffsetCommitResponse>
{
    public static ApiKey Key => ApiKey.OffsetCommit;

    public required string GroupId { get; init; }

    /// <summary>-1 from a client that uses the group for its offsets only.</summary>
    public int GenerationIdOrMemberEpoch { get; init; } = -1;

    public string MemberId { get; init; } = "";

    public string? GroupInstanceId { get; init; }

    /// <summary>v2-v4: how long the offsets are kept; -1: as the broker is configured.</summary>
    public long RetentionTimeMs { get; init; } = -1;

    public Topic[] Topics { get; init; } = [];

    public static OffsetCommitRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 8;
        var request = new OffsetCommitRequest
        {
            GroupId = wire.String(flexible),
            GenerationIdOrMemberEpoch = wire.Int32(),
            MemberId = wire.String(flexible),
            GroupInstanceId = version >= 7 ? wire.NullableString(flexible) : null,
            RetentionTimeMs = version <= 4 ? wire.Int64() : -1,
            Topics = wire.Array<Topic>(flexible, version),
        };
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 8;
        wire.String(GroupId, flexible);
        wire.Int32(GenerationIdOrMemberEpoch);
        wire.String(MemberId, flexible);
        if (version >= 7) wire.NullableString(GroupInstanceId, flexible);
        if (version <= 4) wire.Int64(RetentionTimeMs);
        wire.Array(Topics, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 8;
            var topic = new Topic(wire.String(flexible), wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 8;
            wire.String(Name, flexible);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    public readonly record struct Partition(
        int Index, Offset CommittedOffset, Epoch CommittedLeaderEpoch, string? CommittedMetadata)
        : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var flexible = version >= 8;
            var partition = new Partition(
                Index: wire.Int32(),
                CommittedOffset: wire.Offset(),
                CommittedLeaderEpoch: version >= 6 ? wire.Epoch() : Epoch.None,
                CommittedMetadata: wire.NullableString(flexible));
            if (flexible) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 8;
            wire.Int32(Index);
            wire.Offset(CommittedOffset);
            if (version >= 6) wire.Epoch(CommittedLeaderEpoch);
            wire.NullableString(CommittedMetadata, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>OffsetCommit: key 8, versions 2-9. v3 adds the throttle time, v8 is flexible.</summary>
public sealed record OffsetCommitResponse(OffsetCommitResponse.Topic[] Topics, int ThrottleTimeMs = 0)
    : IWireValue<OffsetCommitResponse>
{
    public static OffsetCommitResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 8;
        var throttle = version >= 3 ? wire.Int32() : 0;
        var response = new OffsetCommitResponse(wire.Array<Topic>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 8;
        if (version >= 3) wire.Int32(ThrottleTimeMs);
        wire.Array(Topics, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 8;
            var topic = new Topic(wire.String(flexible), wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 8;
            wire.String(Name, flexible);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    public readonly record struct Partition(int Index, ErrorCode ErrorCode) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var partition = new Partition(wire.Int32(), wire.ErrorCode());
            if (version >= 8) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            wire.ErrorCode(ErrorCode);
            if (version >= 8) wire.NoTags();
        }
    }
}

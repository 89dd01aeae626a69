namespace ActorBroker.Protocol.Kafka;

/// <summary>OffsetForLeaderEpoch: key 23, versions 2-4. v3 adds the replica id (KIP-392), v4 is flexible.</summary>
public sealed record OffsetForLeaderEpochRequest : IRequest<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>
{
    /// <summary>Replica id of an asker that gives none: up to v2 it may be a consumer or a follower.</summary>
    public static readonly BrokerId Unsaid = new(-2);

    public static ApiKey Key => ApiKey.OffsetForLeaderEpoch;

    public BrokerId ReplicaId { get; init; } = Unsaid;

    public Topic[] Topics { get; init; } = [];

    public static OffsetForLeaderEpochRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var request = new OffsetForLeaderEpochRequest
        {
            ReplicaId = version >= 3 ? wire.BrokerId() : Unsaid,
            Topics = wire.Array<Topic>(flexible, version),
        };
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 4;
        if (version >= 3) wire.BrokerId(ReplicaId);
        wire.Array(Topics, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 4;
            var topic = new Topic(wire.String(flexible), wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 4;
            wire.String(Name, flexible);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    /// <param name="CurrentLeaderEpoch">What the asker thinks the epoch is now; none: don't check.</param>
    /// <param name="LeaderEpoch">The epoch whose end is asked for.</param>
    public readonly record struct Partition(int Index, Epoch CurrentLeaderEpoch, Epoch LeaderEpoch) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var partition = new Partition(wire.Int32(), wire.Epoch(), wire.Epoch());
            if (version >= 4) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            wire.Epoch(CurrentLeaderEpoch);
            wire.Epoch(LeaderEpoch);
            if (version >= 4) wire.NoTags();
        }
    }
}

/// <summary>OffsetForLeaderEpoch: key 23, versions 2-4. v4 is flexible.</summary>
public sealed record OffsetForLeaderEpochResponse(OffsetForLeaderEpochResponse.Topic[] Topics, int ThrottleTimeMs = 0)
    : IWireValue<OffsetForLeaderEpochResponse>
{
    public static OffsetForLeaderEpochResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var throttle = wire.Int32();
        var response = new OffsetForLeaderEpochResponse(wire.Array<Topic>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 4;
        wire.Int32(ThrottleTimeMs);
        wire.Array(Topics, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 4;
            var topic = new Topic(wire.String(flexible), wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 4;
            wire.String(Name, flexible);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    /// <param name="LeaderEpoch">
    /// The highest known epoch that is not above the one asked for; none where there is no such.
    /// </param>
    /// <param name="EndOffset">Where it ends.</param>
    public readonly record struct Partition(ErrorCode ErrorCode, int Index, Epoch LeaderEpoch, Offset EndOffset)
        : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var partition = new Partition(wire.ErrorCode(), wire.Int32(), wire.Epoch(), wire.Offset());
            if (version >= 4) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.ErrorCode(ErrorCode);
            wire.Int32(Index);
            wire.Epoch(LeaderEpoch);
            wire.Offset(EndOffset);
            if (version >= 4) wire.NoTags();
        }
    }
}

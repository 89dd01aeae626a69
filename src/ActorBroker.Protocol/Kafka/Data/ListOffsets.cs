namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// ListOffsets: key 2, versions 1-11. v2 adds the isolation level, v4 the leader epoch (KIP-320), v6 is flexible, v7 asks for
/// the highest timestamp (KIP-734), v8 and v9 for tiered offsets (KIP-405, KIP-1005), v10 adds a timeout (KIP-1075), v11 asks
/// for the earliest offset not yet in the remote tier.
/// </summary>
public sealed record ListOffsetsRequest : IRequest<ListOffsetsRequest, ListOffsetsResponse>
{
    /// <summary>In place of a timestamp: the end, which is the last stable offset for a reader of committed records.</summary>
    public const long LatestTimestamp = -1;

    /// <summary>In place of a timestamp: the log start.</summary>
    public const long EarliestTimestamp = -2;

    /// <summary>In place of a timestamp: the record with the highest one (v7).</summary>
    public const long MaxTimestamp = -3;

    /// <summary>In place of a timestamp: the start of what lies on the broker's own disks (v8).</summary>
    public const long EarliestLocalTimestamp = -4;

    /// <summary>In place of a timestamp: the end of what lies in the remote tier (v9).</summary>
    public const long LatestTieredTimestamp = -5;

    /// <summary>In place of a timestamp: the start of what is still to be copied to the remote tier (v11).</summary>
    public const long EarliestPendingUploadTimestamp = -6;

    public static ApiKey Key => ApiKey.ListOffsets;

    /// <summary>The follower that asks; none for a consumer.</summary>
    public BrokerId ReplicaId { get; init; } = BrokerId.None;

    public IsolationLevel IsolationLevel { get; init; }

    public Topic[] Topics { get; init; } = [];

    public int TimeoutMs { get; init; }

    public static ListOffsetsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 6;
        var request = new ListOffsetsRequest
        {
            ReplicaId = wire.BrokerId(),
            IsolationLevel = version >= 2 ? (IsolationLevel)wire.Int8() : IsolationLevel.ReadUncommitted,
            Topics = wire.Array<Topic>(flexible, version),
            TimeoutMs = version >= 10 ? wire.Int32() : 0,
        };
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 6;
        wire.BrokerId(ReplicaId);
        if (version >= 2) wire.Int8((sbyte)IsolationLevel);
        wire.Array(Topics, flexible, version);
        if (version >= 10) wire.Int32(TimeoutMs);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 6;
            var topic = new Topic(wire.String(flexible), wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 6;
            wire.String(Name, flexible);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    /// <param name="Timestamp">Milliseconds since 1970, or one of the negative constants of the request.</param>
    public readonly record struct Partition(int Index, Epoch CurrentLeaderEpoch, long Timestamp) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var partition = new Partition(
                Index: wire.Int32(),
                CurrentLeaderEpoch: version >= 4 ? wire.Epoch() : Epoch.None,
                Timestamp: wire.Int64());
            if (version >= 6) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            if (version >= 4) wire.Epoch(CurrentLeaderEpoch);
            wire.Int64(Timestamp);
            if (version >= 6) wire.NoTags();
        }
    }
}

/// <summary>ListOffsets: key 2, versions 1-11. v2 adds the throttle time, v4 the leader epoch, v6 is flexible.</summary>
public sealed record ListOffsetsResponse(ListOffsetsResponse.Topic[] Topics, int ThrottleTimeMs = 0)
    : IWireValue<ListOffsetsResponse>
{
    public static ListOffsetsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 6;
        var throttle = version >= 2 ? wire.Int32() : 0;
        var response = new ListOffsetsResponse(wire.Array<Topic>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 6;
        if (version >= 2) wire.Int32(ThrottleTimeMs);
        wire.Array(Topics, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 6;
            var topic = new Topic(wire.String(flexible), wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 6;
            wire.String(Name, flexible);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    /// <param name="Timestamp">Of the record at <paramref name="Offset"/>; -1 where no timestamp was asked for or found.</param>
    public readonly record struct Partition(int Index, ErrorCode ErrorCode, long Timestamp, Offset Offset, Epoch LeaderEpoch)
        : IWireValue<Partition>
    {
        /// <summary>The answer where there is no such offset, or an error.</summary>
        public static Partition None(int index, ErrorCode error = ErrorCode.None) =>
            new(index, error, -1, Offset.None, Epoch.None);

        public static Partition Read(ref WireReader wire, short version)
        {
            var partition = new Partition(
                Index: wire.Int32(),
                ErrorCode: wire.ErrorCode(),
                Timestamp: wire.Int64(),
                Offset: wire.Offset(),
                LeaderEpoch: version >= 4 ? wire.Epoch() : Epoch.None);
            if (version >= 6) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            wire.ErrorCode(ErrorCode);
            wire.Int64(Timestamp);
            wire.Offset(Offset);
            if (version >= 4) wire.Epoch(LeaderEpoch);
            if (version >= 6) wire.NoTags();
        }
    }
}

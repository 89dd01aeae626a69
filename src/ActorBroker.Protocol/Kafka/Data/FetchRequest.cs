namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// Fetch: key 1, versions 4-18. v5 adds the follower's log start, v7 sessions (KIP-227), v9 leader epochs (KIP-320), v11 the
/// rack (KIP-392), v12 is flexible and adds the last fetched epoch (KIP-595), v13 names topics by id, v15 moves the replica
/// into a tagged field and adds its epoch (KIP-903), v17 the follower's directory (KIP-853), v18 its high watermark (KIP-1166).
/// </summary>
public sealed record FetchRequest : IRequest<FetchRequest, FetchResponse>
{
    public static ApiKey Key => ApiKey.Fetch;

    public string? ClusterId { get; init; }

    /// <summary>The follower that asks; none for a consumer. From v15 on in <c>ReplicaState</c>.</summary>
    public BrokerId ReplicaId { get; init; } = BrokerId.None;

    /// <summary>From v15 on: the follower's broker epoch.</summary>
    public long ReplicaEpoch { get; init; } = -1;

    public int MaxWaitMs { get; init; }

    public int MinBytes { get; init; }

    public int MaxBytes { get; init; } = int.MaxValue;

    public IsolationLevel IsolationLevel { get; init; }

    public int SessionId { get; init; }

    /// <summary>-1: this fetch is not part of a session.</summary>
    public int SessionEpoch { get; init; } = -1;

    public Topic[] Topics { get; init; } = [];

    public ForgottenTopic[] ForgottenTopicsData { get; init; } = [];

    public string RackId { get; init; } = "";

    public static FetchRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 12;
        var request = new FetchRequest
        {
            ReplicaId = version <= 14 ? wire.BrokerId() : BrokerId.None,
            MaxWaitMs = wire.Int32(),
            MinBytes = wire.Int32(),
            MaxBytes = wire.Int32(),
            IsolationLevel = (IsolationLevel)wire.Int8(),
            SessionId = version >= 7 ? wire.Int32() : 0,
            SessionEpoch = version >= 7 ? wire.Int32() : -1,
            Topics = wire.Array<Topic>(flexible, version),
            ForgottenTopicsData = version >= 7 ? wire.Array<ForgottenTopic>(flexible, version) : [],
            RackId = version >= 11 ? wire.String(flexible) : "",
        };
        if (!flexible) return request;

        var tags = wire.Tags();
        while (wire.Next(ref tags))
        {
            if (tags.Number == 0) request = request with { ClusterId = wire.NullableString(flexible) };
            else if (tags.Number == 1 && version >= 15) request = request.WithReplicaState(ref wire);
        }

        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 12;
        if (version <= 14) wire.BrokerId(ReplicaId);
        wire.Int32(MaxWaitMs);
        wire.Int32(MinBytes);
        wire.Int32(MaxBytes);
        wire.Int8((sbyte)IsolationLevel);
        if (version >= 7) wire.Int32(SessionId);
        if (version >= 7) wire.Int32(SessionEpoch);
        wire.Array(Topics, flexible, version);
        if (version >= 7) wire.Array(ForgottenTopicsData, flexible, version);
        if (version >= 11) wire.String(RackId, flexible);
        if (flexible) WriteTags(wire, version);
    }

    private FetchRequest WithReplicaState(ref WireReader wire)
    {
        var request = this with { ReplicaId = wire.BrokerId(), ReplicaEpoch = wire.Int64() };
        wire.SkipTags();
        return request;
    }

    private void WriteTags(WireWriter wire, short version)
    {
        var hasReplicaState = version >= 15 && (!ReplicaId.IsNone || ReplicaEpoch != -1);
        wire.TagCount((ClusterId is null ? 0 : 1) + (hasReplicaState ? 1 : 0));
        if (ClusterId is not null)
        {
            var tag = wire.BeginTag(0);
            wire.String(ClusterId, flexible: true);
            wire.EndTag(tag);
        }

        if (hasReplicaState)
        {
            var tag = wire.BeginTag(1);
            wire.BrokerId(ReplicaId);
            wire.Int64(ReplicaEpoch);
            wire.NoTags();
            wire.EndTag(tag);
        }
    }

    /// <param name="Name">Empty from v13 on.</param>
    /// <param name="TopicId">From v13 on.</param>
    public readonly record struct Topic(string Name, TopicId TopicId, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 12;
            var topic = new Topic(
                Name: version <= 12 ? wire.String(flexible) : "",
                TopicId: version >= 13 ? wire.TopicId() : TopicId.None,
                Partitions: wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 12;
            if (version <= 12) wire.String(Name, flexible);
            else wire.TopicId(TopicId);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    public readonly record struct Partition() : IWireValue<Partition>
    {
        /// <summary>What <see cref="HighWatermark"/> is for a fetcher that knows nothing of KIP-1166.</summary>
        private const long NoHighWatermark = long.MaxValue;

        public int Index { get; init; }

        public Epoch CurrentLeaderEpoch { get; init; } = Epoch.None;

        public Offset FetchOffset { get; init; }

        public Epoch LastFetchedEpoch { get; init; } = Epoch.None;

        /// <summary>Of the follower that asks; none for a consumer.</summary>
        public Offset LogStartOffset { get; init; } = Offset.None;

        public int PartitionMaxBytes { get; init; }

        public TopicId ReplicaDirectoryId { get; init; }

        public Offset HighWatermark { get; init; } = new(NoHighWatermark);

        public static Partition Read(ref WireReader wire, short version)
        {
            var partition = new Partition
            {
                Index = wire.Int32(),
                CurrentLeaderEpoch = version >= 9 ? wire.Epoch() : Epoch.None,
                FetchOffset = wire.Offset(),
                LastFetchedEpoch = version >= 12 ? wire.Epoch() : Epoch.None,
                LogStartOffset = version >= 5 ? wire.Offset() : Offset.None,
                PartitionMaxBytes = wire.Int32(),
            };
            if (version < 12) return partition;

            var tags = wire.Tags();
            while (wire.Next(ref tags))
            {
                if (tags.Number == 0 && version >= 17) partition = partition with { ReplicaDirectoryId = wire.TopicId() };
                else if (tags.Number == 1 && version >= 18) partition = partition with { HighWatermark = wire.Offset() };
            }

            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            if (version >= 9) wire.Epoch(CurrentLeaderEpoch);
            wire.Offset(FetchOffset);
            if (version >= 12) wire.Epoch(LastFetchedEpoch);
            if (version >= 5) wire.Offset(LogStartOffset);
            wire.Int32(PartitionMaxBytes);
            if (version >= 12) WriteTags(wire, version);
        }

        private void WriteTags(WireWriter wire, short version)
        {
            var hasDirectory = version >= 17 && !ReplicaDirectoryId.IsNone;
            var hasHighWatermark = version >= 18 && HighWatermark.Value != NoHighWatermark;
            wire.TagCount((hasDirectory ? 1 : 0) + (hasHighWatermark ? 1 : 0));
            if (hasDirectory)
            {
                var tag = wire.BeginTag(0);
                wire.TopicId(ReplicaDirectoryId);
                wire.EndTag(tag);
            }

            if (hasHighWatermark)
            {
                var tag = wire.BeginTag(1);
                wire.Offset(HighWatermark);
                wire.EndTag(tag);
            }
        }
    }

    /// <summary>Partitions that leave the session.</summary>
    public readonly record struct ForgottenTopic(string Name, TopicId TopicId, int[] Partitions) : IWireValue<ForgottenTopic>
    {
        public static ForgottenTopic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 12;
            var topic = new ForgottenTopic(
                Name: version <= 12 ? wire.String(flexible) : "",
                TopicId: version >= 13 ? wire.TopicId() : TopicId.None,
                Partitions: wire.Int32Array(flexible));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 12;
            if (version <= 12) wire.String(Name, flexible);
            else wire.TopicId(TopicId);
            wire.Int32Array(Partitions, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

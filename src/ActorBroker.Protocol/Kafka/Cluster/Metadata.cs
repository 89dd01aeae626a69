namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// Metadata: key 3, versions 0-13. v4 adds the switch for auto-creation, v8 authorized operations, v9 is flexible, v10 adds
/// topic ids (used as a key from v12 on).
/// </summary>
public sealed record MetadataRequest : IRequest<MetadataRequest, MetadataResponse>
{
    public static ApiKey Key => ApiKey.Metadata;

    /// <summary>Null: all topics; empty: none. v0 has no null, its empty list is read as null.</summary>
    public Topic[]? Topics { get; init; }

    public bool AllowAutoTopicCreation { get; init; } = true;

    public bool IncludeClusterAuthorizedOperations { get; init; }

    public bool IncludeTopicAuthorizedOperations { get; init; }

    public static MetadataRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 9;
        var topics = wire.NullableArray<Topic>(flexible, version);
        var request = new MetadataRequest
        {
            Topics = version == 0 && topics is [] ? null : topics,
            AllowAutoTopicCreation = version < 4 || wire.Boolean(),
            IncludeClusterAuthorizedOperations = version is >= 8 and <= 10 && wire.Boolean(),
            IncludeTopicAuthorizedOperations = version >= 8 && wire.Boolean(),
        };
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 9;
        wire.NullableArray(version == 0 ? Topics ?? [] : Topics, flexible, version);
        if (version >= 4) wire.Boolean(AllowAutoTopicCreation);
        if (version is >= 8 and <= 10) wire.Boolean(IncludeClusterAuthorizedOperations);
        if (version >= 8) wire.Boolean(IncludeTopicAuthorizedOperations);
        if (flexible) wire.NoTags();
    }

    /// <param name="Name">Null where the topic is asked for by its id (v12).</param>
    public readonly record struct Topic(string? Name, TopicId TopicId = default) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 9;
            var id = version >= 10 ? wire.TopicId() : TopicId.None;
            var topic = new Topic(version >= 10 ? wire.NullableString(flexible) : wire.String(flexible), id);
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 9;
            if (version >= 10) wire.TopicId(TopicId);
            if (version >= 10) wire.NullableString(Name, flexible);
            else wire.String(Name ?? "", flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>
/// Metadata: key 3, versions 0-13. v1 adds racks, controller and internal topics, v2 the cluster id, v5 offline replicas,
/// v7 leader epochs, v9 is flexible, v10 adds topic ids, v13 an error for all (KIP-1102).
/// </summary>
public sealed record MetadataResponse : IWireValue<MetadataResponse>
{
    public int ThrottleTimeMs { get; init; }

    public Broker[] Brokers { get; init; } = [];

    public string? ClusterId { get; init; }

    public BrokerId ControllerId { get; init; } = BrokerId.None;

    public Topic[] Topics { get; init; } = [];

    public int ClusterAuthorizedOperations { get; init; } = AuthorizedOperations.NotRequested;

    public ErrorCode ErrorCode { get; init; }

    public static MetadataResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 9;
        var response = new MetadataResponse
        {
            ThrottleTimeMs = version >= 3 ? wire.Int32() : 0,
            Brokers = wire.Array<Broker>(flexible, version),
            ClusterId = version >= 2 ? wire.NullableString(flexible) : null,
            ControllerId = version >= 1 ? wire.BrokerId() : BrokerId.None,
            Topics = wire.Array<Topic>(flexible, version),
            ClusterAuthorizedOperations = version is >= 8 and <= 10 ? wire.Int32() : AuthorizedOperations.NotRequested,
            ErrorCode = version >= 13 ? wire.ErrorCode() : ErrorCode.None,
        };
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 9;
        if (version >= 3) wire.Int32(ThrottleTimeMs);
        wire.Array(Brokers, flexible, version);
        if (version >= 2) wire.NullableString(ClusterId, flexible);
        if (version >= 1) wire.BrokerId(ControllerId);
        wire.Array(Topics, flexible, version);
        if (version is >= 8 and <= 10) wire.Int32(ClusterAuthorizedOperations);
        if (version >= 13) wire.ErrorCode(ErrorCode);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Broker(BrokerId NodeId, string Host, int Port, string? Rack) : IWireValue<Broker>
    {
        public static Broker Read(ref WireReader wire, short version)
        {
            var flexible = version >= 9;
            var broker = new Broker(
                NodeId: wire.BrokerId(),
                Host: wire.String(flexible),
                Port: wire.Int32(),
                Rack: version >= 1 ? wire.NullableString(flexible) : null);
            if (flexible) wire.SkipTags();
            return broker;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 9;
            wire.BrokerId(NodeId);
            wire.String(Host, flexible);
            wire.Int32(Port);
            if (version >= 1) wire.NullableString(Rack, flexible);
            if (flexible) wire.NoTags();
        }
    }

    public sealed record Topic : IWireValue<Topic>
    {
        public ErrorCode ErrorCode { get; init; }

        /// <summary>Null (v12) where the id that was asked for is unknown.</summary>
        public string? Name { get; init; }

        public TopicId TopicId { get; init; }

        public bool IsInternal { get; init; }

        public Partition[] Partitions { get; init; } = [];

        public int TopicAuthorizedOperations { get; init; } = AuthorizedOperations.NotRequested;

        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 9;
            var topic = new Topic
            {
                ErrorCode = wire.ErrorCode(),
                Name = version >= 12 ? wire.NullableString(flexible) : wire.String(flexible),
                TopicId = version >= 10 ? wire.TopicId() : TopicId.None,
                IsInternal = version >= 1 && wire.Boolean(),
                Partitions = wire.Array<Partition>(flexible, version),
                TopicAuthorizedOperations = version >= 8 ? wire.Int32() : AuthorizedOperations.NotRequested,
            };
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 9;
            wire.ErrorCode(ErrorCode);
            if (version >= 12) wire.NullableString(Name, flexible);
            else wire.String(Name ?? "", flexible);
            if (version >= 10) wire.TopicId(TopicId);
            if (version >= 1) wire.Boolean(IsInternal);
            wire.Array(Partitions, flexible, version);
            if (version >= 8) wire.Int32(TopicAuthorizedOperations);
            if (flexible) wire.NoTags();
        }
    }

    public sealed record Partition : IWireValue<Partition>
    {
        public ErrorCode ErrorCode { get; init; }

        public int Index { get; init; }

        public BrokerId LeaderId { get; init; } = BrokerId.None;

        public Epoch LeaderEpoch { get; init; } = Epoch.None;

        public BrokerId[] ReplicaNodes { get; init; } = [];

        public BrokerId[] IsrNodes { get; init; } = [];

        public BrokerId[] OfflineReplicas { get; init; } = [];

        public static Partition Read(ref WireReader wire, short version)
        {
            var flexible = version >= 9;
            var partition = new Partition
            {
                ErrorCode = wire.ErrorCode(),
                Index = wire.Int32(),
                LeaderId = wire.BrokerId(),
                LeaderEpoch = version >= 7 ? wire.Epoch() : Epoch.None,
                ReplicaNodes = wire.BrokerIds(flexible),
                IsrNodes = wire.BrokerIds(flexible),
                OfflineReplicas = version >= 5 ? wire.BrokerIds(flexible) : [],
            };
            if (flexible) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 9;
            wire.ErrorCode(ErrorCode);
            wire.Int32(Index);
            wire.BrokerId(LeaderId);
            if (version >= 7) wire.Epoch(LeaderEpoch);
            wire.BrokerIds(ReplicaNodes, flexible);
            wire.BrokerIds(IsrNodes, flexible);
            if (version >= 5) wire.BrokerIds(OfflineReplicas, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// Produce: key 0, versions 3-13. v9 is flexible, v12 implies AddPartitionsToTxn (KIP-890), v13 names topics by id.
/// </summary>
/// <remarks>
/// For a client and for tests. The broker reads by <see cref="ProduceRequestReader"/>, which allocates nothing.
/// </remarks>
public sealed record ProduceRequest : IRequest<ProduceRequest, ProduceResponse>
{
    public static ApiKey Key => ApiKey.Produce;

    public string? TransactionalId { get; init; }

    /// <summary>0: no answer; 1: the leader has it; -1: all in-sync replicas have it.</summary>
    public short Acks { get; init; }

    public int TimeoutMs { get; init; }

    public Topic[] TopicData { get; init; } = [];

    public static ProduceRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 9;
        var request = new ProduceRequest
        {
            TransactionalId = wire.NullableString(flexible),
            Acks = wire.Int16(),
            TimeoutMs = wire.Int32(),
            TopicData = wire.Array<Topic>(flexible, version),
        };
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 9;
        wire.NullableString(TransactionalId, flexible);
        wire.Int16(Acks);
        wire.Int32(TimeoutMs);
        wire.Array(TopicData, flexible, version);
        if (flexible) wire.NoTags();
    }

    /// <param name="Name">Empty from v13 on.</param>
    /// <param name="TopicId">From v13 on.</param>
    public readonly record struct Topic(string Name, TopicId TopicId, Partition[] PartitionData) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 9;
            var topic = new Topic(
                Name: version <= 12 ? wire.String(flexible) : "",
                TopicId: version >= 13 ? wire.TopicId() : TopicId.None,
                PartitionData: wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 9;
            if (version <= 12) wire.String(Name, flexible);
            else wire.TopicId(TopicId);
            wire.Array(PartitionData, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    /// <param name="Records">Record batches; as long-lived as the frame they were read from.</param>
    public readonly record struct Partition(int Index, ReadOnlyMemory<byte>? Records) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var flexible = version >= 9;
            var partition = new Partition(Index: wire.Int32(), Records: wire.Memory(flexible));
            if (flexible) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 9;
            wire.Int32(Index);
            wire.NullableBytes(Records, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>
/// Produce: key 0, versions 3-13. v5 adds the log start, v8 record errors (KIP-467), v9 is flexible, v10 adds the current
/// leader (KIP-951), v13 names topics by id. Written in pieces by <see cref="ProduceResponseWriter"/>.
/// </summary>
public sealed record ProduceResponse : IWireValue<ProduceResponse>
{
    public Topic[] Responses { get; init; } = [];

    public int ThrottleTimeMs { get; init; }

    /// <summary>From v10 on: addresses of the brokers that <see cref="Partition.CurrentLeader"/> names.</summary>
    public NodeEndpoint[] NodeEndpoints { get; init; } = [];

    public static ProduceResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 9;
        var responses = wire.Array<Topic>(flexible, version);
        var throttle = wire.Int32();
        NodeEndpoint[] endpoints = [];
        if (flexible)
        {
            var tags = wire.Tags();
            while (wire.Next(ref tags))
                if (tags.Number == 0 && version >= 10) endpoints = wire.Array<NodeEndpoint>(flexible, version);
        }

        return new ProduceResponse { Responses = responses, ThrottleTimeMs = throttle, NodeEndpoints = endpoints };
    }

    public void Write(WireWriter wire, short version)
    {
        var writer = new ProduceResponseWriter(wire, version);
        writer.Begin(Responses.Length);
        foreach (var topic in Responses)
        {
            writer.Topic(topic.Name, topic.TopicId, topic.PartitionResponses.Length);
            foreach (var partition in topic.PartitionResponses) writer.Partition(partition);
            writer.EndTopic();
        }

        writer.End(ThrottleTimeMs, NodeEndpoints);
    }

    public readonly record struct Topic(string Name, TopicId TopicId, Partition[] PartitionResponses) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 9;
            var topic = new Topic(
                Name: version <= 12 ? wire.String(flexible) : "",
                TopicId: version >= 13 ? wire.TopicId() : TopicId.None,
                PartitionResponses: wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var writer = new ProduceResponseWriter(wire, version);
            writer.Topic(Name, TopicId, PartitionResponses.Length);
            foreach (var partition in PartitionResponses) writer.Partition(partition);
            writer.EndTopic();
        }
    }

    public readonly record struct Partition() : IWireValue<Partition>
    {
        public int Index { get; init; }

        public ErrorCode ErrorCode { get; init; }

        public Offset BaseOffset { get; init; } = Offset.None;

        /// <summary>The broker's time where the topic has LogAppendTime; else -1.</summary>
        public long LogAppendTimeMs { get; init; } = -1;

        public Offset LogStartOffset { get; init; } = Offset.None;

        public RecordError[] RecordErrors { get; init; } = [];

        public string? ErrorMessage { get; init; }

        public LeaderIdAndEpoch? CurrentLeader { get; init; }

        public static Partition Read(ref WireReader wire, short version)
        {
            var flexible = version >= 9;
            var partition = new Partition
            {
                Index = wire.Int32(),
                ErrorCode = wire.ErrorCode(),
                BaseOffset = wire.Offset(),
                LogAppendTimeMs = wire.Int64(),
                LogStartOffset = version >= 5 ? wire.Offset() : Offset.None,
                RecordErrors = version >= 8 ? wire.Array<RecordError>(flexible, version) : [],
                ErrorMessage = version >= 8 ? wire.NullableString(flexible) : null,
            };
            if (!flexible) return partition;

            var tags = wire.Tags();
            while (wire.Next(ref tags))
            {
                if (tags.Number == 0 && version >= 10)
                    partition = partition with { CurrentLeader = LeaderIdAndEpoch.Read(ref wire, version) };
            }

            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 9;
            wire.Int32(Index);
            wire.ErrorCode(ErrorCode);
            wire.Offset(BaseOffset);
            wire.Int64(LogAppendTimeMs);
            if (version >= 5) wire.Offset(LogStartOffset);
            if (version >= 8) wire.Array(RecordErrors, flexible, version);
            if (version >= 8) wire.NullableString(ErrorMessage, flexible);
            if (!flexible) return;

            if (version >= 10 && CurrentLeader is { } leader)
            {
                wire.TagCount(1);
                wire.Tag(0, leader, version);
            }
            else
            {
                wire.NoTags();
            }
        }
    }

    public readonly record struct RecordError(int BatchIndex, string? BatchIndexErrorMessage) : IWireValue<RecordError>
    {
        public static RecordError Read(ref WireReader wire, short version)
        {
            var flexible = version >= 9;
            var error = new RecordError(wire.Int32(), wire.NullableString(flexible));
            if (flexible) wire.SkipTags();
            return error;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 9;
            wire.Int32(BatchIndex);
            wire.NullableString(BatchIndexErrorMessage, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// Fetch: key 1, versions 4-18. v5 adds the log start, v7 sessions, v11 the preferred read replica, v12 is flexible and adds
/// the diverging epoch and the current leader, v13 names topics by id, v16 adds the leaders' addresses (KIP-951).
/// </summary>
/// <remarks>
/// For a client and for tests. The broker writes by <see cref="FetchResponseWriter"/>, which leaves the records to others.
/// </remarks>
public sealed record FetchResponse : IWireValue<FetchResponse>
{
    public int ThrottleTimeMs { get; init; }

    public ErrorCode ErrorCode { get; init; }

    /// <summary>0: no session.</summary>
    public int SessionId { get; init; }

    public Topic[] Responses { get; init; } = [];

    /// <summary>From v16 on: addresses of the brokers that <see cref="Partition.CurrentLeader"/> names.</summary>
    public NodeEndpoint[] NodeEndpoints { get; init; } = [];

    public static FetchResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 12;
        var response = new FetchResponse
        {
            ThrottleTimeMs = wire.Int32(),
            ErrorCode = version >= 7 ? wire.ErrorCode() : ErrorCode.None,
            SessionId = version >= 7 ? wire.Int32() : 0,
            Responses = wire.Array<Topic>(flexible, version),
        };
        if (!flexible) return response;

        var tags = wire.Tags();
        while (wire.Next(ref tags))
        {
            if (tags.Number == 0 && version >= 16)
                response = response with { NodeEndpoints = wire.Array<NodeEndpoint>(flexible, version) };
        }

        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var writer = new FetchResponseWriter(wire, version);
        writer.Begin(ThrottleTimeMs, ErrorCode, SessionId, Responses.Length);
        foreach (var topic in Responses) topic.Write(wire, version);
        writer.End(NodeEndpoints);
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
            var writer = new FetchResponseWriter(wire, version);
            writer.Topic(Name, TopicId, Partitions.Length);
            foreach (var partition in Partitions) partition.Write(wire, version);
            writer.EndTopic();
        }
    }

    /// <param name="Head">All but the records.</param>
    /// <param name="Records">As long-lived as the frame they were read from. Null on the wire is read as empty.</param>
    public readonly record struct Partition(PartitionHead Head, ReadOnlyMemory<byte> Records) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var flexible = version >= 12;
            var head = PartitionHead.Read(ref wire, version);
            var records = wire.Memory(flexible) ?? default;
            return new Partition(flexible ? head.WithTags(ref wire, version) : head, records);
        }

        public void Write(WireWriter wire, short version)
        {
            var writer = new FetchResponseWriter(wire, version);
            writer.Partition(Head, Records.Length);
            wire.Raw(Records.Span);
            writer.EndPartition(Head);
        }
    }

    /// <summary>What is said of a partition besides its records.</summary>
    public readonly record struct PartitionHead()
    {
        public int Index { get; init; }

        public ErrorCode ErrorCode { get; init; }

        public Offset HighWatermark { get; init; } = Offset.None;

        public Offset LastStableOffset { get; init; } = Offset.None;

        public Offset LogStartOffset { get; init; } = Offset.None;

        /// <summary>Null for a reader of uncommitted records.</summary>
        public AbortedTransaction[]? AbortedTransactions { get; init; }

        public BrokerId PreferredReadReplica { get; init; } = BrokerId.None;

        /// <summary>Where the log of a follower leaves the leader's (v12).</summary>
        public EpochEndOffset? DivergingEpoch { get; init; }

        /// <summary>Where the partition is led, in answer to NotLeaderOrFollower or FencedLeaderEpoch (v12).</summary>
        public LeaderIdAndEpoch? CurrentLeader { get; init; }

        /// <summary>The snapshot that a follower must fetch before it goes on (v12).</summary>
        public SnapshotId? SnapshotId { get; init; }

        internal static PartitionHead Read(ref WireReader wire, short version)
        {
            return new PartitionHead
            {
                Index = wire.Int32(),
                ErrorCode = wire.ErrorCode(),
                HighWatermark = wire.Offset(),
                LastStableOffset = wire.Offset(),
                LogStartOffset = version >= 5 ? wire.Offset() : Offset.None,
                AbortedTransactions = wire.NullableArray<AbortedTransaction>(flexible: version >= 12, version),
                PreferredReadReplica = version >= 11 ? wire.BrokerId() : BrokerId.None,
            };
        }

        internal PartitionHead WithTags(ref WireReader wire, short version)
        {
            var head = this;
            var tags = wire.Tags();
            while (wire.Next(ref tags))
            {
                head = tags.Number switch
                {
                    0 => head with { DivergingEpoch = EpochEndOffset.Read(ref wire, version) },
                    1 => head with { CurrentLeader = LeaderIdAndEpoch.Read(ref wire, version) },
                    2 => head with { SnapshotId = FetchResponse.SnapshotId.Read(ref wire, version) },
                    _ => head,
                };
            }

            return head;
        }
    }

    public readonly record struct AbortedTransaction(long ProducerId, Offset FirstOffset) : IWireValue<AbortedTransaction>
    {
        public static AbortedTransaction Read(ref WireReader wire, short version)
        {
            var transaction = new AbortedTransaction(wire.Int64(), wire.Offset());
            if (version >= 12) wire.SkipTags();
            return transaction;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int64(ProducerId);
            wire.Offset(FirstOffset);
            if (version >= 12) wire.NoTags();
        }
    }

    public readonly record struct EpochEndOffset(Epoch Epoch, Offset EndOffset) : IWireValue<EpochEndOffset>
    {
        public static EpochEndOffset Read(ref WireReader wire, short version)
        {
            var end = new EpochEndOffset(wire.Epoch(), wire.Offset());
            wire.SkipTags();
            return end;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Epoch(Epoch);
            wire.Offset(EndOffset);
            wire.NoTags();
        }
    }

    public readonly record struct SnapshotId(Offset EndOffset, Epoch Epoch) : IWireValue<SnapshotId>
    {
        public static SnapshotId Read(ref WireReader wire, short version)
        {
            var snapshot = new SnapshotId(wire.Offset(), wire.Epoch());
            wire.SkipTags();
            return snapshot;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Offset(EndOffset);
            wire.Epoch(Epoch);
            wire.NoTags();
        }
    }
}

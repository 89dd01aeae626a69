namespace ActorBroker.Protocol.Kafka;

/// <summary>DescribeTopicPartitions: key 75, version 0, flexible (KIP-966). Long answers come in pages.</summary>
/// <param name="Topics">Names in ascending order; empty: all.</param>
/// <param name="Cursor">Where to go on; null: from the start.</param>
public sealed record DescribeTopicPartitionsRequest(
    string[] Topics, int ResponsePartitionLimit = 2000, DescribeTopicPartitionsCursor? Cursor = null)
    : IRequest<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>
{
    public static ApiKey Key => ApiKey.DescribeTopicPartitions;

    public static DescribeTopicPartitionsRequest Read(ref WireReader wire, short version)
    {
        var request = new DescribeTopicPartitionsRequest(
            Topics: System.Array.ConvertAll(wire.Array<Topic>(flexible: true, version), static topic => topic.Name),
            ResponsePartitionLimit: wire.Int32(),
            Cursor: DescribeTopicPartitionsCursor.ReadNullable(ref wire));
        wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.Array(System.Array.ConvertAll(Topics, static name => new Topic(name)), flexible: true, version);
        wire.Int32(ResponsePartitionLimit);
        DescribeTopicPartitionsCursor.WriteNullable(wire, Cursor);
        wire.NoTags();
    }

    private readonly record struct Topic(string Name) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var topic = new Topic(wire.String(flexible: true));
            wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.String(Name, flexible: true);
            wire.NoTags();
        }
    }
}

/// <summary>The first topic and partition of a page of DescribeTopicPartitions.</summary>
public readonly record struct DescribeTopicPartitionsCursor(string TopicName, int PartitionIndex)
{
    /// <summary>A structure that may be null: a byte precedes it, -1 for null and 1 otherwise.</summary>
    internal static DescribeTopicPartitionsCursor? ReadNullable(ref WireReader wire)
    {
        if (wire.Int8() < 0) return null;
        var cursor = new DescribeTopicPartitionsCursor(wire.String(flexible: true), wire.Int32());
        wire.SkipTags();
        return cursor;
    }

    internal static void WriteNullable(WireWriter wire, DescribeTopicPartitionsCursor? cursor)
    {
        wire.Int8(cursor is null ? (sbyte)-1 : (sbyte)1);
        if (cursor is not { } at) return;
        wire.String(at.TopicName, flexible: true);
        wire.Int32(at.PartitionIndex);
        wire.NoTags();
    }
}

/// <summary>DescribeTopicPartitions: key 75, version 0, flexible.</summary>
public sealed record DescribeTopicPartitionsResponse(
    DescribeTopicPartitionsResponse.Topic[] Topics, DescribeTopicPartitionsCursor? NextCursor = null, int ThrottleTimeMs = 0)
    : IWireValue<DescribeTopicPartitionsResponse>
{
    public static DescribeTopicPartitionsResponse Read(ref WireReader wire, short version)
    {
        var throttle = wire.Int32();
        var response = new DescribeTopicPartitionsResponse(
            wire.Array<Topic>(flexible: true, version), DescribeTopicPartitionsCursor.ReadNullable(ref wire), throttle);
        wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.Int32(ThrottleTimeMs);
        wire.Array(Topics, flexible: true, version);
        DescribeTopicPartitionsCursor.WriteNullable(wire, NextCursor);
        wire.NoTags();
    }

    public sealed record Topic : IWireValue<Topic>
    {
        public ErrorCode ErrorCode { get; init; }

        public string? Name { get; init; }

        public TopicId TopicId { get; init; }

        public bool IsInternal { get; init; }

        public Partition[] Partitions { get; init; } = [];

        public int TopicAuthorizedOperations { get; init; } = AuthorizedOperations.NotRequested;

        public static Topic Read(ref WireReader wire, short version)
        {
            var topic = new Topic
            {
                ErrorCode = wire.ErrorCode(),
                Name = wire.NullableString(flexible: true),
                TopicId = wire.TopicId(),
                IsInternal = wire.Boolean(),
                Partitions = wire.Array<Partition>(flexible: true, version),
                TopicAuthorizedOperations = wire.Int32(),
            };
            wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.ErrorCode(ErrorCode);
            wire.NullableString(Name, flexible: true);
            wire.TopicId(TopicId);
            wire.Boolean(IsInternal);
            wire.Array(Partitions, flexible: true, version);
            wire.Int32(TopicAuthorizedOperations);
            wire.NoTags();
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

        /// <summary>Replicas that may lead although they are not in sync; null where the feature is off.</summary>
        public BrokerId[]? EligibleLeaderReplicas { get; init; }

        public BrokerId[]? LastKnownElr { get; init; }

        public BrokerId[] OfflineReplicas { get; init; } = [];

        public static Partition Read(ref WireReader wire, short version)
        {
            var partition = new Partition
            {
                ErrorCode = wire.ErrorCode(),
                Index = wire.Int32(),
                LeaderId = wire.BrokerId(),
                LeaderEpoch = wire.Epoch(),
                ReplicaNodes = wire.BrokerIds(flexible: true),
                IsrNodes = wire.BrokerIds(flexible: true),
                EligibleLeaderReplicas = wire.NullableBrokerIds(flexible: true),
                LastKnownElr = wire.NullableBrokerIds(flexible: true),
                OfflineReplicas = wire.BrokerIds(flexible: true),
            };
            wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.ErrorCode(ErrorCode);
            wire.Int32(Index);
            wire.BrokerId(LeaderId);
            wire.Epoch(LeaderEpoch);
            wire.BrokerIds(ReplicaNodes, flexible: true);
            wire.BrokerIds(IsrNodes, flexible: true);
            wire.NullableBrokerIds(EligibleLeaderReplicas, flexible: true);
            wire.NullableBrokerIds(LastKnownElr, flexible: true);
            wire.BrokerIds(OfflineReplicas, flexible: true);
            wire.NoTags();
        }
    }
}

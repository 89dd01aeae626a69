namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// CreateTopics: key 19, versions 2-7. From v4 on -1 stands for the broker's default of partitions and replicas (KIP-464), v5
/// is flexible.
/// </summary>
public sealed record CreateTopicsRequest(CreateTopicsRequest.Topic[] Topics, int TimeoutMs = 60_000, bool ValidateOnly = false)
    : IRequest<CreateTopicsRequest, CreateTopicsResponse>
{
    public static ApiKey Key => ApiKey.CreateTopics;

    public static CreateTopicsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 5;
        var request = new CreateTopicsRequest(wire.Array<Topic>(flexible, version), wire.Int32(), wire.Boolean());
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 5;
        wire.Array(Topics, flexible, version);
        wire.Int32(TimeoutMs);
        wire.Boolean(ValidateOnly);
        if (flexible) wire.NoTags();
    }

    public sealed record Topic : IWireValue<Topic>
    {
        public required string Name { get; init; }

        /// <summary>-1: the default, or as many as there are assignments.</summary>
        public int NumPartitions { get; init; } = -1;

        /// <inheritdoc cref="NumPartitions"/>
        public short ReplicationFactor { get; init; } = -1;

        /// <summary>Which brokers get which partition; empty: the controller chooses.</summary>
        public Assignment[] Assignments { get; init; } = [];

        public Config[] Configs { get; init; } = [];

        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 5;
            var topic = new Topic
            {
                Name = wire.String(flexible),
                NumPartitions = wire.Int32(),
                ReplicationFactor = wire.Int16(),
                Assignments = wire.Array<Assignment>(flexible, version),
                Configs = wire.Array<Config>(flexible, version),
            };
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 5;
            wire.String(Name, flexible);
            wire.Int32(NumPartitions);
            wire.Int16(ReplicationFactor);
            wire.Array(Assignments, flexible, version);
            wire.Array(Configs, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    public readonly record struct Assignment(int PartitionIndex, BrokerId[] BrokerIds) : IWireValue<Assignment>
    {
        public static Assignment Read(ref WireReader wire, short version)
        {
            var flexible = version >= 5;
            var assignment = new Assignment(wire.Int32(), wire.BrokerIds(flexible));
            if (flexible) wire.SkipTags();
            return assignment;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 5;
            wire.Int32(PartitionIndex);
            wire.BrokerIds(BrokerIds, flexible);
            if (flexible) wire.NoTags();
        }
    }

    public readonly record struct Config(string Name, string? Value) : IWireValue<Config>
    {
        public static Config Read(ref WireReader wire, short version)
        {
            var flexible = version >= 5;
            var config = new Config(wire.String(flexible), wire.NullableString(flexible));
            if (flexible) wire.SkipTags();
            return config;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 5;
            wire.String(Name, flexible);
            wire.NullableString(Value, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>
/// CreateTopics: key 19, versions 2-7. v5 is flexible and describes what was created (KIP-525), v7 adds the topic id.
/// </summary>
public sealed record CreateTopicsResponse(CreateTopicsResponse.Topic[] Topics, int ThrottleTimeMs = 0)
    : IWireValue<CreateTopicsResponse>
{
    public static CreateTopicsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 5;
        var throttle = wire.Int32();
        var response = new CreateTopicsResponse(wire.Array<Topic>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 5;
        wire.Int32(ThrottleTimeMs);
        wire.Array(Topics, flexible, version);
        if (flexible) wire.NoTags();
    }

    public sealed record Topic : IWireValue<Topic>
    {
        public required string Name { get; init; }

        public TopicId TopicId { get; init; }

        public ErrorCode ErrorCode { get; init; }

        public string? ErrorMessage { get; init; }

        public int NumPartitions { get; init; } = -1;

        public short ReplicationFactor { get; init; } = -1;

        /// <summary>Null where they can't be told; then <see cref="TopicConfigErrorCode"/> says why.</summary>
        public Config[]? Configs { get; init; } = [];

        public ErrorCode TopicConfigErrorCode { get; init; }

        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 5;
            var topic = new Topic
            {
                Name = wire.String(flexible),
                TopicId = version >= 7 ? wire.TopicId() : TopicId.None,
                ErrorCode = wire.ErrorCode(),
                ErrorMessage = wire.NullableString(flexible),
                NumPartitions = version >= 5 ? wire.Int32() : -1,
                ReplicationFactor = version >= 5 ? wire.Int16() : (short)-1,
                Configs = version >= 5 ? wire.NullableArray<Config>(flexible, version) : [],
            };
            if (!flexible) return topic;

            var tags = wire.Tags();
            while (wire.Next(ref tags))
                if (tags.Number == 0) topic = topic with { TopicConfigErrorCode = wire.ErrorCode() };
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 5;
            wire.String(Name, flexible);
            if (version >= 7) wire.TopicId(TopicId);
            wire.ErrorCode(ErrorCode);
            wire.NullableString(ErrorMessage, flexible);
            if (!flexible) return;

            wire.Int32(NumPartitions);
            wire.Int16(ReplicationFactor);
            wire.NullableArray(Configs, flexible, version);
            wire.TagCount(TopicConfigErrorCode == ErrorCode.None ? 0 : 1);
            if (TopicConfigErrorCode == ErrorCode.None) return;
            var tag = wire.BeginTag(0);
            wire.ErrorCode(TopicConfigErrorCode);
            wire.EndTag(tag);
        }
    }

    public readonly record struct Config(string Name, string? Value, bool ReadOnly, ConfigSource ConfigSource, bool IsSensitive)
        : IWireValue<Config>
    {
        public static Config Read(ref WireReader wire, short version)
        {
            var config = new Config(
                Name: wire.String(flexible: true),
                Value: wire.NullableString(flexible: true),
                ReadOnly: wire.Boolean(),
                ConfigSource: (ConfigSource)wire.Int8(),
                IsSensitive: wire.Boolean());
            wire.SkipTags();
            return config;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.String(Name, flexible: true);
            wire.NullableString(Value, flexible: true);
            wire.Boolean(ReadOnly);
            wire.Int8((sbyte)ConfigSource);
            wire.Boolean(IsSensitive);
            wire.NoTags();
        }
    }
}

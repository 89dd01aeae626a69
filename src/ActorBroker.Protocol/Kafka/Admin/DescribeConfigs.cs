namespace ActorBroker.Protocol.Kafka;

/// <summary>DescribeConfigs: key 32, versions 1-4. v3 adds documentation (KIP-569), v4 is flexible.</summary>
public sealed record DescribeConfigsRequest(
    DescribeConfigsRequest.Resource[] Resources, bool IncludeSynonyms = false, bool IncludeDocumentation = false)
    : IRequest<DescribeConfigsRequest, DescribeConfigsResponse>
{
    public static ApiKey Key => ApiKey.DescribeConfigs;

    public static DescribeConfigsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var request = new DescribeConfigsRequest(
            Resources: wire.Array<Resource>(flexible, version),
            IncludeSynonyms: wire.Boolean(),
            IncludeDocumentation: version >= 3 && wire.Boolean());
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 4;
        wire.Array(Resources, flexible, version);
        wire.Boolean(IncludeSynonyms);
        if (version >= 3) wire.Boolean(IncludeDocumentation);
        if (flexible) wire.NoTags();
    }

    /// <param name="ConfigurationKeys">Null: all.</param>
    public readonly record struct Resource(ConfigResourceType ResourceType, string ResourceName, string[]? ConfigurationKeys)
        : IWireValue<Resource>
    {
        public static Resource Read(ref WireReader wire, short version)
        {
            var flexible = version >= 4;
            var resource = new Resource((ConfigResourceType)wire.Int8(), wire.String(flexible), wire.NullableStrings(flexible));
            if (flexible) wire.SkipTags();
            return resource;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 4;
            wire.Int8((sbyte)ResourceType);
            wire.String(ResourceName, flexible);
            wire.NullableStrings(ConfigurationKeys, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>DescribeConfigs: key 32, versions 1-4. v3 adds types and documentation, v4 is flexible.</summary>
public sealed record DescribeConfigsResponse(DescribeConfigsResponse.Result[] Results, int ThrottleTimeMs = 0)
    : IWireValue<DescribeConfigsResponse>
{
    public static DescribeConfigsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var throttle = wire.Int32();
        var response = new DescribeConfigsResponse(wire.Array<Result>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 4;
        wire.Int32(ThrottleTimeMs);
        wire.Array(Results, flexible, version);
        if (flexible) wire.NoTags();
    }

    public sealed record Result : IWireValue<Result>
    {
        public ErrorCode ErrorCode { get; init; }

        public string? ErrorMessage { get; init; }

        public ConfigResourceType ResourceType { get; init; }

        public string ResourceName { get; init; } = "";

        public Config[] Configs { get; init; } = [];

        public static Result Read(ref WireReader wire, short version)
        {
            var flexible = version >= 4;
            var result = new Result
            {
                ErrorCode = wire.ErrorCode(),
                ErrorMessage = wire.NullableString(flexible),
                ResourceType = (ConfigResourceType)wire.Int8(),
                ResourceName = wire.String(flexible),
                Configs = wire.Array<Config>(flexible, version),
            };
            if (flexible) wire.SkipTags();
            return result;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 4;
            wire.ErrorCode(ErrorCode);
            wire.NullableString(ErrorMessage, flexible);
            wire.Int8((sbyte)ResourceType);
            wire.String(ResourceName, flexible);
            wire.Array(Configs, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    public sealed record Config : IWireValue<Config>
    {
        public required string Name { get; init; }

        /// <summary>Null where the config is sensitive or has no value.</summary>
        public string? Value { get; init; }

        public bool ReadOnly { get; init; }

        public ConfigSource ConfigSource { get; init; } = ConfigSource.Unknown;

        public bool IsSensitive { get; init; }

        /// <summary>The same config at each level that sets it, the one that wins first.</summary>
        public Synonym[] Synonyms { get; init; } = [];

        public ConfigType ConfigType { get; init; }

        public string? Documentation { get; init; }

        public static Config Read(ref WireReader wire, short version)
        {
            var flexible = version >= 4;
            var config = new Config
            {
                Name = wire.String(flexible),
                Value = wire.NullableString(flexible),
                ReadOnly = wire.Boolean(),
                ConfigSource = (ConfigSource)wire.Int8(),
                IsSensitive = wire.Boolean(),
                Synonyms = wire.Array<Synonym>(flexible, version),
                ConfigType = version >= 3 ? (ConfigType)wire.Int8() : ConfigType.Unknown,
                Documentation = version >= 3 ? wire.NullableString(flexible) : null,
            };
            if (flexible) wire.SkipTags();
            return config;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 4;
            wire.String(Name, flexible);
            wire.NullableString(Value, flexible);
            wire.Boolean(ReadOnly);
            wire.Int8((sbyte)ConfigSource);
            wire.Boolean(IsSensitive);
            wire.Array(Synonyms, flexible, version);
            if (version >= 3) wire.Int8((sbyte)ConfigType);
            if (version >= 3) wire.NullableString(Documentation, flexible);
            if (flexible) wire.NoTags();
        }
    }

    public readonly record struct Synonym(string Name, string? Value, ConfigSource Source) : IWireValue<Synonym>
    {
        public static Synonym Read(ref WireReader wire, short version)
        {
            var flexible = version >= 4;
            var synonym = new Synonym(wire.String(flexible), wire.NullableString(flexible), (ConfigSource)wire.Int8());
            if (flexible) wire.SkipTags();
            return synonym;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 4;
            wire.String(Name, flexible);
            wire.NullableString(Value, flexible);
            wire.Int8((sbyte)Source);
            if (flexible) wire.NoTags();
        }
    }
}

namespace ActorBroker.Protocol.Kafka;

/// <summary>IncrementalAlterConfigs: key 44, versions 0-1 (KIP-339). v1 is flexible.</summary>
public sealed record IncrementalAlterConfigsRequest(
    IncrementalAlterConfigsRequest.Resource[] Resources, bool ValidateOnly = false)
    : IRequest<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>
{
    public static ApiKey Key => ApiKey.IncrementalAlterConfigs;

    public static IncrementalAlterConfigsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 1;
        var request = new IncrementalAlterConfigsRequest(wire.Array<Resource>(flexible, version), wire.Boolean());
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 1;
        wire.Array(Resources, flexible, version);
        wire.Boolean(ValidateOnly);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Resource(ConfigResourceType ResourceType, string ResourceName, Config[] Configs)
        : IWireValue<Resource>
    {
        public static Resource Read(ref WireReader wire, short version)
        {
            var flexible = version >= 1;
            var resource =
                new Resource((ConfigResourceType)wire.Int8(), wire.String(flexible), wire.Array<Config>(flexible, version));
            if (flexible) wire.SkipTags();
            return resource;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 1;
            wire.Int8((sbyte)ResourceType);
            wire.String(ResourceName, flexible);
            wire.Array(Configs, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    /// <param name="ConfigOperation">May be a number that the enumeration doesn't name.</param>
    public readonly record struct Config(string Name, ConfigOperation ConfigOperation, string? Value) : IWireValue<Config>
    {
        public static Config Read(ref WireReader wire, short version)
        {
            var flexible = version >= 1;
            var config = new Config(wire.String(flexible), (ConfigOperation)wire.Int8(), wire.NullableString(flexible));
            if (flexible) wire.SkipTags();
            return config;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 1;
            wire.String(Name, flexible);
            wire.Int8((sbyte)ConfigOperation);
            wire.NullableString(Value, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>IncrementalAlterConfigs: key 44, versions 0-1. v1 is flexible.</summary>
public sealed record IncrementalAlterConfigsResponse(IncrementalAlterConfigsResponse.Result[] Responses, int ThrottleTimeMs = 0)
    : IWireValue<IncrementalAlterConfigsResponse>
{
    public static IncrementalAlterConfigsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 1;
        var throttle = wire.Int32();
        var response = new IncrementalAlterConfigsResponse(wire.Array<Result>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 1;
        wire.Int32(ThrottleTimeMs);
        wire.Array(Responses, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Result(
        ErrorCode ErrorCode, string? ErrorMessage, ConfigResourceType ResourceType, string ResourceName)
        : IWireValue<Result>
    {
        public static Result Read(ref WireReader wire, short version)
        {
            var flexible = version >= 1;
            var result = new Result(
                wire.ErrorCode(), wire.NullableString(flexible), (ConfigResourceType)wire.Int8(), wire.String(flexible));
            if (flexible) wire.SkipTags();
            return result;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 1;
            wire.ErrorCode(ErrorCode);
            wire.NullableString(ErrorMessage, flexible);
            wire.Int8((sbyte)ResourceType);
            wire.String(ResourceName, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

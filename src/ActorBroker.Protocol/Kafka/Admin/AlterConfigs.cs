namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// AlterConfigs: key 33, versions 0-2, v2 is flexible. It replaces all configs of a resource by those it names.
/// </summary>
public sealed record AlterConfigsRequest(AlterConfigsRequest.Resource[] Resources, bool ValidateOnly = false)
    : IRequest<AlterConfigsRequest, AlterConfigsResponse>
{
    public static ApiKey Key => ApiKey.AlterConfigs;

    public static AlterConfigsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var request = new AlterConfigsRequest(wire.Array<Resource>(flexible, version), wire.Boolean());
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        wire.Array(Resources, flexible, version);
        wire.Boolean(ValidateOnly);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Resource(ConfigResourceType ResourceType, string ResourceName, Config[] Configs)
        : IWireValue<Resource>
    {
        public static Resource Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var resource =
                new Resource((ConfigResourceType)wire.Int8(), wire.String(flexible), wire.Array<Config>(flexible, version));
            if (flexible) wire.SkipTags();
            return resource;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.Int8((sbyte)ResourceType);
            wire.String(ResourceName, flexible);
            wire.Array(Configs, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    public readonly record struct Config(string Name, string? Value) : IWireValue<Config>
    {
        public static Config Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var config = new Config(wire.String(flexible), wire.NullableString(flexible));
            if (flexible) wire.SkipTags();
            return config;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.String(Name, flexible);
            wire.NullableString(Value, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>AlterConfigs: key 33, versions 0-2. v2 is flexible.</summary>
public sealed record AlterConfigsResponse(AlterConfigsResponse.Result[] Responses, int ThrottleTimeMs = 0)
    : IWireValue<AlterConfigsResponse>
{
    public static AlterConfigsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var throttle = wire.Int32();
        var response = new AlterConfigsResponse(wire.Array<Result>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
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
            var flexible = version >= 2;
            var result = new Result(
                wire.ErrorCode(), wire.NullableString(flexible), (ConfigResourceType)wire.Int8(), wire.String(flexible));
            if (flexible) wire.SkipTags();
            return result;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.ErrorCode(ErrorCode);
            wire.NullableString(ErrorMessage, flexible);
            wire.Int8((sbyte)ResourceType);
            wire.String(ResourceName, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

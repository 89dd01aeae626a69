namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// ElectLeaders: key 43, versions 0-2. v1 adds the kind of election (KIP-460); v2 is flexible.
/// </summary>
/// <param name="ElectionType"><see cref="Preferred"/> or <see cref="Unclean"/>.</param>
/// <param name="Topics">Null: all partitions.</param>
public sealed record ElectLeadersRequest(sbyte ElectionType, ElectLeadersRequest.Topic[]? Topics, int TimeoutMs)
    : IRequest<ElectLeadersRequest, ElectLeadersResponse>
{
    /// <summary>The first replica, if it is in sync.</summary>
    public const sbyte Preferred = 0;

    /// <summary>Any replica that is there, for a partition that has no leader.</summary>
    public const sbyte Unclean = 1;

    public static ApiKey Key => ApiKey.ElectLeaders;

    public static ElectLeadersRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var request = new ElectLeadersRequest(
            ElectionType: version >= 1 ? wire.Int8() : Preferred,
            Topics: wire.NullableArray<Topic>(flexible, version),
            TimeoutMs: wire.Int32());
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        if (version >= 1) wire.Int8(ElectionType);
        wire.NullableArray(Topics, flexible, version);
        wire.Int32(TimeoutMs);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, int[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var topic = new Topic(wire.String(flexible), wire.Int32Array(flexible));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.String(Name, flexible);
            wire.Int32Array(Partitions, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>ElectLeaders: key 43, versions 0-2. v1 adds the error of the whole request; v2 is flexible.</summary>
public sealed record ElectLeadersResponse(
    ElectLeadersResponse.Topic[] Topics, ErrorCode ErrorCode = ErrorCode.None, int ThrottleTimeMs = 0)
    : IWireValue<ElectLeadersResponse>
{
    public static ElectLeadersResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var throttle = wire.Int32();
        var error = version >= 1 ? wire.ErrorCode() : ErrorCode.None;
        var response = new ElectLeadersResponse(wire.Array<Topic>(flexible, version), error, throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        wire.Int32(ThrottleTimeMs);
        if (version >= 1) wire.ErrorCode(ErrorCode);
        wire.Array(Topics, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var topic = new Topic(wire.String(flexible), wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.String(Name, flexible);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    public readonly record struct Partition(int Index, ErrorCode ErrorCode, string? ErrorMessage = null) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var partition = new Partition(wire.Int32(), wire.ErrorCode(), wire.NullableString(flexible));
            if (flexible) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.Int32(Index);
            wire.ErrorCode(ErrorCode);
            wire.NullableString(ErrorMessage, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

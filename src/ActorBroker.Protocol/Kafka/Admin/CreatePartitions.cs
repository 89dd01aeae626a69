namespace ActorBroker.Protocol.Kafka;

/// <summary>CreatePartitions: key 37, versions 0-3. v2 is flexible.</summary>
public sealed record CreatePartitionsRequest(CreatePartitionsRequest.Topic[] Topics, int TimeoutMs, bool ValidateOnly = false)
    : IRequest<CreatePartitionsRequest, CreatePartitionsResponse>
{
    public static ApiKey Key => ApiKey.CreatePartitions;

    public static CreatePartitionsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var request = new CreatePartitionsRequest(wire.Array<Topic>(flexible, version), wire.Int32(), wire.Boolean());
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        wire.Array(Topics, flexible, version);
        wire.Int32(TimeoutMs);
        wire.Boolean(ValidateOnly);
        if (flexible) wire.NoTags();
    }

    /// <param name="Count">How many partitions there shall be in all.</param>
    /// <param name="Assignments">Brokers of each new partition; null: the controller chooses.</param>
    public readonly record struct Topic(string Name, int Count, Assignment[]? Assignments) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var topic = new Topic(wire.String(flexible), wire.Int32(), wire.NullableArray<Assignment>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.String(Name, flexible);
            wire.Int32(Count);
            wire.NullableArray(Assignments, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    public readonly record struct Assignment(BrokerId[] BrokerIds) : IWireValue<Assignment>
    {
        public static Assignment Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var assignment = new Assignment(wire.BrokerIds(flexible));
            if (flexible) wire.SkipTags();
            return assignment;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.BrokerIds(BrokerIds, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>
/// CreatePartitions: key 37, versions 0-3. v2 is flexible; v3 may be answered with ThrottlingQuotaExceeded (KIP-599).
/// </summary>
public sealed record CreatePartitionsResponse(CreatePartitionsResponse.Result[] Results, int ThrottleTimeMs = 0)
    : IWireValue<CreatePartitionsResponse>
{
    public static CreatePartitionsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var throttle = wire.Int32();
        var response = new CreatePartitionsResponse(wire.Array<Result>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        wire.Int32(ThrottleTimeMs);
        wire.Array(Results, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Result(string Name, ErrorCode ErrorCode, string? ErrorMessage = null) : IWireValue<Result>
    {
        public static Result Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var result = new Result(wire.String(flexible), wire.ErrorCode(), wire.NullableString(flexible));
            if (flexible) wire.SkipTags();
            return result;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.String(Name, flexible);
            wire.ErrorCode(ErrorCode);
            wire.NullableString(ErrorMessage, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

namespace ActorBroker.Protocol.Kafka;

/// <summary>Heartbeat: key 12, versions 0-4. v3 adds the instance id (KIP-345), v4 is flexible.</summary>
public sealed record HeartbeatRequest(string GroupId, int GenerationId, string MemberId, string? GroupInstanceId = null)
    : IRequest<HeartbeatRequest, HeartbeatResponse>
{
    public static ApiKey Key => ApiKey.Heartbeat;

    public static HeartbeatRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var request = new HeartbeatRequest(
            GroupId: wire.String(flexible),
            GenerationId: wire.Int32(),
            MemberId: wire.String(flexible),
            GroupInstanceId: version >= 3 ? wire.NullableString(flexible) : null);
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 4;
        wire.String(GroupId, flexible);
        wire.Int32(GenerationId);
        wire.String(MemberId, flexible);
        if (version >= 3) wire.NullableString(GroupInstanceId, flexible);
        if (flexible) wire.NoTags();
    }
}

/// <summary>Heartbeat: key 12, versions 0-4. v1 adds the throttle time, v4 is flexible.</summary>
public sealed record HeartbeatResponse(ErrorCode ErrorCode, int ThrottleTimeMs = 0) : IWireValue<HeartbeatResponse>
{
    public static HeartbeatResponse Read(ref WireReader wire, short version)
    {
        var throttle = version >= 1 ? wire.Int32() : 0;
        var response = new HeartbeatResponse(wire.ErrorCode(), throttle);
        if (version >= 4) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        if (version >= 1) wire.Int32(ThrottleTimeMs);
        wire.ErrorCode(ErrorCode);
        if (version >= 4) wire.NoTags();
    }
}

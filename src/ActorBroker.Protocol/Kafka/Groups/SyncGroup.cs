namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// SyncGroup: key 14, versions 0-5. v3 adds the instance id (KIP-345), v4 is flexible, v5 adds the protocol (KIP-559).
/// </summary>
public sealed record SyncGroupRequest : IRequest<SyncGroupRequest, SyncGroupResponse>
{
    public static ApiKey Key => ApiKey.SyncGroup;

    public required string GroupId { get; init; }

    public int GenerationId { get; init; }

    public string MemberId { get; init; } = "";

    public string? GroupInstanceId { get; init; }

    public string? ProtocolType { get; init; }

    public string? ProtocolName { get; init; }

    /// <summary>What each member gets, from the leader only.</summary>
    public MemberAssignment[] Assignments { get; init; } = [];

    public static SyncGroupRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var request = new SyncGroupRequest
        {
            GroupId = wire.String(flexible),
            GenerationId = wire.Int32(),
            MemberId = wire.String(flexible),
            GroupInstanceId = version >= 3 ? wire.NullableString(flexible) : null,
            ProtocolType = version >= 5 ? wire.NullableString(flexible) : null,
            ProtocolName = version >= 5 ? wire.NullableString(flexible) : null,
            Assignments = wire.Array<MemberAssignment>(flexible, version),
        };
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
        if (version >= 5) wire.NullableString(ProtocolType, flexible);
        if (version >= 5) wire.NullableString(ProtocolName, flexible);
        wire.Array(Assignments, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct MemberAssignment(string MemberId, byte[] Assignment) : IWireValue<MemberAssignment>
    {
        public static MemberAssignment Read(ref WireReader wire, short version)
        {
            var flexible = version >= 4;
            var assignment = new MemberAssignment(wire.String(flexible), wire.Bytes(flexible));
            if (flexible) wire.SkipTags();
            return assignment;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 4;
            wire.String(MemberId, flexible);
            wire.Bytes(Assignment, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>SyncGroup: key 14, versions 0-5. v1 adds the throttle time, v4 is flexible, v5 adds the protocol.</summary>
public sealed record SyncGroupResponse : IWireValue<SyncGroupResponse>
{
    public int ThrottleTimeMs { get; init; }

    public ErrorCode ErrorCode { get; init; }

    public string? ProtocolType { get; init; }

    public string? ProtocolName { get; init; }

    public byte[] Assignment { get; init; } = [];

    public static SyncGroupResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var response = new SyncGroupResponse
        {
            ThrottleTimeMs = version >= 1 ? wire.Int32() : 0,
            ErrorCode = wire.ErrorCode(),
            ProtocolType = version >= 5 ? wire.NullableString(flexible) : null,
            ProtocolName = version >= 5 ? wire.NullableString(flexible) : null,
            Assignment = wire.Bytes(flexible),
        };
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 4;
        if (version >= 1) wire.Int32(ThrottleTimeMs);
        wire.ErrorCode(ErrorCode);
        if (version >= 5) wire.NullableString(ProtocolType, flexible);
        if (version >= 5) wire.NullableString(ProtocolName, flexible);
        wire.Bytes(Assignment, flexible);
        if (flexible) wire.NoTags();
    }
}

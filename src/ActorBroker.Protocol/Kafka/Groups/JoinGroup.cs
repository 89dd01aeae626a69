namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// JoinGroup: key 11, versions 0-9. v1 adds the rebalance timeout, v4 answers newcomers with their member id first (KIP-394),
/// v5 adds the instance id (KIP-345), v6 is flexible, v8 adds the reason (KIP-800).
/// </summary>
public sealed record JoinGroupRequest : IRequest<JoinGroupRequest, JoinGroupResponse>
{
    public static ApiKey Key => ApiKey.JoinGroup;

    public required string GroupId { get; init; }

    public int SessionTimeoutMs { get; init; }

    /// <summary>-1 in v0: the session timeout stands for it.</summary>
    public int RebalanceTimeoutMs { get; init; } = -1;

    /// <summary>Empty for a newcomer.</summary>
    public string MemberId { get; init; } = "";

    public string? GroupInstanceId { get; init; }

    public string ProtocolType { get; init; } = "";

    /// <summary>The assignment protocols that the member knows, best liked first.</summary>
    public Protocol[] Protocols { get; init; } = [];

    public string? Reason { get; init; }

    public static JoinGroupRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 6;
        var request = new JoinGroupRequest
        {
            GroupId = wire.String(flexible),
            SessionTimeoutMs = wire.Int32(),
            RebalanceTimeoutMs = version >= 1 ? wire.Int32() : -1,
            MemberId = wire.String(flexible),
            GroupInstanceId = version >= 5 ? wire.NullableString(flexible) : null,
            ProtocolType = wire.String(flexible),
            Protocols = wire.Array<Protocol>(flexible, version),
            Reason = version >= 8 ? wire.NullableString(flexible) : null,
        };
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 6;
        wire.String(GroupId, flexible);
        wire.Int32(SessionTimeoutMs);
        if (version >= 1) wire.Int32(RebalanceTimeoutMs);
        wire.String(MemberId, flexible);
        if (version >= 5) wire.NullableString(GroupInstanceId, flexible);
        wire.String(ProtocolType, flexible);
        wire.Array(Protocols, flexible, version);
        if (version >= 8) wire.NullableString(Reason, flexible);
        if (flexible) wire.NoTags();
    }

    /// <param name="Metadata">What only the group's members understand.</param>
    public readonly record struct Protocol(string Name, byte[] Metadata) : IWireValue<Protocol>
    {
        public static Protocol Read(ref WireReader wire, short version)
        {
            var flexible = version >= 6;
            var protocol = new Protocol(wire.String(flexible), wire.Bytes(flexible));
            if (flexible) wire.SkipTags();
            return protocol;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 6;
            wire.String(Name, flexible);
            wire.Bytes(Metadata, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>
/// JoinGroup: key 11, versions 0-9. v2 adds the throttle time, v5 instance ids, v6 is flexible, v7 adds the protocol's type,
/// v9 tells a leader to leave the assignment as it is (KIP-814).
/// </summary>
public sealed record JoinGroupResponse : IWireValue<JoinGroupResponse>
{
    public int ThrottleTimeMs { get; init; }

    public ErrorCode ErrorCode { get; init; }

    public int GenerationId { get; init; } = -1;

    public string? ProtocolType { get; init; }

    /// <summary>The protocol that all members know. Null before v7 is written as empty.</summary>
    public string? ProtocolName { get; init; }

    public string Leader { get; init; } = "";

    public bool SkipAssignment { get; init; }

    public string MemberId { get; init; } = "";

    /// <summary>All members, for the leader only.</summary>
    public Member[] Members { get; init; } = [];

    public static JoinGroupResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 6;
        var response = new JoinGroupResponse
        {
            ThrottleTimeMs = version >= 2 ? wire.Int32() : 0,
            ErrorCode = wire.ErrorCode(),
            GenerationId = wire.Int32(),
            ProtocolType = version >= 7 ? wire.NullableString(flexible) : null,
            ProtocolName = version >= 7 ? wire.NullableString(flexible) : wire.String(flexible),
            Leader = wire.String(flexible),
            SkipAssignment = version >= 9 && wire.Boolean(),
            MemberId = wire.String(flexible),
            Members = wire.Array<Member>(flexible, version),
        };
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 6;
        if (version >= 2) wire.Int32(ThrottleTimeMs);
        wire.ErrorCode(ErrorCode);
        wire.Int32(GenerationId);
        if (version >= 7) wire.NullableString(ProtocolType, flexible);
        if (version >= 7) wire.NullableString(ProtocolName, flexible);
        else wire.String(ProtocolName ?? "", flexible);
        wire.String(Leader, flexible);
        if (version >= 9) wire.Boolean(SkipAssignment);
        wire.String(MemberId, flexible);
        wire.Array(Members, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Member(string MemberId, string? GroupInstanceId, byte[] Metadata) : IWireValue<Member>
    {
        public static Member Read(ref WireReader wire, short version)
        {
            var flexible = version >= 6;
            var member = new Member(
                MemberId: wire.String(flexible),
                GroupInstanceId: version >= 5 ? wire.NullableString(flexible) : null,
                Metadata: wire.Bytes(flexible));
            if (flexible) wire.SkipTags();
            return member;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 6;
            wire.String(MemberId, flexible);
            if (version >= 5) wire.NullableString(GroupInstanceId, flexible);
            wire.Bytes(Metadata, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

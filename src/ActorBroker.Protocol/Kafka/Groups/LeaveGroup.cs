namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// LeaveGroup: key 13, versions 0-5. v3 takes many members (KIP-345), v4 is flexible, v5 adds the reason (KIP-800).
/// </summary>
/// <param name="Members">Exactly one up to v2, by its member id.</param>
public sealed record LeaveGroupRequest(string GroupId, LeaveGroupRequest.Member[] Members)
    : IRequest<LeaveGroupRequest, LeaveGroupResponse>
{
    public static ApiKey Key => ApiKey.LeaveGroup;

    public static LeaveGroupRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var request = new LeaveGroupRequest(
            GroupId: wire.String(flexible),
            Members: version <= 2 ? [new Member(wire.String(flexible))] : wire.Array<Member>(flexible, version));
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 4;
        wire.String(GroupId, flexible);
        if (version <= 2) wire.String(Members.Single().MemberId, flexible);
        else wire.Array(Members, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Member(string MemberId, string? GroupInstanceId = null, string? Reason = null)
        : IWireValue<Member>
    {
        public static Member Read(ref WireReader wire, short version)
        {
            var flexible = version >= 4;
            var member = new Member(
                MemberId: wire.String(flexible),
                GroupInstanceId: wire.NullableString(flexible),
                Reason: version >= 5 ? wire.NullableString(flexible) : null);
            if (flexible) wire.SkipTags();
            return member;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 4;
            wire.String(MemberId, flexible);
            wire.NullableString(GroupInstanceId, flexible);
            if (version >= 5) wire.NullableString(Reason, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>LeaveGroup: key 13, versions 0-5. v1 adds the throttle time, v3 answers each member, v4 is flexible.</summary>
/// <param name="Members">Not on the wire up to v2: there the one member's error is the response's.</param>
public sealed record LeaveGroupResponse(ErrorCode ErrorCode, LeaveGroupResponse.Member[] Members, int ThrottleTimeMs = 0)
    : IWireValue<LeaveGroupResponse>
{
    public static LeaveGroupResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 4;
        var throttle = version >= 1 ? wire.Int32() : 0;
        var response = new LeaveGroupResponse(
            ErrorCode: wire.ErrorCode(),
            Members: version >= 3 ? wire.Array<Member>(flexible, version) : [],
            ThrottleTimeMs: throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 4;
        if (version >= 1) wire.Int32(ThrottleTimeMs);
        wire.ErrorCode(version <= 2 && ErrorCode == ErrorCode.None && Members is [var only] ? only.ErrorCode : ErrorCode);
        if (version >= 3) wire.Array(Members, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Member(string MemberId, string? GroupInstanceId, ErrorCode ErrorCode) : IWireValue<Member>
    {
        public static Member Read(ref WireReader wire, short version)
        {
            var flexible = version >= 4;
            var member = new Member(wire.String(flexible), wire.NullableString(flexible), wire.ErrorCode());
            if (flexible) wire.SkipTags();
            return member;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 4;
            wire.String(MemberId, flexible);
            wire.NullableString(GroupInstanceId, flexible);
            wire.ErrorCode(ErrorCode);
            if (flexible) wire.NoTags();
        }
    }
}

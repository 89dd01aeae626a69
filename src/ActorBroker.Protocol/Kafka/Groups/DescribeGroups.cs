namespace ActorBroker.Protocol.Kafka;

/// <summary>DescribeGroups: key 15, versions 0-6. v3 adds authorized operations, v5 is flexible.</summary>
public sealed record DescribeGroupsRequest(string[] Groups, bool IncludeAuthorizedOperations = false)
    : IRequest<DescribeGroupsRequest, DescribeGroupsResponse>
{
    public static ApiKey Key => ApiKey.DescribeGroups;

    public static DescribeGroupsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 5;
        var request = new DescribeGroupsRequest(wire.Strings(flexible), version >= 3 && wire.Boolean());
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 5;
        wire.Strings(Groups, flexible);
        if (version >= 3) wire.Boolean(IncludeAuthorizedOperations);
        if (flexible) wire.NoTags();
    }
}

/// <summary>
/// DescribeGroups: key 15, versions 0-6. v1 adds the throttle time, v3 authorized operations, v4 instance ids, v5 is flexible,
/// v6 adds the message and answers GroupIdNotFound for an unknown group (KIP-1043).
/// </summary>
public sealed record DescribeGroupsResponse(DescribeGroupsResponse.Group[] Groups, int ThrottleTimeMs = 0)
    : IWireValue<DescribeGroupsResponse>
{
    public static DescribeGroupsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 5;
        var throttle = version >= 1 ? wire.Int32() : 0;
        var response = new DescribeGroupsResponse(wire.Array<Group>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 5;
        if (version >= 1) wire.Int32(ThrottleTimeMs);
        wire.Array(Groups, flexible, version);
        if (flexible) wire.NoTags();
    }

    public sealed record Group : IWireValue<Group>
    {
        public ErrorCode ErrorCode { get; init; }

        public string? ErrorMessage { get; init; }

        public required string GroupId { get; init; }

        /// <summary>Kafka's word for the state (<c>Stable</c>, <c>Empty</c>, <c>Dead</c>, ...), empty with an error.</summary>
        public string GroupState { get; init; } = "";

        public string ProtocolType { get; init; } = "";

        /// <summary>Name of the chosen assignment protocol.</summary>
        public string ProtocolData { get; init; } = "";

        public Member[] Members { get; init; } = [];

        public int AuthorizedOperations { get; init; } = Kafka.AuthorizedOperations.NotRequested;

        public static Group Read(ref WireReader wire, short version)
        {
            var flexible = version >= 5;
            var group = new Group
            {
                ErrorCode = wire.ErrorCode(),
                ErrorMessage = version >= 6 ? wire.NullableString(flexible) : null,
                GroupId = wire.String(flexible),
                GroupState = wire.String(flexible),
                ProtocolType = wire.String(flexible),
                ProtocolData = wire.String(flexible),
                Members = wire.Array<Member>(flexible, version),
                AuthorizedOperations = version >= 3 ? wire.Int32() : Kafka.AuthorizedOperations.NotRequested,
            };
            if (flexible) wire.SkipTags();
            return group;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 5;
            wire.ErrorCode(ErrorCode);
            if (version >= 6) wire.NullableString(ErrorMessage, flexible);
            wire.String(GroupId, flexible);
            wire.String(GroupState, flexible);
            wire.String(ProtocolType, flexible);
            wire.String(ProtocolData, flexible);
            wire.Array(Members, flexible, version);
            if (version >= 3) wire.Int32(AuthorizedOperations);
            if (flexible) wire.NoTags();
        }
    }

    public sealed record Member : IWireValue<Member>
    {
        public required string MemberId { get; init; }

        public string? GroupInstanceId { get; init; }

        public string ClientId { get; init; } = "";

        public string ClientHost { get; init; } = "";

        public byte[] MemberMetadata { get; init; } = [];

        public byte[] MemberAssignment { get; init; } = [];

        public static Member Read(ref WireReader wire, short version)
        {
            var flexible = version >= 5;
            var member = new Member
            {
                MemberId = wire.String(flexible),
                GroupInstanceId = version >= 4 ? wire.NullableString(flexible) : null,
                ClientId = wire.String(flexible),
                ClientHost = wire.String(flexible),
                MemberMetadata = wire.Bytes(flexible),
                MemberAssignment = wire.Bytes(flexible),
            };
            if (flexible) wire.SkipTags();
            return member;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 5;
            wire.String(MemberId, flexible);
            if (version >= 4) wire.NullableString(GroupInstanceId, flexible);
            wire.String(ClientId, flexible);
            wire.String(ClientHost, flexible);
            wire.Bytes(MemberMetadata, flexible);
            wire.Bytes(MemberAssignment, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

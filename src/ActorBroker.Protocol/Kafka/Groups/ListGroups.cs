namespace ActorBroker.Protocol.Kafka;

/// <summary>ListGroups: key 16, versions 0-5. v3 is flexible, v4 filters by state (KIP-518), v5 by type (KIP-848).</summary>
public sealed record ListGroupsRequest : IRequest<ListGroupsRequest, ListGroupsResponse>
{
    public static ApiKey Key => ApiKey.ListGroups;

    /// <summary>Empty: groups in any state.</summary>
    public string[] StatesFilter { get; init; } = [];

    /// <summary>Empty: groups of any type.</summary>
    public string[] TypesFilter { get; init; } = [];

    public static ListGroupsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 3;
        var request = new ListGroupsRequest
        {
            StatesFilter = version >= 4 ? wire.Strings(flexible) : [],
            TypesFilter = version >= 5 ? wire.Strings(flexible) : [],
        };
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 3;
        if (version >= 4) wire.Strings(StatesFilter, flexible);
        if (version >= 5) wire.Strings(TypesFilter, flexible);
        if (flexible) wire.NoTags();
    }
}

/// <summary>ListGroups: key 16, versions 0-5. v1 adds the throttle time, v3 is flexible, v4 adds states, v5 types.</summary>
public sealed record ListGroupsResponse(ErrorCode ErrorCode, ListGroupsResponse.Group[] Groups, int ThrottleTimeMs = 0)
    : IWireValue<ListGroupsResponse>
{
    public static ListGroupsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 3;
        var throttle = version >= 1 ? wire.Int32() : 0;
        var response = new ListGroupsResponse(wire.ErrorCode(), wire.Array<Group>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 3;
        if (version >= 1) wire.Int32(ThrottleTimeMs);
        wire.ErrorCode(ErrorCode);
        wire.Array(Groups, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Group(string GroupId, string ProtocolType, string GroupState, string GroupType)
        : IWireValue<Group>
    {
        public static Group Read(ref WireReader wire, short version)
        {
            var flexible = version >= 3;
            var group = new Group(
                GroupId: wire.String(flexible),
                ProtocolType: wire.String(flexible),
                GroupState: version >= 4 ? wire.String(flexible) : "",
                GroupType: version >= 5 ? wire.String(flexible) : "");
            if (flexible) wire.SkipTags();
            return group;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 3;
            wire.String(GroupId, flexible);
            wire.String(ProtocolType, flexible);
            if (version >= 4) wire.String(GroupState, flexible);
            if (version >= 5) wire.String(GroupType, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

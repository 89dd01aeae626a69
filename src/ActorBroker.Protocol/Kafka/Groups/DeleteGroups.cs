namespace ActorBroker.Protocol.Kafka;

/// <summary>DeleteGroups: key 42, versions 0-2. v2 is flexible.</summary>
public sealed record DeleteGroupsRequest(string[] GroupsNames) : IRequest<DeleteGroupsRequest, DeleteGroupsResponse>
{
    public static ApiKey Key => ApiKey.DeleteGroups;

    public static DeleteGroupsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var request = new DeleteGroupsRequest(wire.Strings(flexible));
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        wire.Strings(GroupsNames, flexible);
        if (flexible) wire.NoTags();
    }
}

/// <summary>DeleteGroups: key 42, versions 0-2. v2 is flexible.</summary>
public sealed record DeleteGroupsResponse(DeleteGroupsResponse.Result[] Results, int ThrottleTimeMs = 0)
    : IWireValue<DeleteGroupsResponse>
{
    public static DeleteGroupsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var throttle = wire.Int32();
        var response = new DeleteGroupsResponse(wire.Array<Result>(flexible, version), throttle);
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

    public readonly record struct Result(string GroupId, ErrorCode ErrorCode) : IWireValue<Result>
    {
        public static Result Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var result = new Result(wire.String(flexible), wire.ErrorCode());
            if (flexible) wire.SkipTags();
            return result;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.String(GroupId, flexible);
            wire.ErrorCode(ErrorCode);
            if (flexible) wire.NoTags();
        }
    }
}

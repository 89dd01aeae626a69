using ActorBroker.Core.Groups;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

/// <summary>LeaveGroup. Up to v2 it names one member, and its error is that of the whole.</summary>
internal sealed class LeaveGroupHandler(GroupGateway groups) : ApiHandler<LeaveGroupRequest, LeaveGroupResponse>
{
    private const short ManyMembers = 3;

    protected override async ValueTask<LeaveGroupResponse> HandleAsync(LeaveGroupRequest request, RequestContext context)
    {
        if (request.GroupId.Length == 0) return new(ErrorCode.InvalidGroupId, []);
        var version = context.Version;
        var reply = await groups.CallAsync(
            request.GroupId,
            ticket => new GroupInput.Leave(ticket,
                [.. request.Members.Select(each => new GroupInput.Leaver(each.MemberId, each.GroupInstanceId))]),
            context.Closed).ConfigureAwait(false);
        if (reply is not GroupReply.Left { Error: ErrorCode.None } left) return new(reply.Error, []);
        if (version < ManyMembers) return new(left.Results[0], []);
        var members = request.Members.Zip(left.Results,
            (each, error) => new LeaveGroupResponse.Member(each.MemberId, each.GroupInstanceId, error));
        return new(ErrorCode.None, [.. members]);
    }
}

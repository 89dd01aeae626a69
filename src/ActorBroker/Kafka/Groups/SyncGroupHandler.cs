using ActorBroker.Core.Groups;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

/// <summary>SyncGroup. The answer waits for the leader's.</summary>
internal sealed class SyncGroupHandler(GroupGateway groups) : ApiHandler<SyncGroupRequest, SyncGroupResponse>
{
    protected override async ValueTask<SyncGroupResponse> HandleAsync(SyncGroupRequest request, RequestContext context)
    {
        if (request.GroupId.Length == 0) return new() { ErrorCode = ErrorCode.InvalidGroupId };
        var reply = await groups.CallAsync(
            request.GroupId,
            ticket => new GroupInput.Sync(ticket, request.MemberId, request.GroupInstanceId, request.GenerationId,
                request.ProtocolType, request.ProtocolName,
                [.. request.Assignments.Select(each => new MemberAssignment(each.MemberId, each.Assignment))]),
            context.Closed).ConfigureAwait(false);
        return reply is GroupReply.Synced synced
            ? new()
            {
                ErrorCode = synced.Error,
                ProtocolType = synced.ProtocolType,
                ProtocolName = synced.Protocol,
                Assignment = synced.Assignment.ToArray(),
            }
            : new() { ErrorCode = reply.Error };
    }
}

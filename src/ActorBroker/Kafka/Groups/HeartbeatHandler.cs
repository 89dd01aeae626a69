using ActorBroker.Core.Groups;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

internal sealed class HeartbeatHandler(GroupGateway groups) : ApiHandler<HeartbeatRequest, HeartbeatResponse>
{
    protected override async ValueTask<HeartbeatResponse> HandleAsync(HeartbeatRequest request, RequestContext context)
    {
        if (request.GroupId.Length == 0) return new(ErrorCode.InvalidGroupId);
        var reply = await groups.CallAsync(
            request.GroupId,
            ticket => new GroupInput.Heartbeat(ticket, request.MemberId, request.GroupInstanceId, request.GenerationId),
            context.Closed).ConfigureAwait(false);
        return new(reply.Error);
    }
}

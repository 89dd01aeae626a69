using ActorBroker.Core.Groups;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

internal sealed class DeleteGroupsHandler(GroupGateway groups) : ApiHandler<DeleteGroupsRequest, DeleteGroupsResponse>
{
    protected override async ValueTask<DeleteGroupsResponse> HandleAsync(DeleteGroupsRequest request, RequestContext context)
    {
        var replies = await Task.WhenAll(request.GroupsNames.Select(group =>
            groups.CallAsync(group, ticket => new GroupInput.Delete(ticket), context.Closed))).ConfigureAwait(false);
        return new([.. request.GroupsNames.Zip(replies, (group, reply) => new DeleteGroupsResponse.Result(group, reply.Error))]);
    }
}

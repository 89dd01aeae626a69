using ActorBroker.Core.Groups;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

internal sealed class DescribeGroupsHandler(GroupGateway groups) : ApiHandler<DescribeGroupsRequest, DescribeGroupsResponse>
{
    /// <summary>From this version on an unknown group is an error (KIP-1043); before, it is one that is dead.</summary>
    private const short UnknownIsError = 6;

    protected override async ValueTask<DescribeGroupsResponse> HandleAsync(DescribeGroupsRequest request, RequestContext context)
    {
        var version = context.Version;
        var operations = request.IncludeAuthorizedOperations
            ? AuthorizedOperations.AllOfGroup : AuthorizedOperations.NotRequested;
        var answers = new DescribeGroupsResponse.Group[request.Groups.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            var id = request.Groups[i];
            var (error, found) = await groups.LookAsync(id, group => group?.Describe(), context.Closed).ConfigureAwait(false);
            answers[i] = found is not null ? ResponseOf(found, operations)
                : error is ErrorCode.None ? Unknown(id, version, operations)
                : new() { GroupId = id, ErrorCode = error, AuthorizedOperations = operations };
        }
        return new(answers);
    }

    private static DescribeGroupsResponse.Group Unknown(string id, short version, int operations) => new()
    {
        GroupId = id,
        GroupState = nameof(GroupState.Dead),
        ErrorCode = version >= UnknownIsError ? ErrorCode.GroupIdNotFound : ErrorCode.None,
        ErrorMessage = version >= UnknownIsError ? $"Group {id} not found." : null,
        AuthorizedOperations = operations,
    };

    private static DescribeGroupsResponse.Group ResponseOf(GroupDescription group, int operations) => new()
    {
        GroupId = group.Group,
        GroupState = group.State.ToString(),
        ProtocolType = group.ProtocolType,
        ProtocolData = group.Protocol,
        AuthorizedOperations = operations,
        Members =
        [
            .. group.Members.Select(each => new DescribeGroupsResponse.Member
            {
                MemberId = each.MemberId,
                GroupInstanceId = each.InstanceId,
                ClientId = each.ClientId,
                ClientHost = each.ClientHost,
                MemberMetadata = each.Metadata.ToArray(),
                MemberAssignment = each.Assignment.ToArray(),
            }),
        ],
    };
}

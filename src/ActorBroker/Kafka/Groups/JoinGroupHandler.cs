using ActorBroker.Core;
using ActorBroker.Core.Groups;
using ActorBroker.Groups;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

/// <summary>JoinGroup. The answer may take as long as a rebalance.</summary>
/// <param name="newId">A source of ids, for members.</param>
internal sealed class JoinGroupHandler(GroupGateway groups, Func<Guid> newId) : ApiHandler<JoinGroupRequest, JoinGroupResponse>
{
    /// <summary>From this version on a newcomer is first told its member id (KIP-394).</summary>
    private const short MemberIdRequired = 4;

    /// <summary>From this version on a leader can be told that the assignment stands (KIP-814).</summary>
    private const short SkipAssignment = 9;

    protected override async ValueTask<JoinGroupResponse> HandleAsync(JoinGroupRequest request, RequestContext context)
    {
        if (request.GroupId.Length == 0)
            return new() { ErrorCode = ErrorCode.InvalidGroupId, MemberId = request.MemberId };
        var reply = await groups.CallAsync(request.GroupId, Input(request, context), context.Closed).ConfigureAwait(false);
        return reply is GroupReply.Joined joined
            ? ResponseOf(joined)
            : new() { ErrorCode = reply.Error, MemberId = request.MemberId };
    }

    private Func<Ticket, GroupInput> Input(JoinGroupRequest request, RequestContext context)
    {
        var newMemberId = $"{request.GroupInstanceId ?? context.ClientId}-{newId()}";
        var session = TimeSpan.FromMilliseconds(request.SessionTimeoutMs);
        var rebalance = request.RebalanceTimeoutMs >= 0 ? TimeSpan.FromMilliseconds(request.RebalanceTimeoutMs) : session;
        var (clientId, version) = (context.ClientId, context.Version); // The context is used again.
        return ticket => new GroupInput.Join(ticket, request.MemberId, request.GroupInstanceId, clientId, context.Client.Host,
            session, rebalance, request.ProtocolType,
            [.. request.Protocols.Select(each => new MemberProtocol(each.Name, each.Metadata))],
            newMemberId, MustKnowItsId: version >= MemberIdRequired, MaySkipAssignment: version >= SkipAssignment);
    }

    private static JoinGroupResponse ResponseOf(GroupReply.Joined joined) => new()
    {
        ErrorCode = joined.Error,
        GenerationId = joined.Generation,
        ProtocolType = joined.ProtocolType,
        ProtocolName = joined.Protocol,
        Leader = joined.Leader,
        SkipAssignment = joined.SkipAssignment,
        MemberId = joined.MemberId,
        Members =
        [
            .. joined.Members.Select(each =>
                new JoinGroupResponse.Member(each.MemberId, each.InstanceId, each.Metadata.ToArray())),
        ],
    };
}

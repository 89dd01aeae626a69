using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients.Consuming;

namespace ActorBroker.Server.Clients.Admin;

/// <summary>Looks at consumer groups and deletes them.</summary>
internal sealed class GroupAdmin(KafkaClient client)
{
    /// <summary>The groups of all brokers.</summary>
    public Task<List<ListGroupsResponse.Group>> ListAsync(CancellationToken cancellation) =>
        Retry.RunAsync(client.Options, async token =>
        {
            var metadata = await client.RefreshAsync([], token);
            var groups = new List<ListGroupsResponse.Group>();
            foreach (var broker in metadata.Response.Brokers)
            {
                var connection = await client.BrokerAsync(broker.NodeId, Purpose.General, token);
                var response = await connection.SendAsync(new ListGroupsRequest(), token);
                KafkaException.ThrowIfError(response.ErrorCode);
                groups.AddRange(response.Groups);
            }
            groups.Sort((a, b) => string.CompareOrdinal(a.GroupId, b.GroupId));
            return groups;
        }, cancellation);

    /// <exception cref="KafkaException">No such group, where the broker says so.</exception>
    public async Task<GroupDescription> DescribeAsync(string group, CancellationToken cancellation)
    {
        var coordinator = new GroupCoordinator(client, group);
        var response = await coordinator.SendAsync(
            new DescribeGroupsRequest([group]),
            r => r.Groups[0].ErrorCode is ErrorCode.GroupIdNotFound ? ErrorCode.None : r.Groups[0].ErrorCode,
            cancellation);
        var connection = await coordinator.ConnectAsync(cancellation);
        var described = response.Groups[0];
        if (described.ErrorCode == ErrorCode.GroupIdNotFound)
            throw new KafkaException(described.ErrorCode, $"There is no group {group}");
        return new(described, connection.Address, described.Members.ToDictionary(m => m.MemberId, AssignmentOf));
    }

    public Task<Dictionary<TopicPartition, Offset>> OffsetsAsync(string group, CancellationToken cancellation) =>
        GroupOffsets.FetchAsync(new(client, group), null, cancellation);

    public async Task DeleteAsync(string group, CancellationToken cancellation) =>
        await new GroupCoordinator(client, group)
            .SendAsync(new DeleteGroupsRequest([group]), r => r.Results[0].ErrorCode, cancellation);

    private static List<TopicPartition> AssignmentOf(DescribeGroupsResponse.Member member)
    {
        try
        {
            return ConsumerProtocol.ReadAssignment(member.MemberAssignment);
        }
        catch (WireException)
        {
            return []; // Not a consumer's: other programs use groups too.
        }
    }
}

internal sealed record GroupDescription(
    DescribeGroupsResponse.Group Group, HostAndPort Coordinator, IReadOnlyDictionary<string, List<TopicPartition>> Assignments)
{
    /// <summary>Older brokers answer so, without an error, for a group that they do not know.</summary>
    public bool IsUnknown => Group.GroupState == "Dead";
}

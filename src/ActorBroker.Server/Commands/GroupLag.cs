using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;
using ActorBroker.Server.Clients.Consuming;

namespace ActorBroker.Server.Commands;

/// <summary>How far a group is in one partition, and who reads it.</summary>
/// <param name="Current">The committed offset, if there is one.</param>
/// <param name="LogEnd">Where the log ends, if the partition exists.</param>
/// <param name="Member">Who reads it, if anybody does.</param>
internal sealed record GroupLag(TopicPartition Partition, Offset? Current, Offset? LogEnd, DescribeGroupsResponse.Member? Member)
{
    public long? Lag => LogEnd - Current;

    /// <summary>All partitions that the group has committed in or was assigned.</summary>
    public static async Task<List<GroupLag>> ReadAsync(
        KafkaClient client, GroupDescription described, CancellationToken cancellation)
    {
        var committed = await new GroupAdmin(client).OffsetsAsync(described.Group.GroupId, cancellation);
        var owners = new Dictionary<TopicPartition, DescribeGroupsResponse.Member>();
        foreach (var member in described.Group.Members)
            foreach (var partition in described.Assignments[member.MemberId]) owners[partition] = member;

        var partitions = committed.Keys.Union(owners.Keys).OrderBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Partition)
            .ToList();
        var ends = await EndsAsync(client, partitions, cancellation);
        return partitions.ConvertAll(p => new GroupLag(p, Find(committed, p), Find(ends, p), owners.GetValueOrDefault(p)));
    }

    /// <summary>Partitions of deleted topics are left out.</summary>
    private static async Task<Dictionary<TopicPartition, Offset>> EndsAsync(
        KafkaClient client, List<TopicPartition> partitions, CancellationToken cancellation)
    {
        if (partitions.Count == 0) return [];
        var metadata = await new TopicAdmin(client).ListAsync([.. partitions.Select(p => p.Topic).Distinct()], cancellation);
        var existing = partitions.Where(
            p => metadata.Topic(p.Topic)?.ErrorCode == ErrorCode.None && metadata.Partition(p) is not null);
        return await OffsetQueries.ListAsync(client, existing.ToDictionary(p => p, _ => OffsetQueries.Latest), cancellation);
    }

    private static Offset? Find(Dictionary<TopicPartition, Offset> offsets, TopicPartition partition) =>
        offsets.TryGetValue(partition, out var offset) ? offset : null;
}

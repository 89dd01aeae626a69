using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Consuming;

/// <summary>
/// Who commits: a member of a generation, or nobody (-1), which the coordinator takes only for a group without members.
/// </summary>
internal readonly record struct Committer(int Generation, string MemberId, string? InstanceId)
{
    public static readonly Committer Nobody = new(-1, "", null);
}

/// <summary>Reads and writes the committed offsets of a group.</summary>
internal static class GroupOffsets
{
    /// <param name="partitions">Null: all that have a committed offset.</param>
    /// <returns>Partitions without a committed offset are left out.</returns>
    public static async Task<Dictionary<TopicPartition, Offset>> FetchAsync(
        GroupCoordinator coordinator, IReadOnlyCollection<TopicPartition>? partitions, CancellationToken cancellation)
    {
        var topics = partitions?.GroupBy(p => p.Topic)
            .Select(t => new OffsetFetchRequest.Topic(t.Key, [.. t.Select(p => p.Partition)])).ToArray();
        var response = await coordinator.SendAsync(
            new OffsetFetchRequest([new(coordinator.GroupId, topics)], RequireStable: true),
            r => r.Groups[0].ErrorCode, cancellation);
        var offsets = new Dictionary<TopicPartition, Offset>();
        foreach (var topic in response.Groups[0].Topics)
            foreach (var partition in topic.Partitions)
            {
                KafkaException.ThrowIfError(partition.ErrorCode);
                if (!partition.CommittedOffset.IsNone) offsets[new(topic.Name, partition.Index)] = partition.CommittedOffset;
            }
        return offsets;
    }

    /// <exception cref="KafkaException">The first partition's error, if any has one.</exception>
    public static async Task CommitAsync(
        GroupCoordinator coordinator, Committer committer, IReadOnlyDictionary<TopicPartition, Offset> offsets,
        CancellationToken cancellation)
    {
        if (offsets.Count == 0) return;
        await coordinator.SendAsync(
            new OffsetCommitRequest
            {
                GroupId = coordinator.GroupId,
                GenerationIdOrMemberEpoch = committer.Generation,
                MemberId = committer.MemberId,
                GroupInstanceId = committer.InstanceId,
                Topics = [.. offsets.GroupBy(o => o.Key.Topic).Select(topic => new OffsetCommitRequest.Topic(
                    topic.Key,
                    [.. topic.Select(o => new OffsetCommitRequest.Partition(o.Key.Partition, o.Value, Epoch.None, ""))]))],
            },
            FirstError, cancellation);
    }

    private static ErrorCode FirstError(OffsetCommitResponse response) =>
        response.Topics.SelectMany(t => t.Partitions).Select(p => p.ErrorCode).FirstOrDefault(e => e != ErrorCode.None);
}

using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Cluster;

/// <summary>DescribeTopicPartitions: topics in the order of their names, page by page.</summary>
internal sealed class DescribeTopicPartitionsHandler(MetadataCache metadata)
    : ApiHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>
{
    private const int MaxPartitions = 2000;

    protected override ValueTask<DescribeTopicPartitionsResponse> HandleAsync(
        DescribeTopicPartitionsRequest request, RequestContext context)
    {
        var image = metadata.Shown;
        var room = Math.Clamp(request.ResponsePartitionLimit, 1, MaxPartitions);
        var topics = new List<DescribeTopicPartitionsResponse.Topic>();
        foreach (var name in NamesFrom(request, image))
        {
            if (image.Topic(name) is not { } topic)
            {
                var isLegal = TopicNames.Problem(name) is null;
                var error = isLegal ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException;
                topics.Add(new() { Name = name, ErrorCode = error });
                continue;
            }
            var first = request.Cursor is { } cursor && cursor.TopicName == name
                ? Math.Clamp(cursor.PartitionIndex, 0, topic.Partitions.Length)
                : 0;
            if (room == 0) return Page(topics, new DescribeTopicPartitionsCursor(name, first));
            var count = Math.Min(room, topic.Partitions.Length - first);
            room -= count;
            topics.Add(Describe(topic, topic.Partitions.AsSpan().Slice(first, count), image, metadata.Lease));
            if (first + count < topic.Partitions.Length)
                return Page(topics, new DescribeTopicPartitionsCursor(name, first + count));
        }
        return Page(topics, null);
    }

    private static ValueTask<DescribeTopicPartitionsResponse> Page(
        List<DescribeTopicPartitionsResponse.Topic> topics, DescribeTopicPartitionsCursor? next) =>
        new(new DescribeTopicPartitionsResponse([.. topics], next));

    private static IEnumerable<string> NamesFrom(DescribeTopicPartitionsRequest request, MetadataImage image) =>
        (request.Topics.Length == 0 ? image.Topics.Keys : request.Topics.Distinct(StringComparer.Ordinal))
        .Where(name => request.Cursor is not { } cursor || string.CompareOrdinal(name, cursor.TopicName) >= 0)
        .Order(StringComparer.Ordinal);

    private static DescribeTopicPartitionsResponse.Topic Describe(
        TopicImage topic, ReadOnlySpan<PartitionImage> partitions, MetadataImage image, ServingLease lease)
    {
        var described = new DescribeTopicPartitionsResponse.Partition[partitions.Length];
        for (var i = 0; i < described.Length; i++)
        {
            var partition = partitions[i];
            var leader = lease.LeaderOf(partition, image);
            described[i] = new()
            {
                ErrorCode = leader.IsNone ? ErrorCode.LeaderNotAvailable : ErrorCode.None,
                Index = partition.Index,
                LeaderId = leader,
                LeaderEpoch = partition.LeaderEpoch,
                ReplicaNodes = [.. partition.Replicas],
                IsrNodes = [.. partition.Isr],
                EligibleLeaderReplicas = [.. partition.Elr],
                LastKnownElr = [],
                OfflineReplicas = BrokerAddresses.Offline(partition, image),
            };
        }
        return new()
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = topic.IsInternal,
            Partitions = described,
            TopicAuthorizedOperations = AuthorizedOperations.AllOfTopic,
        };
    }
}

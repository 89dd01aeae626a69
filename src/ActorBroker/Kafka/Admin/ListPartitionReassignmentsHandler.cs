using ActorBroker.Core.Metadata;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Admin;

/// <summary>ListPartitionReassignments: which replicas are being moved, as far as this broker knows.</summary>
internal sealed class ListPartitionReassignmentsHandler(MetadataCache metadata)
    : ApiHandler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>
{
    protected override ValueTask<ListPartitionReassignmentsResponse> HandleAsync(
        ListPartitionReassignmentsRequest request, RequestContext context)
    {
        var image = metadata.Current;
        var asked = request.Topics is { } topics
            ? topics.Select(t => (t.Name, Partitions: t.Partitions.Distinct()
                .Select(p => image.Partition(new TopicPartition(t.Name, p))).OfType<PartitionImage>()))
            : image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal)
                .Select(t => (t.Name, Partitions: t.Partitions.AsEnumerable()));
        var moving = asked.Select(t => new ListPartitionReassignmentsResponse.Topic(
            t.Name, [.. t.Partitions.Where(p => p.IsMoving).Select(Describe)]));
        return new(new ListPartitionReassignmentsResponse([.. moving.Where(t => t.Partitions.Length > 0)]));
    }

    private static ListPartitionReassignmentsResponse.Partition Describe(PartitionImage partition) => new(
        partition.Index, [.. partition.Replicas], [.. partition.Adding], [.. partition.Removing]);
}

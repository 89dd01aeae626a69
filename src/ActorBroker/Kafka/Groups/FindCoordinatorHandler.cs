using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Groups;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Kafka.Cluster;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

/// <summary>FindCoordinator: the leader of the group's partition of <c>__consumer_offsets</c>, a topic that the first to ask
/// brings about. Not yet: coordinators of transactions.</summary>
internal sealed class FindCoordinatorHandler(MetadataCache metadata, IController controller, TopicIds ids, BrokerOptions options)
    : ApiHandler<FindCoordinatorRequest, FindCoordinatorResponse>
{
    private static readonly TimeSpan CreateTimeout = TimeSpan.FromSeconds(15);

    protected override async ValueTask<FindCoordinatorResponse> HandleAsync(
        FindCoordinatorRequest request, RequestContext context)
    {
        if (request.KeyType is not CoordinatorType.Group)
        {
            return All(request, key => FindCoordinatorResponse.Coordinator.None(key, ErrorCode.InvalidRequest,
                "This broker coordinates groups only: transactions and share groups are not supported."));
        }
        if (metadata.Current.Topic(TopicImage.ConsumerOffsets) is null) await CreateTopicAsync().ConfigureAwait(false);
        var image = metadata.Shown;
        return All(request, key => Find(key, image, metadata.Lease, context.Client));
    }

    private static FindCoordinatorResponse All(
        FindCoordinatorRequest request, Func<string, FindCoordinatorResponse.Coordinator> find) =>
        new(0, Array.ConvertAll(request.CoordinatorKeys, key => find(key)));

    private static FindCoordinatorResponse.Coordinator Find(
        string group, MetadataImage image, ServingLease lease, ClientConnection client)
    {
        if (image.Topic(TopicImage.ConsumerOffsets)?.Partitions is not { } partitions
            || !image.Brokers.TryGetValue(
                lease.LeaderOf(partitions[GroupPartition.Of(group, partitions.Length)], image), out var broker))
        {
            return FindCoordinatorResponse.Coordinator.None(group, ErrorCode.CoordinatorNotAvailable,
                $"The partition of {TopicImage.ConsumerOffsets} that the group belongs to has no leader yet; try again.");
        }
        var (host, port) = BrokerAddresses.Of(broker, client);
        return new(group, broker.Id, host, port, ErrorCode.None, null);
    }

    /// <summary>Whether it was made, by us or by another, the metadata shows afterwards.</summary>
    private async Task CreateTopicAsync()
    {
        var topic = InternalTopics.ConsumerOffsets(ids.Next(), options.Groups, Placement.UsableBrokers(metadata.Current));
        try
        {
            await controller.AskAsync(new ClusterCommand.CreateTopics([topic]), CreateTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The client tries again, as it does whenever there is no leader.
        }
    }
}

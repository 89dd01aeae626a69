using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Cluster;

/// <summary>Metadata: who leads what. A topic that is asked for by name and not there is made, if both sides want that,
/// and the answer has it already: clients give up early on one that has it "soon".</summary>
internal sealed class MetadataHandler(MetadataCache metadata, IController controller, TopicIds ids, BrokerOptions options)
    : ApiHandler<MetadataRequest, MetadataResponse>
{
    private static readonly TimeSpan CreateTimeout = TimeSpan.FromSeconds(15);

    protected override async ValueTask<MetadataResponse> HandleAsync(MetadataRequest request, RequestContext context)
    {
        var image = metadata.Shown;
        var failed = ImmutableDictionary<string, ErrorCode>.Empty;
        if (request is { Topics: not null, AllowAutoTopicCreation: true } && options.Topics.AutoCreate)
        {
            failed = await CreateMissingAsync(request.Topics, image).ConfigureAwait(false);
            image = metadata.Shown;
        }
        return new MetadataResponse
        {
            Brokers = [.. image.ServingBrokers.Select(b => Broker(b, context.Client))],
            ClusterId = image.ClusterId,
            ControllerId = BrokerAddresses.Controller(metadata, options.Id),
            Topics = request.Topics is null
                ? [.. image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal)
                    .Select(t => Found(t, image, metadata.Lease, request, context.Version))]
                : Array.ConvertAll(request.Topics, t => Topic(t, image, metadata.Lease, failed, request, context.Version)),
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations
                ? AuthorizedOperations.AllOfCluster
                : AuthorizedOperations.NotRequested,
        };
    }

    private async ValueTask<ImmutableDictionary<string, ErrorCode>> CreateMissingAsync(
        MetadataRequest.Topic[] topics, MetadataImage image)
    {
        var missing = topics.Where(t => t.Name is not null && image.Topic(t.Name) is null).Select(t => t.Name!)
            .Distinct(StringComparer.Ordinal).Where(name => TopicNames.Problem(name) is null).ToArray();
        if (missing.Length == 0) return ImmutableDictionary<string, ErrorCode>.Empty;
        var command = new ClusterCommand.CreateTopics(
            [.. missing.Select(name => InternalTopics.Auto(name, ids.Next(), options, Placement.UsableBrokers(image)))]);
        try
        {
            var answer = await controller.AskAsync<ClusterCommand.CreateTopics.Answer>(command, CreateTimeout)
                .ConfigureAwait(false);
            // One that exists by now was made by somebody else at the same time.
            return answer.Topics.Where(t => t.Verdict.Error is not (ErrorCode.None or ErrorCode.TopicAlreadyExists))
                .ToImmutableDictionary(t => t.Name!, t => t.Verdict.Error, StringComparer.Ordinal);
        }
        catch (TimeoutException)
        {
            return missing.ToImmutableDictionary(name => name, _ => ErrorCode.LeaderNotAvailable, StringComparer.Ordinal);
        }
    }

    private static MetadataResponse.Broker Broker(BrokerImage broker, ClientConnection client)
    {
        var (host, port) = BrokerAddresses.Of(broker, client);
        return new MetadataResponse.Broker(broker.Id, host, port, broker.Rack);
    }

    private static MetadataResponse.Topic Topic(
        MetadataRequest.Topic asked, MetadataImage image, ServingLease lease, ImmutableDictionary<string, ErrorCode> failed,
        MetadataRequest request, short version)
    {
        if (asked.Name is null)
        {
            return image.Topic(asked.TopicId) is { } byId
                ? Found(byId, image, lease, request, version)
                : new MetadataResponse.Topic { ErrorCode = ErrorCode.UnknownTopicId, TopicId = asked.TopicId };
        }
        if (image.Topic(asked.Name) is { } byName) return Found(byName, image, lease, request, version);
        var error = TopicNames.Problem(asked.Name) is null
            ? failed.GetValueOrDefault(asked.Name, ErrorCode.UnknownTopicOrPartition)
            : ErrorCode.InvalidTopicException;
        return new MetadataResponse.Topic { ErrorCode = error, Name = asked.Name };
    }

    private static MetadataResponse.Topic Found(
        TopicImage topic, MetadataImage image, ServingLease lease, MetadataRequest request, short version)
    {
        var partitions = new MetadataResponse.Partition[topic.Partitions.Length];
        for (var i = 0; i < partitions.Length; i++) partitions[i] = Partition(topic.Partitions[i], image, lease, version);
        return new MetadataResponse.Topic
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = topic.IsInternal,
            Partitions = partitions,
            TopicAuthorizedOperations = request.IncludeTopicAuthorizedOperations
                ? AuthorizedOperations.AllOfTopic
                : AuthorizedOperations.NotRequested,
        };
    }

    private static MetadataResponse.Partition Partition(
        PartitionImage partition, MetadataImage image, ServingLease lease, short version)
    {
        var offline = BrokerAddresses.Offline(partition, image);
        var leader = lease.LeaderOf(partition, image);
        return new MetadataResponse.Partition
        {
            // Before version 2, a missing replica was an error of its own.
            ErrorCode = leader.IsNone ? ErrorCode.LeaderNotAvailable
                : version < 2 && offline.Length > 0 ? ErrorCode.ReplicaNotAvailable
                : ErrorCode.None,
            Index = partition.Index,
            LeaderId = leader,
            LeaderEpoch = partition.LeaderEpoch,
            ReplicaNodes = [.. partition.Replicas],
            IsrNodes = [.. partition.Isr],
            OfflineReplicas = offline,
        };
    }
}

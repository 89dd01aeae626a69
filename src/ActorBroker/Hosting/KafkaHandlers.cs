using ActorBroker.Controller;
using ActorBroker.Kafka;
using ActorBroker.Kafka.Admin;
using ActorBroker.Kafka.Cluster;
using ActorBroker.Kafka.Fetch;
using ActorBroker.Kafka.Groups;
using ActorBroker.Kafka.Offsets;
using ActorBroker.Kafka.Produce;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Hosting;

/// <summary>The table of all Kafka APIs that the broker answers.</summary>
internal static class KafkaHandlers
{
    public static ApiHandlers Of(BrokerParts parts, IController controller)
    {
        var (options, environment, directories, metadata, replicas, coordinators) = parts;
        var topicIds = new TopicIds(environment.NewId);
        return new ApiHandlers(
            new ProduceHandler(replicas, environment.Time, environment.Logging.CreateLogger<ProduceHandler>()),
            [
                new ApiVersionsHandler(),
                new MetadataHandler(metadata, controller, topicIds, options),
                new DescribeClusterHandler(metadata, options),
                new DescribeTopicPartitionsHandler(metadata),
                new FetchHandler(
                    replicas, options.Sockets.FetchMaxBytes,
                    new FetchSessions(options.Sockets.FetchSessions, environment.Time, () => (int)(uint)environment.NewId()),
                    environment.Time, parts.Quotas.Leader, environment.Pool),
                new ListOffsetsHandler(replicas),
                new OffsetForLeaderEpochHandler(replicas),
                new DeleteRecordsHandler(replicas),
                new InitProducerIdHandler(new ProducerIds(controller, options.Id, environment.Pool)),
                new CreateTopicsHandler(metadata, controller, topicIds, options),
                new DeleteTopicsHandler(controller),
                new CreatePartitionsHandler(controller),
                new ElectLeadersHandler(controller),
                new AlterPartitionReassignmentsHandler(controller),
                new ListPartitionReassignmentsHandler(metadata),
                new DecommissionBrokerHandler(controller),
                new DescribeLogDirsHandler(directories),
                new DescribeConfigsHandler(metadata, options),
                new AlterConfigsHandler(controller),
                new IncrementalAlterConfigsHandler(controller),
                .. GroupHandlers.All(options, metadata, coordinators, controller, topicIds, () => ToGuid(environment.NewId()),
                    environment.Pool),
            ]);
    }

    private static Guid ToGuid(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        new TopicId(id).Write(bytes);
        return new Guid(bytes, bigEndian: true);
    }
}

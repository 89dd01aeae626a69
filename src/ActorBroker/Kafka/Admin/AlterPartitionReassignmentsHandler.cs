using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Admin;

/// <summary>AlterPartitionReassignments: moves replicas to other brokers, or calls that off.</summary>
internal sealed class AlterPartitionReassignmentsHandler(IController controller)
    : ApiHandler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>
{
    protected override async ValueTask<AlterPartitionReassignmentsResponse> HandleAsync(
        AlterPartitionReassignmentsRequest request, RequestContext context)
    {
        var moves = request.Topics.SelectMany(t => t.Partitions.Select(p => new Reassignment(
            new TopicPartition(t.Name, p.Index), p.Replicas is { } replicas ? [.. replicas] : default)));
        var command = new ClusterCommand.AlterReassignments([.. moves], request.AllowReplicationFactorChange);
        var response = new AlterPartitionReassignmentsResponse
        {
            AllowReplicationFactorChange = request.AllowReplicationFactorChange,
        };
        try
        {
            var answer = await controller.AskAsync<ClusterCommand.AlterReassignments.Answer>(
                command, AdminTimeout.Of(request.TimeoutMs)).ConfigureAwait(false);
            return response with { Topics = Topics(answer.Partitions) };
        }
        catch (TimeoutException)
        {
            return response with { ErrorCode = AdminTimeout.Verdict.Error, ErrorMessage = AdminTimeout.Verdict.Message };
        }
    }

    private static AlterPartitionReassignmentsResponse.Topic[] Topics(ImmutableArray<PartitionResult> results) =>
    [
        .. results.GroupBy(r => r.Partition.Topic, StringComparer.Ordinal)
            .Select(topic => new AlterPartitionReassignmentsResponse.Topic(
                topic.Key,
                [.. topic.Select(r => new AlterPartitionReassignmentsResponse.Partition(
                    r.Partition.Partition, r.Verdict.Error, r.Verdict.Message))])),
    ];
}

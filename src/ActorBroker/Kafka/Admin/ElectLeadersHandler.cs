using System.Collections.Immutable;
using ActorBroker.Controller;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Admin;

/// <summary>ElectLeaders: gives partitions back to their preferred leaders, or a leader at any price.</summary>
internal sealed class ElectLeadersHandler(IController controller) : ApiHandler<ElectLeadersRequest, ElectLeadersResponse>
{
    protected override async ValueTask<ElectLeadersResponse> HandleAsync(ElectLeadersRequest request, RequestContext context)
    {
        if (request.ElectionType is not (ElectLeadersRequest.Preferred or ElectLeadersRequest.Unclean))
            return new ElectLeadersResponse([], ErrorCode.InvalidRequest);
        var type = request.ElectionType == ElectLeadersRequest.Preferred ? ElectionType.Preferred : ElectionType.Unclean;
        ImmutableArray<TopicPartition> partitions = request.Topics is { } topics
            ? [.. topics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p)))]
            : default;
        try
        {
            var answer = await controller.AskAsync<ClusterCommand.ElectLeaders.Answer>(
                new ClusterCommand.ElectLeaders(type, partitions), AdminTimeout.Of(request.TimeoutMs)).ConfigureAwait(false);
            return Response(answer.Partitions, ErrorCode.None);
        }
        catch (TimeoutException)
        {
            // Version 0 has no place for an error of the whole.
            var named = partitions.IsDefault ? [] : partitions;
            return Response([.. named.Select(p => new PartitionResult(p, AdminTimeout.Verdict))], AdminTimeout.Verdict.Error);
        }
    }

    private static ElectLeadersResponse Response(ImmutableArray<PartitionResult> results, ErrorCode error) => new(
        [.. results.GroupBy(r => r.Partition.Topic, StringComparer.Ordinal).Select(topic => new ElectLeadersResponse.Topic(
            topic.Key,
            [.. topic.Select(r => new ElectLeadersResponse.Partition(
                r.Partition.Partition, r.Verdict.Error, r.Verdict.Message))]))],
        error);
}

using ActorBroker.Core.Groups;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

internal sealed class OffsetDeleteHandler(GroupGateway groups) : ApiHandler<OffsetDeleteRequest, OffsetDeleteResponse>
{
    protected override async ValueTask<OffsetDeleteResponse> HandleAsync(OffsetDeleteRequest request, RequestContext context)
    {
        var partitions = request.Topics
            .SelectMany(topic => topic.Partitions, (topic, partition) => new TopicPartition(topic.Name, partition)).ToList();
        var reply = await groups.CallAsync(
            request.GroupId,
            ticket => new GroupInput.DeleteOffsets(ticket, [.. partitions]),
            context.Closed).ConfigureAwait(false);
        if (reply is not GroupReply.OffsetsDeleted { Error: ErrorCode.None } deleted) return new(reply.Error, []);

        var results = deleted.Results.GetEnumerator();
        return new(ErrorCode.None, [.. request.Topics.Select(topic => new OffsetDeleteResponse.Topic(topic.Name,
            [.. topic.Partitions.Select(each => new OffsetDeleteResponse.Partition(each, ResultOf(new(topic.Name, each))))]))]);

        ErrorCode ResultOf(TopicPartition partition)
        {
            results.MoveNext();
            return groups.Exists(partition) ? results.Current : ErrorCode.UnknownTopicOrPartition;
        }
    }
}

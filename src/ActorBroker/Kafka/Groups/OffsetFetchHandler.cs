using ActorBroker.Core.Groups;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

/// <summary>OffsetFetch. Every offset that is seen is stable, there being no transactions yet.</summary>
internal sealed class OffsetFetchHandler(GroupGateway groups) : ApiHandler<OffsetFetchRequest, OffsetFetchResponse>
{
    /// <summary>Before this version there is no place for a group's error but in each partition.</summary>
    private const short GroupError = 2;

    protected override async ValueTask<OffsetFetchResponse> HandleAsync(OffsetFetchRequest request, RequestContext context)
    {
        var version = context.Version;
        var answers = new OffsetFetchResponse.Group[request.Groups.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            var asked = request.Groups[i];
            var (error, topics) = await groups
                .LookAsync(asked.GroupId, group => Find(group, asked.Topics), context.Closed).ConfigureAwait(false);
            answers[i] = error is ErrorCode.None
                ? new(asked.GroupId, topics!)
                : new(asked.GroupId, version < GroupError ? Refused(asked.Topics, error) : [], error);
        }
        return new(answers);
    }

    private static OffsetFetchResponse.Topic[] Find(Group? group, OffsetFetchRequest.Topic[]? topics)
    {
        var committed = group?.Committed ?? new Dictionary<TopicPartition, CommittedOffset>();
        if (topics is not null)
        {
            return Array.ConvertAll(topics, topic => new OffsetFetchResponse.Topic(topic.Name, Array.ConvertAll(
                topic.PartitionIndexes, index => Found(index, committed.GetValueOrDefault(new(topic.Name, index))))));
        }
        return
        [
            .. committed.GroupBy(each => each.Key.Topic).Select(topic => new OffsetFetchResponse.Topic(topic.Key,
                [.. topic.Select(each => Found(each.Key.Partition, each.Value))])),
        ];
    }

    private static OffsetFetchResponse.Partition Found(int index, CommittedOffset? offset) => offset is null
        ? OffsetFetchResponse.Partition.None(index)
        : new(index, offset.Offset, offset.LeaderEpoch, offset.Metadata, ErrorCode.None);

    private static OffsetFetchResponse.Topic[] Refused(OffsetFetchRequest.Topic[]? topics, ErrorCode error) =>
    [
        .. (topics ?? []).Select(topic => new OffsetFetchResponse.Topic(topic.Name,
            [.. topic.PartitionIndexes.Select(each => OffsetFetchResponse.Partition.None(each, error))])),
    ];
}

using ActorBroker.Core.Groups;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

/// <summary>OffsetFetch. An offset is stable as soon as it is seen, there being no transactions yet; so nothing is ever pending.</summary>
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
            var (error, topics) = await groups.LookAsync(asked.GroupId, group => Find(group, asked.Topics), context.Closed).ConfigureAwait(false);
            answers[i] = error is ErrorCode.None
                ? new(asked.GroupId, topics!)
                : new(asked.GroupId, version < GroupError ? Refused(asked.Topics, error) : [], error);
        }
        return new(answers);
    }

    private static OffsetFetchResponse.Topic[] Find(Group? group, OffsetFetchRequest.Topic[]? topics) => topics is null
        ?
        [
            .. (group?.Committed ?? new Dictionary<TopicPartition, CommittedOffset>()).GroupBy(each => each.Key.Topic).Select(topic =>
                new OffsetFetchResponse.Topic(topic.Key, [.. topic.Select(each => Found(each.Key.Partition, each.Value))])),
        ]
        :
        [
            .. topics.Select(topic => new OffsetFetchResponse.Topic(topic.Name,
                [.. topic.PartitionIndexes.Select(each => Found(each, group?.Committed.GetValueOrDefault(new(topic.Name, each))))])),
        ];

    private static OffsetFetchResponse.Partition Found(int index, CommittedOffset? offset) => offset is null
        ? OffsetFetchResponse.Partition.None(index)
        : new(index, offset.Offset, offset.LeaderEpoch, offset.Metadata, ErrorCode.None);

    private static OffsetFetchResponse.Topic[] Refused(OffsetFetchRequest.Topic[]? topics, ErrorCode error) =>
    [
        .. (topics ?? []).Select(topic => new OffsetFetchResponse.Topic(topic.Name,
            [.. topic.PartitionIndexes.Select(each => OffsetFetchResponse.Partition.None(each, error))])),
    ];
}

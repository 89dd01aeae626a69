using ActorBroker.Core.Groups;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Groups;

/// <summary>OffsetCommit. Partitions that don't exist are refused here; the group sees the others.</summary>
internal sealed class OffsetCommitHandler(GroupGateway groups) : ApiHandler<OffsetCommitRequest, OffsetCommitResponse>
{
    /// <summary>What is meant to be kept longer is kept so long.</summary>
    private static readonly TimeSpan MaxRetention = TimeSpan.FromDays(100 * 365);

    protected override async ValueTask<OffsetCommitResponse> HandleAsync(OffsetCommitRequest request, RequestContext context)
    {
        var commits = new List<OffsetToCommit>();
        foreach (var topic in request.Topics)
        {
            foreach (var each in topic.Partitions)
            {
                var partition = new TopicPartition(topic.Name, each.Index);
                if (!groups.Exists(partition)) continue;
                commits.Add(new(partition, each.CommittedOffset, each.CommittedLeaderEpoch, each.CommittedMetadata));
            }
        }

        var reply = commits.Count == 0 ? new GroupReply.Committed(ErrorCode.None, []) : await groups.CallAsync(
            request.GroupId,
            ticket => new GroupInput.CommitOffsets(ticket, request.MemberId, request.GroupInstanceId,
                request.GenerationIdOrMemberEpoch, RetentionOf(request), [.. commits]),
            context.Closed).ConfigureAwait(false);
        return ResponseOf(request, commits, reply);
    }

    private static TimeSpan? RetentionOf(OffsetCommitRequest request) => request.RetentionTimeMs switch
    {
        < 0 => null,
        var ms when ms > MaxRetention.TotalMilliseconds => MaxRetention,
        var ms => TimeSpan.FromMilliseconds(ms),
    };

    private static OffsetCommitResponse ResponseOf(OffsetCommitRequest request, List<OffsetToCommit> commits, GroupReply reply)
    {
        var results = reply is GroupReply.Committed { Error: ErrorCode.None } committed
            ? committed.Results
            : [.. commits.Select(_ => reply.Error)];
        var next = 0; // Commits and results are in the order of the request.
        return new(Array.ConvertAll(request.Topics, topic => new OffsetCommitResponse.Topic(topic.Name,
            Array.ConvertAll(topic.Partitions, each => ResultOf(topic.Name, each.Index)))));

        OffsetCommitResponse.Partition ResultOf(string topic, int index)
        {
            var isCommit = next < commits.Count && commits[next].Partition == new TopicPartition(topic, index);
            return new(index, isCommit ? results[next++] : ErrorCode.UnknownTopicOrPartition);
        }
    }
}

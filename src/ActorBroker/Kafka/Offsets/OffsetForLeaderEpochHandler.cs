using ActorBroker.Journal.Epochs;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;

namespace ActorBroker.Kafka.Offsets;

/// <summary>
/// OffsetForLeaderEpoch: key 23, versions 2-4: where an epoch's records end, so that a reader finds where its log departs.
/// </summary>
internal sealed class OffsetForLeaderEpochHandler(LocalReplicas replicas)
    : ApiHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>
{
    protected override async ValueTask<OffsetForLeaderEpochResponse> HandleAsync(
        OffsetForLeaderEpochRequest request, RequestContext context)
    {
        var topics = new OffsetForLeaderEpochResponse.Topic[request.Topics.Length];
        for (var t = 0; t < topics.Length; t++)
        {
            var (name, asked) = request.Topics[t];
            topics[t] = new(name, await Task.WhenAll(Array.ConvertAll(asked, p => FindAsync(name, p))).ConfigureAwait(false));
        }
        return new OffsetForLeaderEpochResponse(topics);
    }

    private async Task<OffsetForLeaderEpochResponse.Partition> FindAsync(
        string topic, OffsetForLeaderEpochRequest.Partition asked)
    {
        var question = new Replica.FindEpochEnd(asked.LeaderEpoch, asked.CurrentLeaderEpoch);
        var found = await replicas.AskAsync(
            topic, asked.Index, question, static error => new Replica.EpochEndFound(error, EpochEnd.Unknown))
                .ConfigureAwait(false);
        return new(found.Error, asked.Index, found.End.Epoch, found.End.EndOffset);
    }
}

using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;

namespace ActorBroker.Kafka.Offsets;

/// <summary>ListOffsets: key 2, versions 1-10: first and last offsets, and offsets by timestamp.</summary>
internal sealed class ListOffsetsHandler(LocalReplicas replicas) : ApiHandler<ListOffsetsRequest, ListOffsetsResponse>
{
    private const short FirstVersionWithOffsetNotAvailable = 5;

    protected override async ValueTask<ListOffsetsResponse> HandleAsync(ListOffsetsRequest request, RequestContext context)
    {
        var topics = new ListOffsetsResponse.Topic[request.Topics.Length];
        for (var t = 0; t < topics.Length; t++)
        {
            var (name, asked) = request.Topics[t];
            topics[t] =
                new(name, await Task.WhenAll(Array.ConvertAll(asked, p => FindAsync(name, p, request, context.Version)))
                    .ConfigureAwait(false));
        }
        return new ListOffsetsResponse(topics);
    }

    private async Task<ListOffsetsResponse.Partition> FindAsync(
        string topic, ListOffsetsRequest.Partition asked, ListOffsetsRequest request, short version)
    {
        var question = new Replica.FindOffset(
            asked.Timestamp, asked.CurrentLeaderEpoch, request.IsolationLevel == IsolationLevel.ReadCommitted);
        var found = await replicas.AskAsync(topic, asked.Index, question, Replica.OffsetFound.Refused, request.TimeoutMs)
            .ConfigureAwait(false);
        var error = found.Error is ErrorCode.OffsetNotAvailable && version < FirstVersionWithOffsetNotAvailable
            ? ErrorCode.LeaderNotAvailable
            : found.Error;
        return new(asked.Index, error, found.TimestampMs, found.Offset, found.Epoch);
    }
}

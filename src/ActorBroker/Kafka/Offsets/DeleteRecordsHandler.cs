using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;

namespace ActorBroker.Kafka.Offsets;

/// <summary>DeleteRecords: key 21, versions 0-2: moves the start of partitions, up to their high watermark.</summary>
internal sealed class DeleteRecordsHandler(LocalReplicas replicas) : ApiHandler<DeleteRecordsRequest, DeleteRecordsResponse>
{
    protected override async ValueTask<DeleteRecordsResponse> HandleAsync(DeleteRecordsRequest request, RequestContext context)
    {
        var topics = new DeleteRecordsResponse.Topic[request.Topics.Length];
        for (var t = 0; t < topics.Length; t++)
        {
            var (name, asked) = request.Topics[t];
            topics[t] = new(name,
                await Task.WhenAll(Array.ConvertAll(asked, p => DeleteAsync(name, p, request.TimeoutMs))).ConfigureAwait(false));
        }
        return new DeleteRecordsResponse(topics);
    }

    private async Task<DeleteRecordsResponse.Partition> DeleteAsync(
        string topic, DeleteRecordsRequest.Partition asked, int timeoutMs)
    {
        var deleted = replicas.TryFind(topic, asked.Index, out var replica) && replica.IsInternal
            ? new Replica.RecordsDeleted(ErrorCode.InvalidTopicException, Offset.None)
            : await replicas.AskAsync(topic, asked.Index, new Replica.DeleteRecords(asked.Offset),
                static error => new Replica.RecordsDeleted(error, Offset.None), timeoutMs).ConfigureAwait(false);
        return new(asked.Index, deleted.LogStart, deleted.Error);
    }
}

using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;

namespace ActorBroker.Kafka.Fetch;

/// <summary>
/// Fetch: key 1, versions 4-17. Replicas say where the records lie; they go from the files to the socket around the bytes that
/// are written here. Known gaps: no fetch sessions (every answer says session 0, which all clients take), no preferred read
/// replica.
/// </summary>
/// <param name="maxBytes"><c>fetch.max.bytes</c>.</param>
internal sealed class FetchHandler(LocalReplicas replicas, int maxBytes, TimeProvider time) : IApiHandler
{
    internal const short FirstVersionWithTopicIds = 13;

    private const int NoSession = 0;

    /// <summary>A longer wait than any client means.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    public ApiKey Key => ApiKey.Fetch;

    public async ValueTask HandleAsync(RequestContext context)
    {
        var request = context.Read<FetchRequest>();
        if (request.SessionId != NoSession)
        {
            context.Respond(new FetchResponse { ErrorCode = ErrorCode.FetchSessionIdNotFound });
            return;
        }
        var limit = Math.Clamp(request.MaxBytes, 0, maxBytes);
        var fetch = await ReadAsync(request, context, limit).ConfigureAwait(false);
        try
        {
            fetch.Limit(limit);
            await SendAsync(request, fetch, context).ConfigureAwait(false);
        }
        finally
        {
            fetch.Release();
        }
    }

    /// <summary>Reads until there is enough or the client's time is up.</summary>
    private async ValueTask<PendingFetch> ReadAsync(FetchRequest request, RequestContext context, int limit)
    {
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(request.MaxWaitMs, 0, LongestWait.TotalMilliseconds));
        var started = time.GetTimestamp();
        while (true)
        {
            var fetch = new PendingFetch(request, context.Version, limit, replicas);
            await fetch.ReadAsync().ConfigureAwait(false);
            var left = wait - time.GetElapsedTime(started);
            if (fetch.IsEnough || left <= TimeSpan.Zero
                || !await fetch.WaitAsync(left, time, context.Closed).ConfigureAwait(false)) return fetch;
            fetch.Release();
        }
    }

    private static async ValueTask SendAsync(FetchRequest request, PendingFetch fetch, RequestContext context)
    {
        Write(request, fetch, context);
        var (bytes, stream, sent) = (context.Output.WrittenMemory, context.Stream, 0);
        try
        {
            for (var i = 0; i < fetch.Parts.Length; i++)
            {
                var part = fetch.Parts[i];
                if (part.Range is null) continue;
                await stream.WriteAsync(bytes[sent..part.RecordsAt]).ConfigureAwait(false);
                await stream.WriteAsync(part.Range).ConfigureAwait(false);
                sent = part.RecordsAt;
            }
            await stream.WriteAsync(bytes[sent..]).ConfigureAwait(false);
            await stream.FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            stream.Reset();
        }
        context.Output.Clear();
    }

    /// <summary>All bytes of the response but the records.</summary>
    private static void Write(FetchRequest request, PendingFetch fetch, RequestContext context)
    {
        var start = context.BeginResponse(context.Version);
        var writer = new FetchResponseWriter(context.Output, context.Version);
        writer.Begin(throttleTimeMs: 0, ErrorCode.None, NoSession, request.Topics.Length);
        var next = 0;
        foreach (var topic in request.Topics)
        {
            writer.Topic(topic.Name, topic.TopicId, topic.Partitions.Length);
            for (var i = 0; i < topic.Partitions.Length; i++)
            {
                var part = fetch.Parts[next++];
                var head = part.ToHead();
                writer.Partition(head, part.Bytes);
                part.RecordsAt = context.Output.Length;
                writer.EndPartition(head);
            }
            writer.EndTopic();
        }
        writer.End();
        context.Output.EndFrame(start, bytesElsewhere: checked((int)fetch.Bytes));
    }
}

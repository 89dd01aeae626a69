using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;
using ActorBroker.Threads;

namespace ActorBroker.Kafka.Fetch;

/// <summary>
/// Fetch: key 1, versions 4-17. Replicas say where the records lie; they go from the files to the socket around the bytes that
/// are written here.
/// </summary>
/// <param name="maxBytes"><c>fetch.max.bytes</c>.</param>
/// <param name="quota">Counts what throttled replicas get.</param>
/// <param name="pool">Where answers are put together that no thread is at hand for; null: the real one.</param>
internal sealed class FetchHandler(
    LocalReplicas replicas, int maxBytes, FetchSessions sessions, TimeProvider time, ReplicationQuota? quota = null,
    WorkPool? pool = null) : IApiHandler
{
    internal const short FirstVersionWithRack = 11, FirstVersionWithTopicIds = 13;

    /// <summary>A longer wait than any client means.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly WorkPool _pool = pool ?? WorkPool.Real;

    public ApiKey Key => ApiKey.Fetch;

    public async ValueTask HandleAsync(RequestContext context)
    {
        var asked = context.Read<FetchRequest>();
        var error = sessions.Begin(asked, isById: context.Version >= FirstVersionWithTopicIds, out var plan);
        if (error != ErrorCode.None)
        {
            context.Respond(new FetchResponse { ErrorCode = error });
            return;
        }
        var request = plan.Request;
        var limit = Math.Clamp(request.MaxBytes, 0, maxBytes);
        var fetch = await ReadAsync(request, context, limit).ConfigureAwait(false);
        try
        {
            fetch.Limit(limit);
            Count(fetch.Parts);
            sessions.Select(plan, fetch.Parts);
            await SendAsync(plan, fetch, context).ConfigureAwait(false);
        }
        finally
        {
            fetch.Release();
        }
    }

    private void Count(ReadOnlySpan<PartitionFetch> parts)
    {
        if (quota is null) return;
        foreach (var part in parts)
            if (part.IsThrottled) quota.Count(part.Bytes, time.GetElapsedTime(0));
    }

    /// <summary>Reads until there is enough or the client's time is up.</summary>
    private async ValueTask<PendingFetch> ReadAsync(FetchRequest request, RequestContext context, int limit)
    {
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(request.MaxWaitMs, 0, LongestWait.TotalMilliseconds));
        var started = time.GetTimestamp();
        while (true)
        {
            var fetch = new PendingFetch(request, context.Version, limit, replicas, _pool);
            await fetch.ReadAsync().ConfigureAwait(false);
            var left = wait - time.GetElapsedTime(started);
            if (fetch.IsEnough || left <= TimeSpan.Zero
                || !await fetch.WaitAsync(left, time, context.Closed).ConfigureAwait(false)) return fetch;
            fetch.Release();
        }
    }

    private static async ValueTask SendAsync(FetchPlan plan, PendingFetch fetch, RequestContext context)
    {
        Write(plan, fetch, context);
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
    private static void Write(FetchPlan plan, PendingFetch fetch, RequestContext context)
    {
        var parts = fetch.Parts;
        var start = context.BeginResponse(context.Version);
        var writer = new FetchResponseWriter(context.Output, context.Version);
        var topics = plan.Request.Topics;
        writer.Begin(throttleTimeMs: 0, ErrorCode.None, plan.SessionId, CountTopics(topics, parts));
        var next = 0;
        foreach (var topic in topics)
        {
            var count = CountParts(parts.Slice(next, topic.Partitions.Length));
            if (count > 0) writer.Topic(topic.Name, topic.TopicId, count);
            for (var i = 0; i < topic.Partitions.Length; i++)
            {
                var part = parts[next++];
                if (part.IsSilent) continue;
                var head = part.ToHead();
                writer.Partition(head, part.Bytes);
                part.RecordsAt = context.Output.Length;
                writer.EndPartition(head);
            }
            if (count > 0) writer.EndTopic();
        }
        writer.End();
        context.Output.EndFrame(start, bytesElsewhere: checked((int)fetch.Bytes));
    }

    private static int CountTopics(FetchRequest.Topic[] topics, ReadOnlySpan<PartitionFetch> parts)
    {
        var (count, next) = (0, 0);
        foreach (var topic in topics)
        {
            if (CountParts(parts.Slice(next, topic.Partitions.Length)) > 0) count++;
            next += topic.Partitions.Length;
        }
        return count;
    }

    private static int CountParts(ReadOnlySpan<PartitionFetch> parts)
    {
        var count = 0;
        foreach (var part in parts)
            if (!part.IsSilent) count++;
        return count;
    }
}

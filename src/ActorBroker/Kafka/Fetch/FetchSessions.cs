using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Fetch;

/// <summary>
/// The fetch sessions of a broker (KIP-227), of all its connections. Safe for several threads. When all slots are taken, a reader
/// gets none and goes on with whole requests, unless one of the sessions was not used for a long time.
/// </summary>
/// <param name="maxSessions"><c>max.incremental.fetch.session.cache.slots</c>.</param>
/// <param name="random">Source of ids: a reader that comes back to a broker that was restarted must not hit another's.</param>
internal sealed class FetchSessions(int maxSessions, TimeProvider time, Func<int> random)
{
    private const int None = 0, FullEpoch = 0, FinalEpoch = -1;

    /// <summary>Kafka's min.incremental.fetch.session.eviction.ms, which can't be configured there either.</summary>
    private static readonly TimeSpan EvictAfter = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, FetchSession> _sessions = [];

    public int Count
    {
        get
        {
            lock (_gate) return _sessions.Count;
        }
    }

    /// <summary>What a request means, with what its session knows.</summary>
    /// <returns>The error of the whole request.</returns>
    public ErrorCode Begin(FetchRequest request, bool isById, out FetchPlan plan)
    {
        plan = FetchPlan.WithoutSession(request);
        if (request.SessionEpoch is FullEpoch or FinalEpoch)
        {
            if (request.SessionId == None && request.SessionEpoch == FinalEpoch) return ErrorCode.None;
            lock (_gate)
            {
                _sessions.Remove(request.SessionId);
                if (request.SessionEpoch == FullEpoch && TryAdd(isById) is { } added)
                {
                    added.Update(request.Topics);
                    plan = new FetchPlan(With(request, added.Parts), added, added.Parts, isFull: true);
                }
            }
            return ErrorCode.None;
        }
        lock (_gate)
        {
            if (!_sessions.TryGetValue(request.SessionId, out var session)) return ErrorCode.FetchSessionIdNotFound;
            if (session.NextEpoch != request.SessionEpoch) return ErrorCode.InvalidFetchSessionEpoch;
            if (session.IsById != isById) return ErrorCode.FetchSessionTopicIdError;
            session.Advance();
            session.LastUsed = time.GetTimestamp();
            session.Forget(request.ForgottenTopicsData);
            session.Update(request.Topics);
            plan = new FetchPlan(With(request, session.Parts), session, session.Parts, isFull: false);
            return ErrorCode.None;
        }
    }

    /// <summary>Says of each part whether it belongs in the answer; those with records are read last the next time.</summary>
    public void Select(FetchPlan plan, ReadOnlySpan<PartitionFetch> parts)
    {
        if (plan.Session is not { } session) return;
        lock (_gate)
        {
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i].IsSilent = !plan.Parts[i].IsNews(parts[i].ToHead(), parts[i].Bytes) && !plan.IsFull;
                if (parts[i].Bytes > 0) session.MoveToEnd(plan.Parts[i]);
            }
        }
    }

    private FetchSession? TryAdd(bool isById)
    {
        if (_sessions.Count >= maxSessions && !TryEvict()) return null;
        int id;
        do id = random() & int.MaxValue;
        while (id == None || _sessions.ContainsKey(id));
        var session = new FetchSession(id, isById) { LastUsed = time.GetTimestamp() };
        _sessions.Add(id, session);
        return session;
    }

    private bool TryEvict()
    {
        if (_sessions.Count == 0) return false;
        var oldest = _sessions.Values.MinBy(static session => session.LastUsed)!;
        return time.GetElapsedTime(oldest.LastUsed) > EvictAfter && _sessions.Remove(oldest.Id);
    }

    /// <summary>The request as it would be without a session. A topic may be there several times.</summary>
    private static FetchRequest With(FetchRequest request, SessionPartition[] parts)
    {
        var topics = new List<FetchRequest.Topic>();
        for (var first = 0; first < parts.Length;)
        {
            var (topic, id, end) = (parts[first].Topic, parts[first].TopicId, first + 1);
            while (end < parts.Length && parts[end].TopicId == id && parts[end].Topic == topic) end++;
            topics.Add(new(topic, id, Array.ConvertAll(parts[first..end], static part => part.Asked)));
            first = end;
        }
        return request with { Topics = [.. topics] };
    }
}

/// <summary>One request, whole.</summary>
internal sealed class FetchPlan(FetchRequest request, FetchSession? session, SessionPartition[] parts, bool isFull)
{
    public FetchRequest Request { get; } = request;

    public FetchSession? Session { get; } = session;

    public int SessionId => Session?.Id ?? 0;

    /// <summary>In the order of the request.</summary>
    public SessionPartition[] Parts { get; } = parts;

    /// <summary>The answer names all partitions, whatever the reader has heard.</summary>
    public bool IsFull { get; } = isFull;

    public static FetchPlan WithoutSession(FetchRequest request) => new(request, null, [], isFull: true);
}

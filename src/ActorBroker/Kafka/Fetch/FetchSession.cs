using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Kafka.Fetch;

/// <summary>
/// What one reader fetches again and again (KIP-227): it then names only what changes, and hears only what is new. Not
/// thread-safe; <see cref="FetchSessions"/> guards it.
/// </summary>
internal sealed class FetchSession(int id, bool isById)
{
    private readonly Dictionary<(string Name, TopicId Id, int Index), LinkedListNode<SessionPartition>> _byKey = [];

    /// <summary>In the order in which they are read: who got records goes to the end, as the response has a limit.</summary>
    private readonly LinkedList<SessionPartition> _order = [];

    private SessionPartition[]? _parts;

    public int Id { get; } = id;

    /// <summary>Topics are named by their ids; a session has one way only.</summary>
    public bool IsById { get; } = isById;

    /// <summary>That the next request must have.</summary>
    public int NextEpoch { get; private set; } = 1;

    public long LastUsed { get; set; }

    public void Advance() => NextEpoch = NextEpoch == int.MaxValue ? 1 : NextEpoch + 1;

    /// <summary>Takes partitions in, or what is asked of them now.</summary>
    public void Update(FetchRequest.Topic[] topics)
    {
        foreach (var topic in topics)
            foreach (var asked in topic.Partitions)
            {
                var key = (topic.Name, topic.TopicId, asked.Index);
                if (_byKey.TryGetValue(key, out var known)) known.Value.Asked = asked;
                else _byKey.Add(key, _order.AddLast(new SessionPartition(topic.Name, topic.TopicId) { Asked = asked }));
            }
        if (topics.Length > 0) _parts = null;
    }

    public void Forget(FetchRequest.ForgottenTopic[] topics)
    {
        foreach (var topic in topics)
            foreach (var index in topic.Partitions)
                if (_byKey.Remove((topic.Name, topic.TopicId, index), out var node)) _order.Remove(node);
        if (topics.Length > 0) _parts = null;
    }

    public SessionPartition[] Parts => _parts ??= [.. _order];

    public void MoveToEnd(SessionPartition partition)
    {
        if (!_byKey.TryGetValue((partition.Topic, partition.TopicId, partition.Asked.Index), out var node)) return;
        _order.Remove(node);
        _order.AddLast(node);
        _parts = null;
    }
}

/// <summary>A partition of a session, and what its reader has heard of it.</summary>
internal sealed class SessionPartition(string topic, TopicId topicId)
{
    public string Topic { get; } = topic;

    public TopicId TopicId { get; } = topicId;

    public FetchRequest.Partition Asked { get; set; }

    private Offset _highWatermark = new(long.MinValue);
    private Offset _logStart = new(long.MinValue);

    /// <summary>Is there anything in the answer that the reader has not heard? If so, it hears it now.</summary>
    public bool IsNews(in FetchResponse.PartitionHead head, int bytes)
    {
        var isNews = bytes > 0 || head.ErrorCode != ErrorCode.None || head.HighWatermark != _highWatermark
            || head.LogStartOffset != _logStart || head.DivergingEpoch.HasValue || !head.PreferredReadReplica.IsNone;
        // After an error the reader must hear that it is over.
        (_highWatermark, _logStart) = head.ErrorCode == ErrorCode.None
            ? (head.HighWatermark, head.LogStartOffset)
            : (new(long.MinValue), new(long.MinValue));
        return isNews;
    }
}

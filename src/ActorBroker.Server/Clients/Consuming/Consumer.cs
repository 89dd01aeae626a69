using System.Text.RegularExpressions;
using ActorBroker.Protocol;

namespace ActorBroker.Server.Clients.Consuming;

/// <summary>
/// Reads records: of partitions that the caller assigns, or, as a member of a group, of those that the group gives it.
/// Everything happens within <see cref="PollAsync"/>, but for heartbeats. One caller at a time.
/// </summary>
internal sealed class Consumer : IAsyncDisposable
{
    private const int MaxPollRecords = 500;

    private readonly KafkaClient _client;
    private readonly ConsumerOptions _options;
    private readonly TimeProvider _time;
    private readonly Fetcher _fetcher;
    private readonly GroupCoordinator? _coordinator;
    private GroupMembership? _membership;
    private Func<CancellationToken, Task<string[]>> _subscribedTopics = _ => Task.FromResult<string[]>([]);
    private Dictionary<string, int> _partitionsWhenJoined = [];
    private long _lastCommit;
    private long _lastRefresh;

    public Consumer(KafkaClient client, ConsumerOptions options)
    {
        _client = client;
        _options = options;
        _time = client.Options.Time;
        _fetcher = new(client, options);
        _coordinator = options.GroupId is { } group ? new(client, group) : null;
        _lastCommit = _lastRefresh = _time.GetTimestamp();
    }

    public IReadOnlyCollection<TopicPartition> Assigned => _fetcher.Assigned;

    /// <summary>Told after each rebalance.</summary>
    public Action<IReadOnlyCollection<TopicPartition>>? OnAssigned { get; init; }

    /// <summary>Reads these topics as a member of the group.</summary>
    public void Subscribe(IReadOnlyCollection<string> topics) => Subscribe(_ => Task.FromResult(topics.ToArray()));

    /// <summary>Reads all topics whose whole names match, those that come later too.</summary>
    public void Subscribe(Regex pattern) => Subscribe(async cancellation =>
    {
        var all = await _client.RefreshAsync(null, cancellation);
        return [.. all.Response.Topics.Where(t => !t.IsInternal && t.Name is not null).Select(t => t.Name!)
            .Where(name => pattern.Match(name) is { Success: true } match && match.Length == name.Length)];
    });

    /// <summary>
    /// Reads these partitions, without the group having a say. Offsets can still be committed if it has no members.
    /// </summary>
    /// <param name="positions">Where to start; none: at the committed offset, or as
    /// <see cref="ConsumerOptions.OffsetReset"/> says.</param>
    public async Task AssignAsync(IReadOnlyDictionary<TopicPartition, Offset> positions, CancellationToken cancellation)
    {
        await RefreshAsync([.. positions.Keys.Select(p => p.Topic).Distinct()], cancellation);
        _fetcher.Assign(positions.Keys);
        foreach (var (partition, offset) in positions)
            if (!offset.IsNone) _fetcher.Seek(partition, offset);
    }

    public void Seek(TopicPartition partition, Offset offset) => _fetcher.Seek(partition, offset);

    /// <summary>Waits for records, not longer than <paramref name="timeout"/> but for joining the group.</summary>
    /// <exception cref="KafkaException">The group or a partition refuses.</exception>
    public async Task<IReadOnlyList<ConsumedRecord>> PollAsync(
        TimeSpan timeout, CancellationToken cancellation, int maxRecords = MaxPollRecords)
    {
        if (_membership is not null)
        {
            _membership.Polled();
            if (_options.AutoCommit && _time.GetElapsedTime(_lastCommit) >= _options.AutoCommitInterval)
                await TryCommitAsync(cancellation);
            if (_membership.NeedsJoin) await JoinAsync(_membership, cancellation);
        }
        if (_fetcher.MetadataIsStale || _time.GetElapsedTime(_lastRefresh) >= _client.Options.MaxMetadataAge)
        {
            var topics = await TopicsAsync(cancellation);
            await RefreshAsync(topics, cancellation);
            JoinAgainIfTopicsGrew(topics);
        }
        await FindPositionsAsync(cancellation);
        return await _fetcher.PollAsync(timeout, maxRecords, cancellation);
    }

    /// <summary>Commits what <see cref="PollAsync"/> has handed over.</summary>
    /// <exception cref="KafkaException">Refused, for example because the group has rebalanced.</exception>
    public async Task CommitAsync(CancellationToken cancellation)
    {
        if (_coordinator is null) throw new InvalidOperationException("Without a group there is nothing to commit to");
        _lastCommit = _time.GetTimestamp();
        await GroupOffsets.CommitAsync(
            _coordinator, _membership?.Committer ?? Committer.Nobody, _fetcher.Consumed(), cancellation);
    }

    /// <summary>Commits if that is automatic, and leaves the group.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_coordinator is not null && _options.AutoCommit && _fetcher.Consumed().Count > 0)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), _time);
            await TryCommitAsync(limit.Token);
        }
        if (_membership is not null) await _membership.DisposeAsync();
    }

    private void Subscribe(Func<CancellationToken, Task<string[]>> topics)
    {
        if (_coordinator is null) throw new InvalidOperationException("Only a member of a group subscribes");
        _subscribedTopics = topics;
        _membership = new(_coordinator, _options);
    }

    private async Task JoinAsync(GroupMembership membership, CancellationToken cancellation)
    {
        if (_options.AutoCommit && _fetcher.Consumed().Count > 0) await TryCommitAsync(cancellation);
        var topics = await _subscribedTopics(cancellation);
        var assignment = await membership.JoinAsync(topics, cancellation);
        await RefreshAsync([.. topics.Union(assignment.Select(p => p.Topic))], cancellation);
        _partitionsWhenJoined = PartitionCounts(topics);
        _fetcher.Assign(assignment);
        _fetcher.ForgetPositions();
        OnAssigned?.Invoke(assignment);
    }

    private async Task<string[]> TopicsAsync(CancellationToken cancellation) =>
        _membership is null ? [.. Assigned.Select(p => p.Topic).Distinct()] : await _subscribedTopics(cancellation);

    private async Task RefreshAsync(string[] topics, CancellationToken cancellation)
    {
        await Retry.RunAsync(_client.Options, token => _client.RefreshAsync(topics, token), cancellation);
        _fetcher.MetadataIsStale = false;
        _lastRefresh = _time.GetTimestamp();
    }

    /// <summary>When topics have more partitions than at the assignment, its leader has the group divide them anew.</summary>
    private void JoinAgainIfTopicsGrew(string[] topics)
    {
        if (_membership is not { NeedsJoin: false, IsLeader: true }) return;
        var counts = PartitionCounts(topics);
        if (
            counts.Count != _partitionsWhenJoined.Count
                || counts.Any(c => _partitionsWhenJoined.GetValueOrDefault(c.Key) != c.Value))
            _membership.RequestJoin();
    }

    private Dictionary<string, int> PartitionCounts(IEnumerable<string> topics) => topics.Select(_client.Metadata.Topic)
        .Where(t => t is { ErrorCode: ErrorCode.None }).ToDictionary(t => t!.Name!, t => t!.Partitions.Length);

    /// <summary>Positions are the committed offsets, else as the reset policy says.</summary>
    private async Task FindPositionsAsync(CancellationToken cancellation)
    {
        var wanted = _fetcher.WithoutPosition;
        if (wanted.Count == 0) return;
        var committed = _coordinator is null ? []
            : await GroupOffsets.FetchAsync(_coordinator, [.. wanted.Where(p => !_fetcher.WasOutOfRange(p))], cancellation);
        foreach (var (partition, offset) in committed) _fetcher.Seek(partition, offset);

        var reset = wanted.Where(p => !committed.ContainsKey(p)).ToList();
        if (reset.Count > 0 && _options.OffsetReset == OffsetReset.None)
            throw new KafkaException(
                ErrorCode.OffsetOutOfRange, $"{reset[0]} has no committed offset, and auto.offset.reset is none");
        var timestamp = _options.OffsetReset == OffsetReset.Earliest ? OffsetQueries.Earliest : OffsetQueries.Latest;
        var offsets = await OffsetQueries.ListAsync(
            _client, reset.ToDictionary(p => p, _ => timestamp), cancellation, _options.IsolationLevel);
        foreach (var (partition, offset) in offsets) _fetcher.Seek(partition, offset);
    }

    /// <summary>
    /// Commits, but a refusal is not the end: after a rebalance the next owner reads again from the last commit.
    /// </summary>
    private async Task TryCommitAsync(CancellationToken cancellation)
    {
        try
        {
            await CommitAsync(cancellation);
        }
        catch (Exception e) when (e is KafkaException || Retry.MayPass(e))
        {
            // Tried again at the next interval.
        }
    }
}

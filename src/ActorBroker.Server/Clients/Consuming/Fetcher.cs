using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Consuming;

/// <summary>
/// Keeps one Fetch under way at each leader of the assigned partitions and hands records over in order. Each partition has
/// two positions: where the next fetch starts, and what the application has been given. One caller at a time.
/// </summary>
internal sealed class Fetcher(KafkaClient client, ConsumerOptions options)
{
    /// <summary>From 13 on topics have ids instead of names.</summary>
    private const short MaxFetchVersion = 12;

    private readonly Dictionary<TopicPartition, Position> _positions = [];
    private readonly Dictionary<BrokerId, Task<Fetched>> _underWay = [];
    private readonly LinkedList<FetchedRecords> _ready = [];

    public IReadOnlyCollection<TopicPartition> Assigned => _positions.Keys;

    /// <summary>Partitions whose position is not known, or lies outside the log.</summary>
    public IReadOnlyList<TopicPartition> WithoutPosition => [.. _positions.Where(p => p.Value.Next.IsNone).Select(p => p.Key)];

    /// <summary>A leader was not where metadata said.</summary>
    public bool MetadataIsStale { get; set; }

    /// <summary>Replaces the assignment. Partitions that stay keep their positions.</summary>
    public void Assign(IEnumerable<TopicPartition> partitions)
    {
        var wanted = partitions.ToHashSet();
        foreach (var gone in _positions.Keys.Where(p => !wanted.Contains(p)).ToList()) _positions.Remove(gone);
        foreach (var partition in wanted) _positions.TryAdd(partition, Position.Unknown);
        foreach (var records in _ready.Where(r => !wanted.Contains(r.Partition)).ToList()) _ready.Remove(records);
    }

    /// <summary>Forgets all positions: another member may have moved on.</summary>
    public void ForgetPositions()
    {
        _ready.Clear();
        foreach (var partition in _positions.Keys.ToList()) _positions[partition] = Position.Unknown;
    }

    public void Seek(TopicPartition partition, Offset offset)
    {
        if (!_positions.ContainsKey(partition)) return;
        foreach (var records in _ready.Where(r => r.Partition == partition).ToList()) _ready.Remove(records);
        _positions[partition] = new(offset, offset);
    }

    /// <summary>What the application was given ends before these offsets.</summary>
    public Dictionary<TopicPartition, Offset> Consumed() =>
        _positions.Where(p => !p.Value.Consumed.IsNone).ToDictionary(p => p.Key, p => p.Value.Consumed);

    /// <summary>Waits until there are records, or the time is over.</summary>
    /// <exception cref="KafkaException">A partition cannot be read.</exception>
    public async Task<IReadOnlyList<ConsumedRecord>> PollAsync(TimeSpan timeout, int maxRecords, CancellationToken cancellation)
    {
        var started = client.Options.Time.GetTimestamp();
        while (true)
        {
            StartFetches();
            if (_ready.Count > 0) return Take(maxRecords);
            var left = timeout - client.Options.Time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || WithoutPosition.Count > 0 || MetadataIsStale) return [];
            await WaitAsync(left, cancellation);
            await SettleAsync();
        }
    }

    private async Task WaitAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(_underWay.Values.Cast<Task>().Append(Task.Delay(timeout, client.Options.Time, over.Token)));
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private List<ConsumedRecord> Take(int maxRecords)
    {
        var taken = new List<ConsumedRecord>();
        while (_ready.First?.Value is { } records && taken.Count < maxRecords)
        {
            while (taken.Count < maxRecords && records.Records.TryDequeue(out var record)) taken.Add(record);
            var isEmpty = records.Records.Count == 0;
            var consumed = isEmpty ? records.NextOffset : records.Records.Peek().Offset;
            _positions[records.Partition] = _positions[records.Partition] with { Consumed = consumed };
            if (isEmpty) _ready.RemoveFirst();
        }
        return taken;
    }

    private void StartFetches()
    {
        var readable = _positions.Where(p => !p.Value.Next.IsNone && !_ready.Any(r => r.Partition == p.Key));
        foreach (var byLeader in readable.GroupBy(p => client.Metadata.LeaderOf(p.Key)).ToList())
        {
            if (_underWay.ContainsKey(byLeader.Key)) continue;
            if (byLeader.Key.IsNone) MetadataIsStale = true;
            else _underWay[byLeader.Key] = FetchAsync(byLeader.Key, byLeader.ToDictionary(p => p.Key, p => p.Value.Next));
        }
    }

    private async Task<Fetched> FetchAsync(BrokerId leader, Dictionary<TopicPartition, Offset> from)
    {
        try
        {
            var connection = await client.BrokerAsync(leader, Purpose.Fetch, CancellationToken.None);
            var response = await connection.SendAsync(
                new FetchRequest
                {
                    MaxWaitMs = (int)options.FetchMaxWait.TotalMilliseconds,
                    MinBytes = options.FetchMinBytes,
                    MaxBytes = options.FetchMaxBytes,
                    IsolationLevel = options.IsolationLevel,
                    Topics = [.. from.GroupBy(f => f.Key.Topic).Select(topic => new FetchRequest.Topic(topic.Key, TopicId.None,
                        [.. topic.Select(f => new FetchRequest.Partition
                        {
                            Index = f.Key.Partition,
                            FetchOffset = f.Value,
                            PartitionMaxBytes = options.MaxPartitionFetchBytes,
                        })]))],
                },
                CancellationToken.None, MaxFetchVersion, options.FetchMaxWait + client.Options.RequestTimeout);
            KafkaException.ThrowIfError(response.ErrorCode);
            return new(leader, from, response);
        }
        catch (Exception e) when (Retry.MayPass(e))
        {
            await Task.Delay(client.Options.RetryBackoff, client.Options.Time);
            return new(leader, from, null);
        }
    }

    private async Task SettleAsync()
    {
        foreach (var (leader, task) in _underWay.Where(f => f.Value.IsCompleted).ToList())
        {
            _underWay.Remove(leader);
            var fetched = await task;
            if (fetched.Response is null)
            {
                MetadataIsStale = true;
                continue;
            }
            foreach (var topic in fetched.Response.Responses)
                foreach (var partition in topic.Partitions)
                    Settle(new(topic.Name, partition.Head.Index), fetched.From, partition);
        }
    }

    private void Settle(TopicPartition partition, Dictionary<TopicPartition, Offset> asked, in FetchResponse.Partition answer)
    {
        // Meanwhile unassigned, or sought elsewhere.
        if (
            !asked.TryGetValue(partition, out var from) || !_positions.TryGetValue(partition, out var position)
                || position.Next != from)
            return;
        switch (answer.Head.ErrorCode)
        {
            case ErrorCode.None:
                var aborted = options.IsolationLevel == IsolationLevel.ReadCommitted ? answer.Head.AbortedTransactions : null;
                var opened = FetchedRecords.Open(partition, from, answer.Records.Span, aborted, options.MaxDecompressedBytes);
                var consumed = opened.Records.Count == 0 ? opened.NextOffset : position.Consumed;
                _positions[partition] = new(opened.NextOffset, consumed);
                if (opened.Records.Count > 0) _ready.AddLast(opened);
                return;
            case ErrorCode.OffsetOutOfRange when options.OffsetReset != OffsetReset.None:
                _positions[partition] = Position.OutOfRange;
                return;
            case var error when ErrorTexts.IsRetriable(error):
                MetadataIsStale = true;
                return;
            case var error:
                throw new KafkaException(error, $"{partition} at offset {from}: {ErrorTexts.SentenceOf(error)}");
        }
    }

    /// <summary>Whether the committed offset was tried and lies outside the log.</summary>
    public bool WasOutOfRange(TopicPartition partition) => _positions.GetValueOrDefault(partition) == Position.OutOfRange;

    /// <param name="Next">Where the next fetch starts; none: to be found out.</param>
    /// <param name="Consumed">Where what the application was given ends.</param>
    private readonly record struct Position(Offset Next, Offset Consumed)
    {
        public static readonly Position Unknown = new(Offset.None, Offset.None);
        public static readonly Position OutOfRange = new(Offset.None, new(-2));
    }

    /// <param name="Response">Null: the broker could not be asked.</param>
    private sealed record Fetched(BrokerId Leader, Dictionary<TopicPartition, Offset> From, FetchResponse? Response);
}

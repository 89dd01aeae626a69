using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Producing;

/// <summary>
/// Collects records into batches and sends them to the partitions' leaders, several brokers at a time, each partition's
/// batches one after the other. What fails for a passing reason is sent again until the delivery timeout.
/// </summary>
internal sealed class Producer : IAsyncDisposable
{
    /// <summary>12 is for transactions, 13 names topics by id; up to here they have names.</summary>
    private const short MaxProduceVersion = 11;

    private readonly KafkaClient _client;
    private readonly ProducerOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, PartitionQueue> _queues = [];
    private readonly Dictionary<string, MetadataResponse.Topic> _topics = [];
    private readonly SemaphoreSlim _work = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sender;
    private TaskCompletionSource _progress = NewSignal(); // replaced and completed whenever a batch is done
    private ProducerIdentity _identity = ProducerIdentity.None;
    private long _bufferedBytes;
    private bool _flushing;
    private bool _metadataIsStale;

    private Producer(KafkaClient client, ProducerOptions options)
    {
        _client = client;
        _options = options;
        _time = client.Options.Time;
        _sender = SendLoopAsync();
    }

    /// <summary>Starts a producer; an idempotent one asks for its id first.</summary>
    public static async Task<Producer> StartAsync(KafkaClient client, ProducerOptions options, CancellationToken cancellation)
    {
        if (options.Idempotent && options.Acks != -1) throw new ArgumentException("An idempotent producer needs acks=all");
        var producer = new Producer(client, options);
        if (!options.Idempotent) return producer;
        producer._identity = await Retry.RunAsync(
            client.Options,
            async token =>
            {
                var connection = await client.AnyAsync(token);
                var response = await connection.SendAsync(
                    new InitProducerIdRequest(TransactionalId: null, TransactionTimeoutMs: int.MaxValue), token);
                KafkaException.ThrowIfError(response.ErrorCode);
                return new ProducerIdentity(response.ProducerId, response.ProducerEpoch);
            },
            cancellation);
        return producer;
    }

    /// <summary>Hands a record over; waits only while the buffer is full or the topic is unknown.</summary>
    /// <exception cref="KafkaException">The topic cannot be used.</exception>
    public async ValueTask<Delivery> SendAsync(ProducerRecord record, CancellationToken cancellation)
    {
        var topic = await TopicAsync(record.Topic, cancellation);
        if (record.Partition is { } wanted && (wanted < 0 || wanted >= topic.Partitions.Length))
            throw new KafkaException(
                ErrorCode.UnknownTopicOrPartition,
                $"{record.Topic} has partitions 0 to {topic.Partitions.Length - 1}, not {wanted}");

        while (true)
        {
            Task progress;
            lock (_lock)
            {
                if (_bufferedBytes < _options.BufferBytes) return Append(record, topic);
                progress = _progress.Task;
            }
            await progress.WaitAsync(cancellation);
        }
    }

    /// <summary>Sends all that was handed over before, and waits until each record is delivered or has failed.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task progress;
            lock (_lock)
            {
                _flushing = _queues.Values.Any(q => !q.IsEmpty);
                if (!_flushing) return;
                progress = _progress.Task;
            }
            _work.Release();
            await progress.WaitAsync(cancellation);
        }
    }

    /// <summary>Stops at once; call <see cref="FlushAsync"/> before for what must arrive.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sender;
        List<ProducerBatch> left = [];
        lock (_lock)
        {
            foreach (var queue in _queues.Values)
            {
                queue.Close();
                while (queue.HasClosed) left.Add(queue.Take());
            }
        }
        foreach (var batch in left) batch.Fail(new OperationCanceledException("The producer was stopped"));
    }

    private Delivery Append(in ProducerRecord record, MetadataResponse.Topic topic)
    {
        var index = record.Partition ?? _options.Partitioner.PartitionOf(topic, record.Key, record.Key is not null);
        var partition = new TopicPartition(record.Topic, index);
        if (!_queues.TryGetValue(partition, out var queue)) _queues[partition] = queue = new(partition);

        var hadOpen = queue.Open is not null;
        var batch = queue.OpenBatch(_options, _identity, _time.GetTimestamp());
        var before = hadOpen ? batch.UncompressedBytes : 0;
        var delivery = batch.Append(record, _time.GetUtcNow().ToUnixTimeMilliseconds());
        _bufferedBytes += batch.UncompressedBytes - before;
        if (batch.UncompressedBytes >= _options.BatchBytes) Close(queue);
        if (!hadOpen || queue.Open is null) _work.Release();
        return delivery;
    }

    private void Close(PartitionQueue queue)
    {
        queue.Close();
        _options.Partitioner.OnBatchClosed(queue.Partition.Topic);
    }

    private async Task SendLoopAsync()
    {
        var requests = new HashSet<Task>();
        try
        {
            while (true)
            {
                await _work.WaitAsync(NextLinger(), _stopping.Token);
                if (_metadataIsStale) await RefreshAsync();
                foreach (var (leader, batches) in TakeReady()) requests.Add(SendAsync(leader, batches));
                requests.RemoveWhere(r => r.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        await Task.WhenAll(requests);
    }

    /// <summary>How long until some open batch has waited long enough.</summary>
    private TimeSpan NextLinger()
    {
        lock (_lock)
        {
            var next = TimeSpan.FromSeconds(1);
            foreach (var queue in _queues.Values)
                if (!queue.IsInFlight && queue.WaitsSince is { } since && LingerLeft(since) is var left && left < next)
                    next = left;
            return next > TimeSpan.Zero ? next : TimeSpan.Zero;
        }
    }

    private TimeSpan LingerLeft(long since) => _options.Linger - _time.GetElapsedTime(since);

    private Dictionary<BrokerId, List<ProducerBatch>> TakeReady()
    {
        var ready = new Dictionary<BrokerId, List<ProducerBatch>>();
        lock (_lock)
        {
            foreach (var queue in _queues.Values)
            {
                if (queue.IsInFlight) continue;
                if (queue.Open is { } open && (_flushing || (!queue.HasClosed && LingerLeft(open.Started) <= TimeSpan.Zero)))
                    Close(queue);
                if (queue.Peek is null) continue;
                var leader = LeaderOf(queue.Partition);
                if (!ready.TryGetValue(leader, out var batches)) ready[leader] = batches = [];
                if (batches.Sum(b => (long)b.UncompressedBytes) < _options.MaxRequestBytes) batches.Add(queue.Take());
            }
        }
        return ready;
    }

    private BrokerId LeaderOf(TopicPartition partition) =>
        Array.Find(_topics[partition.Topic].Partitions, p => p.Index == partition.Partition)?.LeaderId ?? BrokerId.None;

    private async Task SendAsync(BrokerId leader, List<ProducerBatch> batches)
    {
        await Task.Yield(); // Compression is for the pool, not for the loop.
        try
        {
            if (leader.IsNone) throw new KafkaException(ErrorCode.LeaderNotAvailable);
            var connection = await _client.BrokerAsync(leader, Purpose.General, _stopping.Token);
            if (_options.Acks == 0)
            {
                await connection.SendOneWayAsync(Request(batches), _stopping.Token, MaxProduceVersion);
                foreach (var batch in batches) Finish(batch, () => batch.Succeed(Offset.None));
                return;
            }
            var response = await connection.SendAsync(Request(batches), _stopping.Token, MaxProduceVersion);
            var answers = response.Responses.SelectMany(
                t => t.PartitionResponses, (t, p) => (new TopicPartition(t.Name, p.Index), p))
                .ToDictionary(a => a.Item1, a => a.p);
            foreach (var batch in batches)
                if (answers.TryGetValue(batch.Partition, out var answer)) Settle(batch, answer);
                else Finish(batch, () => batch.Fail(new IOException($"The broker said nothing of {batch.Partition}")));
        }
        catch (OperationCanceledException e)
        {
            foreach (var batch in batches) Finish(batch, () => batch.Fail(e));
        }
        catch (Exception e)
        {
            await RetryOrFailAsync(batches, e);
        }
    }

    private ProduceRequest Request(List<ProducerBatch> batches) => new()
    {
        Acks = _options.Acks,
        TimeoutMs = (int)_client.Options.RequestTimeout.TotalMilliseconds,
        TopicData = [.. batches.GroupBy(b => b.Partition.Topic).Select(topic => new ProduceRequest.Topic(
            topic.Key, TopicId.None, [.. topic.Select(b => new ProduceRequest.Partition(b.Partition.Partition, b.Encode()))]))],
    };

    private void Settle(ProducerBatch batch, ProduceResponse.Partition answer)
    {
        if (answer.ErrorCode is ErrorCode.None or ErrorCode.DuplicateSequenceNumber)
        {
            Finish(batch, () => batch.Succeed(answer.BaseOffset));
            return;
        }
        var error = new KafkaException(
            answer.ErrorCode, answer.ErrorMessage is { } message ? $"{batch.Partition}: {message}" : null);
        _ = RetryOrFailAsync([batch], error);
    }

    private async Task RetryOrFailAsync(List<ProducerBatch> batches, Exception error)
    {
        var mayPass = Retry.MayPass(error);
        if (mayPass)
        {
            try
            {
                await Task.Delay(_client.Options.RetryBackoff, _time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                mayPass = false;
            }
        }
        foreach (var batch in batches)
        {
            if (!mayPass || _time.GetElapsedTime(batch.Started) >= _options.DeliveryTimeout)
            {
                Finish(batch, () => batch.Fail(error));
                continue;
            }
            lock (_lock)
            {
                _metadataIsStale = true;
                _queues[batch.Partition].PutBack(batch);
            }
        }
        _work.Release();
    }

    private void Finish(ProducerBatch batch, Action answer)
    {
        TaskCompletionSource done;
        lock (_lock)
        {
            _bufferedBytes -= batch.UncompressedBytes;
            _queues[batch.Partition].Done();
            done = _progress;
            _progress = NewSignal();
        }
        answer();
        done.TrySetResult();
        _work.Release();
    }

    private async ValueTask<MetadataResponse.Topic> TopicAsync(string name, CancellationToken cancellation)
    {
        lock (_lock)
            if (_topics.TryGetValue(name, out var known)) return known;
        var topic = await Retry.RunAsync(
            _client.Options,
            async token => (await _client.RefreshAsync([name], token, allowAutoTopicCreation: true)).RequireTopic(name),
            cancellation);
        lock (_lock) return _topics[name] = topic;
    }

    private async Task RefreshAsync()
    {
        string[] names;
        lock (_lock)
        {
            _metadataIsStale = false;
            names = [.. _topics.Keys];
        }
        try
        {
            var metadata = await _client.RefreshAsync(names, _stopping.Token);
            lock (_lock)
                foreach (var name in names)
                    if (metadata.Topic(name) is { ErrorCode: ErrorCode.None } topic) _topics[name] = topic;
        }
        catch (Exception e) when (Retry.MayPass(e))
        {
            // The batch that asked for it fails again, and asks again.
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using System.Globalization;
using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Simulation.Clients;

/// <summary>Idempotent producers to one partition with acks=all, one after the other. Each sends up to five batches before the first
/// is answered, and sends each again until it is.</summary>
internal sealed class Producer(ClusterClient cluster, Recorder recorder, string name, TopicPartition partition)
{
    private const short ProduceVersion = 12, InitVersion = 4;
    private const int MaxInFlight = 5;
    private const int TimeoutMs = 2000;

    /// <summary>So many a producer sends.</summary>
    private const int Batches = 12;

    private readonly List<Batch> _unacknowledged = [];
    private Link? _link;
    private BrokerId _linked = BrokerId.None;
    private long _id;
    private short _epoch;
    private int _nextSequence;
    private int _records;
    private int _lives;
    private int _batchesLeft;

    private sealed record Batch(int Sequence, byte[] Bytes, int[] Attempts)
    {
        public Task<ProduceResponse>? Answer { get; set; }
    }

    public bool IsDone { get; private set; }

    private string Key => string.Create(CultureInfo.InvariantCulture, $"{name}.{_lives}");

    public async Task RunAsync()
    {
        var nextAt = cluster.Node.World.Now;
        while (!recorder.IsEnding || _unacknowledged.Count > 0)
        {
            if (_batchesLeft == 0 && _unacknowledged.Count == 0) await InitAsync();
            while (!recorder.IsEnding && _batchesLeft > 0 && _unacknowledged.Count < MaxInFlight && cluster.Node.World.Now >= nextAt)
            {
                _unacknowledged.Add(Next());
                nextAt = cluster.Node.World.Now + TimeSpan.FromMilliseconds(cluster.Node.Random.Next(10) < 4 ? 0 : cluster.Node.Random.Next(1500));
            }
            if (_unacknowledged.Count == 0) await cluster.PauseAsync(0.2);
            else if (!await TrySendAsync()) await cluster.RefreshAsync(partition.Topic);
        }
        _link?.Dispose();
        IsDone = true;
    }

    private async Task InitAsync()
    {
        while (true)
        {
            try
            {
                using var link = await cluster.ConnectAnyAsync();
                var answer = await link.AskAsync(new InitProducerIdRequest(null, int.MaxValue), InitVersion, TimeSpan.FromSeconds(20));
                if (answer.ErrorCode == ErrorCode.None)
                {
                    (_id, _epoch, _nextSequence, _batchesLeft) = (answer.ProducerId, answer.ProducerEpoch, 0, Batches);
                    _lives++;
                    return;
                }
            }
            catch (IOException)
            {
                // Another broker, then.
            }
            await cluster.PauseAsync(0.3);
        }
    }

    private Batch Next()
    {
        _batchesLeft--;
        var count = 1 + cluster.Node.Random.Next(3);
        var attempts = new int[count];
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            ProducerId = _id,
            ProducerEpoch = _epoch,
            BaseSequence = _nextSequence,
        });
        for (var i = 0; i < count; i++)
        {
            var value = string.Create(CultureInfo.InvariantCulture, $"{name}-{partition.Partition}-{_records++}");
            attempts[i] = recorder.Sending(Key, value);
            builder.Append(
                cluster.Node.Time.GetUtcNow().ToUnixTimeMilliseconds(), Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(value));
        }
        var batch = new Batch(_nextSequence, builder.Build(), attempts);
        _nextSequence += count;
        return batch;
    }

    /// <summary>Sends what is not under way, and waits for the oldest to be answered; after an error for all.</summary>
    private async Task<bool> TrySendAsync()
    {
        try
        {
            if (!cluster.TryLeader(partition, out var leader, out _)) return false;
            if (_link is null or { IsClosed: true } || leader != _linked)
            {
                DropLink();
                _linked = leader;
                _link = await cluster.ConnectAsync(leader);
                cluster.Say($"{name}: connected to {leader} as leader of {partition}");
            }
            foreach (var batch in _unacknowledged) batch.Answer ??= SendAsync(_link, batch);
            var oldest = _unacknowledged[0];
            if (Take(oldest, await oldest.Answer!, isOldest: true)) return true;
            foreach (var batch in _unacknowledged.ToArray())
                if (batch != oldest) Take(batch, await batch.Answer!, isOldest: false);
            foreach (var batch in _unacknowledged) batch.Answer = null;
            if (cluster.Node.Random.Next(2) == 0) DropLink();
            return false;
        }
        catch (IOException)
        {
            DropLink();
            return false;
        }
    }

    private void DropLink()
    {
        _link?.Dispose();
        _link = null;
        foreach (var batch in _unacknowledged)
        {
            if (batch.Answer is not null) _ = batch.Answer.ContinueWith(
                static t => t.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            batch.Answer = null;
        }
    }

    private Task<ProduceResponse> SendAsync(Link link, Batch batch) => link.AskAsync(
        new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = TimeoutMs,
            TopicData = [new(partition.Topic, default, [new(partition.Partition, batch.Bytes.ToArray())])],
        },
        ProduceVersion,
        TimeSpan.FromMilliseconds(TimeoutMs) + ClusterClient.Timeout);

    private bool Take(Batch batch, ProduceResponse answer, bool isOldest)
    {
        var part = answer.Responses[0].PartitionResponses[0];
        cluster.Say($"{Key}: {part.ErrorCode} for sequence {batch.Sequence} of {partition}, offset {part.BaseOffset}");
        switch (part.ErrorCode)
        {
            case ErrorCode.None or ErrorCode.DuplicateSequenceNumber:
                var known = part.ErrorCode == ErrorCode.None && part.BaseOffset.Value >= 0;
                for (var i = 0; i < batch.Attempts.Length; i++)
                    recorder.Acknowledged(batch.Attempts[i], partition, known ? part.BaseOffset + i : Offset.None);
                _unacknowledged.Remove(batch);
                return true;
            case ErrorCode.OutOfOrderSequenceNumber when !isOldest:
            case ErrorCode.NotLeaderOrFollower or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend
                or ErrorCode.RequestTimedOut or ErrorCode.UnknownTopicOrPartition or ErrorCode.KafkaStorageError
                or ErrorCode.LeaderNotAvailable:
                return false;
            default:
                recorder.Violations.Add(string.Create(CultureInfo.InvariantCulture,
                    $"producer {Key} got {part.ErrorCode} for sequence {batch.Sequence} of {partition}, all before it acknowledged"));
                return false;
        }
    }
}

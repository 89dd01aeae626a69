using System.Buffers.Binary;
using System.Diagnostics;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Consuming;
using ActorBroker.Server.Clients.Producing;

namespace ActorBroker.Benchmarks.Cluster;

/// <summary>
/// An idempotent producer with acks=all, which sends a record to each partition now and then, and a member of a group that reads
/// them and commits after each poll. Both have the settings that Kafka's clients have by default, but for lingering.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _topic;
    private readonly KafkaClient _client;
    private readonly Producer _producer;
    private readonly Consumer _consumer;
    private readonly List<Task> _tasks = [];
    private volatile Recovery? _recovery;

    private Traffic(string topic, string group, KafkaClient client, Producer producer)
    {
        (_topic, _client, _producer) = (topic, client, producer);
        _consumer = new Consumer(client, new ConsumerOptions
        {
            GroupId = group,
            OffsetReset = OffsetReset.Earliest,
            AutoCommit = false,
        });
        _consumer.Subscribe([topic]);
    }

    /// <summary>Records that were not taken, for good.</summary>
    public int Failed { get; private set; }

    public static async Task<Traffic> StartAsync(IReadOnlyList<HostAndPort> brokers, string topic, int partitions, string group)
    {
        var client = new KafkaClient(new ClientOptions(brokers));
        var producer = await Producer.StartAsync(
            client, new ProducerOptions { Idempotent = true, Linger = TimeSpan.Zero }, CancellationToken.None);
        var traffic = new Traffic(topic, group, client, producer);
        for (var i = 0; i < partitions; i++)
        {
            var partition = i;
            traffic._tasks.Add(Task.Run(() => traffic.WriteAsync(partition)));
        }
        traffic._tasks.Add(Task.Run(traffic.ReadAsync));
        return traffic;
    }

    /// <summary>From now on what happens is told to this one.</summary>
    public void Tell(Recovery recovery) => _recovery = recovery;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_tasks);
        await _producer.DisposeAsync();
        await _consumer.DisposeAsync();
        await _client.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WriteAsync(int partition)
    {
        using var pace = new PeriodicTimer(Pace);
        try
        {
            while (await pace.WaitForNextTickAsync(_stop.Token))
            {
                var value = new byte[sizeof(long)];
                var sentAt = Stopwatch.GetTimestamp();
                BinaryPrimitives.WriteInt64LittleEndian(value, sentAt);
                _ = WatchAsync(await _producer.SendAsync(new(_topic, null, value, partition), _stop.Token), sentAt);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task WatchAsync(Delivery delivery, long sentAt)
    {
        try
        {
            await delivery.Batch;
            _recovery?.Acknowledged(delivery.Partition.Partition, sentAt);
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
        catch (Exception e) when (e is KafkaException || Retry.MayPass(e))
        {
            Failed++;
            Console.Error.WriteLine($"not delivered to {delivery.Partition}: {e.Message}");
        }
    }

    private async Task ReadAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var records = await _consumer.PollAsync(TimeSpan.FromMilliseconds(100), _stop.Token);
                foreach (var record in records)
                    _recovery?.Read(record.Partition.Partition, BinaryPrimitives.ReadInt64LittleEndian(record.Value));
                if (records.Count == 0) continue;
                var begunAt = Stopwatch.GetTimestamp();
                await _consumer.CommitAsync(_stop.Token);
                _recovery?.Committed(begunAt);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is KafkaException || Retry.MayPass(e))
            {
                // A rebalance, or nobody was there for long: the next poll goes on.
            }
        }
    }
}

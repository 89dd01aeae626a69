using System.Text;
using ActorBroker.Core.Groups.Assignors;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;
using ActorBroker.Server.Clients.Consuming;
using ActorBroker.Server.Clients.Producing;

namespace ActorBroker.Server.Tests.Acceptance;

/// <summary>
/// A broker in memory for each test, with this executable's producers and consumers. Summaries name rows of the acceptance table.
/// </summary>
public abstract class SdkTest : IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(180));
    private readonly List<IAsyncDisposable> _toClose = [];
    private EmbeddedBroker? _broker;

    protected CancellationToken Limit => _limit.Token;

    private protected KafkaClient Client { get; private set; } = null!;

    private protected HostAndPort Address => HostAndPort.TryParse(_broker!.BootstrapServers, out var address) ? address : default;

    public async Task InitializeAsync()
    {
        _broker = await EmbeddedBroker.StartAsync(new()
        {
            Configs = new Dictionary<string, string?>
            {
                ["group.initial.rebalance.delay.ms"] = "0",
                ["group.min.session.timeout.ms"] = "100",
                ["offsets.topic.num.partitions"] = "50",
            },
        });
        Client = Connect();
    }

    public async Task DisposeAsync()
    {
        foreach (var opened in Enumerable.Reverse(_toClose)) await opened.DisposeAsync();
        await _broker!.DisposeAsync();
        _limit.Dispose();
    }

    private protected KafkaClient Connect(string clientId = "test")
    {
        var client = new KafkaClient(new([Address]) { ClientId = clientId, MaxMetadataAge = TimeSpan.FromMilliseconds(200) });
        _toClose.Add(client);
        return client;
    }

    private protected Task CreateAsync(string topic, int partitions = 1) =>
        new TopicAdmin(Client).CreateAsync(new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }, Limit);

    /// <returns>Where each record went.</returns>
    private protected async Task<List<TopicPartition>> ProduceAsync(
        IEnumerable<ProducerRecord> records, ProducerOptions? options = null)
    {
        await using var producer = await Producer.StartAsync(Client, options ?? new(), Limit);
        var deliveries = new List<Delivery>();
        foreach (var record in records) deliveries.Add(await producer.SendAsync(record, Limit));
        await producer.FlushAsync(Limit);
        foreach (var delivery in deliveries) await delivery.OffsetAsync();
        return deliveries.ConvertAll(d => d.Partition);
    }

    private protected Task<List<TopicPartition>> ProduceAsync(string topic, params string[] values) =>
        ProduceAsync(values.Select(v => Record(topic, v)));

    private protected static ProducerRecord Record(string topic, string value, string? key = null, int? partition = null) =>
        new(topic, key is null ? null : Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value), partition);

    private protected static ConsumerOptions From(OffsetReset start, string? group = null) => new()
    {
        GroupId = group,
        OffsetReset = start,
        FetchMaxWait = TimeSpan.FromMilliseconds(50),
        HeartbeatInterval = TimeSpan.FromMilliseconds(50),
        Assignors = [new RangeAssignor()],
    };

    /// <summary>A consumer that is closed with the test.</summary>
    private protected Consumer Open(ConsumerOptions options, string clientId = "test")
    {
        var consumer = new Consumer(Connect(clientId), options);
        _toClose.Add(consumer);
        return consumer;
    }

    private protected Consumer Subscribe(string group, params string[] topics)
    {
        var consumer = Open(From(OffsetReset.Earliest, group));
        consumer.Subscribe(topics);
        return consumer;
    }

    private protected async Task<List<string>> TakeAsync(Consumer consumer, int count)
    {
        var values = new List<string>();
        while (values.Count < count) values.AddRange(await PollAsync(consumer, count - values.Count));
        return values;
    }

    private protected async Task<List<string>> PollAsync(Consumer consumer, int max = int.MaxValue)
    {
        var records = await consumer.PollAsync(TimeSpan.FromMilliseconds(100), Limit, max);
        return [.. records.Select(r => Encoding.UTF8.GetString(r.Value!))];
    }

    /// <summary>
    /// Lets all poll until it holds, each at its own pace: a poll that joins lasts until the group's other members have polled too.
    /// </summary>
    private protected Task UntilAsync(Func<bool> condition, params Consumer[] consumers) => Task.WhenAll(consumers.Select(async consumer =>
    {
        while (!condition()) await PollAsync(consumer);
    }));
}

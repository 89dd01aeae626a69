using ActorBroker.ClientTests.Clients;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests;

/// <summary>Every client library reads what every other wrote.</summary>
public sealed class InteropTests(InteropTests.SharedBroker shared) : IClassFixture<InteropTests.SharedBroker>
{
    private static readonly Dictionary<string, string> _headers = new() { ["trace"] = "7f", ["source"] = "tests" };

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var producer in KafkaClient.All)
            {
                foreach (var consumer in KafkaClient.All) pairs.Add(producer.Name, consumer.Name);
            }

            return pairs;
        }
    }

    public static TheoryData<string, string> Codecs => new()
    {
        { "kcat", "gzip" }, { "kcat", "snappy" }, { "kcat", "lz4" }, { "kcat", "zstd" },
        { "kafka-python", "gzip" }, { "kafka-python", "snappy" }, { "kafka-python", "lz4" }, { "kafka-python", "zstd" },
        { "confluent-kafka", "gzip" }, { "confluent-kafka", "snappy" }, { "confluent-kafka", "lz4" },
        { "confluent-kafka", "zstd" },
        { "kafkajs", "gzip" },
    };

    [SkippableTheory]
    [MemberData(nameof(Pairs))]
    public async Task What_one_client_produces_another_consumes(string producer, string consumer)
    {
        var topic = $"from-{producer}-to-{consumer}";
        SentRecord[] sent =
            [.. Enumerable.Range(0, 50).Select(n => new SentRecord($"key-{n % 5}", $"value {n} äöü", 0, _headers))];

        await KafkaClient.Named(producer).OrSkip().ProduceAsync(shared.Bootstrap, topic, sent);
        var seen = await KafkaClient.Named(consumer).OrSkip().ConsumeAsync(shared.Bootstrap, topic, sent.Length);

        Assert.Equal(sent.Select(record => (record.Key, record.Value)), seen.Select(record => (record.Key, record.Value)));
        Assert.All(seen, record => Assert.Equal(_headers, record.Headers));
        Assert.Equal(Enumerable.Range(0, 50).Select(n => (long)n), seen.Select(record => record.Offset));
        Assert.All(seen, record => Assert.True(record.Timestamp > 0));
    }

    [SkippableTheory]
    [MemberData(nameof(Codecs))]
    public async Task A_compressed_batch_is_stored_as_it_came_and_read_by_another_client(string producer, string codec)
    {
        var topic = $"{codec}-by-{producer}";
        SentRecord[] sent =
            [.. Enumerable.Range(0, 200).Select(n => new SentRecord($"k{n}", $"the same words again and again {n}", 0))];

        await KafkaClient.Named(producer).OrSkip().ProduceAsync(shared.Bootstrap, topic, sent, codec);
        var consumer = producer == "confluent-kafka" ? KafkaClient.KafkaPython : KafkaClient.Confluent;
        var seen = await consumer.OrSkip().ConsumeAsync(shared.Bootstrap, topic, sent.Length);

        Assert.Equal(sent.Select(record => (record.Key, record.Value)), seen.Select(record => (record.Key, record.Value)));
    }

    [SkippableTheory]
    [InlineData("confluent-kafka")]
    [InlineData("kafka-python")]
    [InlineData("kafkajs")]
    public async Task Keys_go_to_the_partition_that_the_client_chose_and_keep_their_order(string client)
    {
        var topic = $"keys-{client}";
        var program = (ClientProgram)KafkaClient.Named(client).OrSkip();
        await program.CreateTopicAsync(shared.Bootstrap, topic, 5);
        SentRecord[] sent = [.. Enumerable.Range(0, 300).Select(n => new SentRecord($"key-{n % 20}", $"{n:d4}"))];

        await program.ProduceAsync(shared.Bootstrap, topic, sent);
        var seen = await KafkaClient.Kcat.OrSkip().ConsumeAsync(shared.Bootstrap, topic, sent.Length);

        Assert.All(seen.GroupBy(record => record.Key), key =>
        {
            Assert.Single(key.Select(record => record.Partition).Distinct());
            Assert.Equal(key.Select(record => record.Value).Order(StringComparer.Ordinal), key.Select(record => record.Value));
        });
        Assert.True(seen.Select(record => record.Partition).Distinct().Count() > 1);
    }

    /// <summary>One broker for all pairs: each test has a topic of its own.</summary>
    public sealed class SharedBroker : IAsyncLifetime
    {
        private readonly TempFolder _folder = new();
        private BrokerProcess? _broker;

        public string Bootstrap => _broker!.Bootstrap;

        public async Task InitializeAsync() => _broker = await BrokerProcess.StartAsync(_folder["data"]);

        public async Task DisposeAsync()
        {
            if (_broker is not null) await _broker.DisposeAsync();
            _folder.Dispose();
        }
    }
}

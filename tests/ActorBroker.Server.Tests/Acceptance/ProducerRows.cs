using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Consuming;
using ActorBroker.Server.Clients.Producing;

namespace ActorBroker.Server.Tests.Acceptance;

/// <summary>Part G: where a producer's records go.</summary>
public sealed class ProducerRows : SdkTest
{
    /// <summary>G04</summary>
    [Fact]
    public async Task A_record_that_names_its_partition_goes_there_whatever_its_key()
    {
        await CreateAsync("t", 5);
        var went = await ProduceAsync(Enumerable.Range(0, 5).Select(p => Record("t", "v", "the same key", p)));
        Assert.Equal([0, 1, 2, 3, 4], went.Select(w => w.Partition));
    }

    /// <summary>G05: the partitions that Java's producer takes for these keys, of 10.</summary>
    [Theory]
    [InlineData("21", 0)]
    [InlineData("foobar", 6)]
    [InlineData("a-little-bit-long-string", 2)]
    [InlineData("a-little-bit-longer-string", 9)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", 7)]
    public async Task A_key_goes_where_Java_would_send_it(string key, int partition)
    {
        await CreateAsync("t", 10);
        Assert.Equal(partition, (await ProduceAsync([Record("t", "v", key)])).Single().Partition);
    }

    /// <summary>G06: in turn; or, sticky, one partition for each batch.</summary>
    [Fact]
    public async Task Records_without_a_key_are_spread()
    {
        await CreateAsync("t", 3);
        var went = await ProduceAsync(Enumerable.Range(0, 30).Select(i => Record("t", $"{i}")));
        Assert.All(went.GroupBy(w => w.Partition), g => Assert.Equal(10, g.Count()));

        var sticky = new ProducerOptions { Partitioner = new StickyPartitioner(new Random(1)), Linger = TimeSpan.FromMinutes(1) };
        went = await ProduceAsync(Enumerable.Range(0, 30).Select(i => Record("t", $"{i}")), sticky);
        Assert.Single(went.Distinct());
    }

    /// <summary>G07</summary>
    [Fact]
    public async Task A_partitioner_of_ones_own_is_asked()
    {
        await CreateAsync("t", 4);
        var records = new[] { "d", "a", "c", "b" }.Select(key => Record("t", "v", key));
        var went = await ProduceAsync(records, new ProducerOptions { Partitioner = new ByFirstLetter() });
        Assert.Equal([3, 0, 2, 1], went.Select(w => w.Partition));
    }

    /// <summary>G08: all that happens to one entity is in one partition, in its order.</summary>
    [Fact]
    public async Task Records_of_one_key_stay_together_and_in_order()
    {
        await CreateAsync("t", 3);
        var records = Enumerable.Range(0, 60).Select(i => Record("t", $"order {i % 7}: step {i / 7}", $"order {i % 7}")).ToList();
        var went = await ProduceAsync(records);
        for (var order = 0; order < 7; order++) Assert.Single(went.Where((_, i) => i % 7 == order).Distinct());
        var consumer = Open(From(OffsetReset.Earliest));
        await consumer.AssignAsync(Enumerable.Range(0, 3).ToDictionary(p => new TopicPartition("t", p), _ => Offset.None), Limit);
        var read = await TakeAsync(consumer, 60);
        for (var order = 0; order < 7; order++)
        {
            var steps = read.Where(v => v.StartsWith($"order {order}:", StringComparison.Ordinal)).ToList();
            Assert.Equal(Enumerable.Range(0, order < 4 ? 9 : 8).Select(s => $"order {order}: step {s}"), steps);
        }
    }

    /// <summary>A07, H13, P05: no word of sockets or frames. Configure, subscribe, poll, commit, close.</summary>
    [Fact]
    public async Task Producing_and_consuming_take_a_few_lines()
    {
        await using (var producer = await Producer.StartAsync(Client, new() { Idempotent = true }, Limit))
        {
            await producer.SendAsync(Record("new", "hello"), Limit);
            await producer.FlushAsync(Limit);
        }

        await using var consumer = new Consumer(Client, From(OffsetReset.Earliest, "readers") with { AutoCommit = false });
        consumer.Subscribe(["new"]);
        Assert.Equal(["hello"], await TakeAsync(consumer, 1));
        await consumer.CommitAsync(Limit);
    }

    /// <summary>B09, G26: one address of the list that answers is enough.</summary>
    [Fact]
    public async Task A_list_of_brokers_may_name_some_that_are_down()
    {
        await using var client = new KafkaClient(new([new("127.0.0.1", 1), Address]));
        var metadata = await client.RefreshAsync(null, Limit);
        Assert.Equal([Address], metadata.Brokers);
    }

    private sealed class ByFirstLetter : IPartitioner
    {
        public int PartitionOf(MetadataResponse.Topic topic, ReadOnlySpan<byte> key, bool hasKey) => key[0] - 'a';

        public void OnBatchClosed(string topic)
        {
        }
    }
}

using System.Net;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Tests.Kafka;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Producers that want each record once, and what they are told.</summary>
public sealed class ProducerRows : AcceptanceTest
{
    /// <summary>M14</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task An_acknowledged_record_can_be_read(short acks)
    {
        await Client.CreateAsync("t", 1);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(i, await Client.ProduceAsync("t", 0, TestBatch.Of($"{i}"), acks));
            Assert.Equal([$"{i}"], await Client.ReadValuesAsync("t", 0, i));
        }
    }

    /// <summary>M14: with acks 0 there is no answer.</summary>
    [Fact]
    public async Task An_unacknowledged_record_is_there_when_the_next_request_is_answered()
    {
        await Client.CreateAsync("t", 1);
        using var raw = await RawClient.ConnectAsync(IPEndPoint.Parse(Broker.BootstrapServers));
        var quiet = TestKafkaClient.ToProduce("t", 0, TestBatch.Of("quiet"), acks: 0);
        await raw.SendAsync(RawClient.Request(ApiKey.Produce, 9, 1, quiet), RawClient.ApiVersions(2));
        Assert.Equal(2, await raw.ReceiveCorrelationIdAsync());
        Assert.Equal(["quiet"], await Client.ReadValuesAsync("t", 0));
    }

    /// <summary>A batch that comes again has the answer of the first time and is not stored again.</summary>
    [Fact]
    public async Task A_repeated_batch_is_stored_once_and_gets_the_same_offset()
    {
        await Client.CreateAsync("t", 1);
        var producer = await Client.InitProducerAsync();
        for (var sequence = 0; sequence < 10; sequence += 2)
            for (var attempt = 0; attempt < 3; attempt++)
                Assert.Equal(sequence, await Client.ProduceAsync("t", 0, Batch(producer, sequence)));
        Assert.Equal(2, await Client.ProduceAsync("t", 0, Batch(producer, 2))); // Kafka remembers five batches.
        Assert.Equal(10, (await Client.ReadAsync("t", 0)).Count);
    }

    [Fact]
    public async Task A_gap_in_a_producers_sequence_is_refused_and_harms_nothing()
    {
        await Client.CreateAsync("t", 1);
        var producer = await Client.InitProducerAsync();
        await Client.ProduceAsync("t", 0, Batch(producer, 0));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, await Client.ErrorOfProduceAsync("t", 0, Batch(producer, 3)));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, await Client.ErrorOfProduceAsync("t", 0, Batch(producer, 1)));
        Assert.Equal(2, await Client.ProduceAsync("t", 0, Batch(producer, 2)));
    }

    [Fact]
    public async Task A_producer_of_an_old_epoch_is_fenced()
    {
        await Client.CreateAsync("t", 1);
        var (id, _) = await Client.InitProducerAsync();
        await Client.ProduceAsync("t", 0, Batch((id, 3), 0));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, await Client.ErrorOfProduceAsync("t", 0, Batch((id, 2), 0)));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, await Client.ErrorOfProduceAsync("t", 0, Batch((id, 4), 2)));
        Assert.Equal(2, await Client.ProduceAsync("t", 0, Batch((id, 4), 0)));
    }

    [Fact]
    public async Task Producers_are_told_apart_by_ids_that_are_given_once()
    {
        using var other = await ConnectAsync();
        var ids = new List<long>();
        for (var i = 0; i < 50; i++) ids.AddRange([(await Client.InitProducerAsync()).Id, (await other.InitProducerAsync()).Id]);
        Assert.Equal(100, ids.Distinct().Count());
    }

    /// <summary>M12: five requests in flight keep their order, also when one of them is refused.</summary>
    [Fact]
    public async Task Batches_in_flight_are_stored_in_the_order_of_their_sequence()
    {
        await Client.CreateAsync("t", 1);
        var producer = await Client.InitProducerAsync();
        using var raw = await RawClient.ConnectAsync(IPEndPoint.Parse(Broker.BootstrapServers));
        await raw.SendAsync([.. Enumerable.Range(0, 100).Select(i =>
            RawClient.Request(ApiKey.Produce, 9, i, TestKafkaClient.ToProduce("t", 0, Batch(producer, 2 * i))))]);
        for (var i = 0; i < 100; i++) Assert.Equal(i, await raw.ReceiveCorrelationIdAsync());
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), await Client.ReadValuesAsync("t", 0));
    }

    /// <summary>Every codec comes back as it was sent, without the broker looking into it.</summary>
    [Theory]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    [InlineData(CompressionCodec.Zstd)]
    public async Task Compressed_batches_come_back_as_they_were_sent(CompressionCodec codec)
    {
        await Client.CreateAsync("t", 1);
        var values = Enumerable.Range(0, 100).Select(i => $"value {i} of many that look alike").ToArray();
        await Client.ProduceAsync("t", 0, TestBatch.Of(new RecordBatchOptions { Codec = codec }, values));
        Assert.Equal(values, await Client.ReadValuesAsync("t", 0));
        Assert.InRange((await Client.FetchAsync("t", 0, 0)).Records.Length, 1, 2_000);
    }

    /// <summary>Two records.</summary>
    private static byte[] Batch((long Id, short Epoch) producer, int sequence) =>
        TestBatch.Of(
            new RecordBatchOptions { ProducerId = producer.Id, ProducerEpoch = producer.Epoch, BaseSequence = sequence },
            $"{sequence}", $"{sequence + 1}");
}

using System.Net;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Tests.Kafka;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Many things at a time, and what each of them may rely on all the same.</summary>
public sealed class CrowdRows() : AcceptanceTest(onDisk: true)
{
    /// <summary>C07, C17: many producers of one partition, over rolling segments, each repeating all it sends.</summary>
    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("1")]
    public async Task Many_idempotent_producers_of_one_partition_lose_and_double_nothing(string flushMessages)
    {
        const int Producers = 8, Batches = 60;
        await Client.CreateAsync("t", 1, ("segment.bytes", "4000"), ("flush.messages", flushMessages));
        await Task.WhenAll(Enumerable.Range(0, Producers).Select(ProduceAsync));
        var read = await Client.ReadAsync("t", 0);
        Assert.Equal(Enumerable.Range(0, Producers * Batches).Select(i => (long)i), read.Select(r => r.Offset));
        foreach (var its in read.GroupBy(r => r.Value!.Split(' ')[0]))
            Assert.Equal(Enumerable.Range(0, Batches).Select(i => $"{its.Key} {i}"), its.Select(r => r.Value));

        async Task ProduceAsync(int number)
        {
            using var client = await ConnectAsync();
            var (id, epoch) = await client.InitProducerAsync();
            using var raw = await RawClient.ConnectAsync(IPEndPoint.Parse(Broker.BootstrapServers));
            for (var i = 0; i < Batches; i += 5) // Each five, then the same five again, without waiting in between.
            {
                var five = Enumerable.Range(i, 5).Select(sequence => Request(id, epoch, sequence, number)).ToArray();
                await raw.SendAsync([.. five, .. five]);
                for (var answers = 0; answers < 10; answers++) await raw.ReceiveCorrelationIdAsync();
            }
        }

        static byte[] Request(long id, short epoch, int sequence, int number)
        {
            var options = new RecordBatchOptions { ProducerId = id, ProducerEpoch = epoch, BaseSequence = sequence };
            var produce = TestKafkaClient.ToProduce("t", 0, TestBatch.Of(options, $"producer-{number} {sequence}"));
            return RawClient.Request(ApiKey.Produce, 9, sequence, produce);
        }
    }

    /// <summary>D15, D21: segments go behind a reader's back, not under its hands.</summary>
    [Fact]
    public async Task A_slow_reader_gets_whole_what_is_deleted_meanwhile()
    {
        await Client.CreateAsync("t", 1, ("segment.bytes", "3000000"), ("file.delete.delay.ms", "0"));
        for (var i = 0; i < 12; i++) await Client.ProduceAsync("t", 0, new string((char)('a' + i), 1_000_000));
        using var reader = await RawClient.ConnectAsync(IPEndPoint.Parse(Broker.BootstrapServers));
        var all = new FetchRequest.Partition { PartitionMaxBytes = 50 << 20 };
        await reader.SendAsync(RawClient.Request(ApiKey.Fetch, 12, 7, TestKafkaClient.ToFetch("t", all)));
        await EventuallyAsync(() => reader.Socket.Available > 0); // The broker has begun to send, and waits for the reader.
        Assert.Equal(ErrorCode.None, (await Client.DeleteRecordsAsync("t", 0, before: 12)).ErrorCode);
        Assert.Equal(ErrorCode.None, await Client.DeleteTopicAsync("t"));
        var fetched = Read(await reader.ReceiveAsync());
        Assert.InRange(fetched.Length, 2_000_000, int.MaxValue);
        foreach (var batch in new RecordBatches(fetched.Span))
            Assert.Equal(batch.Header.Crc, RecordBatchHeader.ComputeCrc(batch.Bytes));

        static ReadOnlyMemory<byte> Read(byte[] frame)
        {
            var wire = new WireReader((ReadOnlyMemory<byte>)frame);
            ResponseHeader.Read(ref wire, ApiKey.Fetch, 12);
            return FetchResponse.Read(ref wire, 12).Responses[0].Partitions[0].Records;
        }
    }

    /// <summary>C01: nothing of an earlier topic shows in a later one of its name.</summary>
    [Fact]
    public async Task A_topic_may_come_and_go_as_often_as_wanted()
    {
        for (var i = 0; i < 6; i++)
        {
            await Client.CreateAsync("t", 3);
            for (var p = 0; p < 3; p++) Assert.Equal(0, await Client.ProduceAsync("t", p, $"{i}"));
            Assert.Equal([$"{i}"], await Client.ReadValuesAsync("t", i % 3));
            Assert.Equal(ErrorCode.None, await Client.DeleteTopicAsync("t"));
        }
        Assert.Empty((await Client.AskAsync(new MetadataRequest())).Topics);
    }
}

using System.Net;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Kafka;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Part C: topics and partitions.</summary>
public sealed class TopicRows : AcceptanceTest
{
    /// <summary>C01</summary>
    [Fact]
    public async Task A_topic_is_made_listed_described_and_deleted()
    {
        var made = await Client.CreateAsync("t", 2);
        var all = await Client.AskAsync(new MetadataRequest());
        Assert.Equal(["t"], all.Topics.Select(t => t.Name));
        Assert.Equal((made.TopicId, 2), (all.Topics[0].TopicId, all.Topics[0].Partitions.Length));
        Assert.Equal(ErrorCode.None, await Client.DeleteTopicAsync("t"));
        Assert.Empty((await Client.AskAsync(new MetadataRequest())).Topics);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await Client.ErrorOfProduceAsync("t", 0, TestBatch.Of("late")));
    }

    /// <summary>C02</summary>
    [Fact]
    public async Task A_record_without_a_topic_is_refused()
    {
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await Client.ErrorOfProduceAsync("", 0, TestBatch.Of("lost")));
        Assert.Equal(ErrorCode.UnknownTopicId, await Client.ErrorOfProduceAsync("", 0, TestBatch.Of("lost"), version: 13));
        Assert.Empty((await Client.AskAsync(new MetadataRequest())).Topics);
    }

    /// <summary>C03, C19</summary>
    [Fact]
    public async Task Partitions_are_numbered_from_0_and_each_has_a_leader()
    {
        await Client.CreateAsync("t", 5);
        var topic = await Client.DescribeAsync("t");
        Assert.Equal([0, 1, 2, 3, 4], topic.Partitions.Select(p => p.Index).Order());
        Assert.All(topic.Partitions, p => Assert.Equal((ErrorCode.None, new BrokerId(0)), (p.ErrorCode, p.LeaderId)));
    }

    /// <summary>C05, F06</summary>
    [Fact]
    public async Task Partitions_are_added_and_take_records_at_once()
    {
        await Client.CreateAsync("t", 2);
        await Client.ProduceAsync("t", 1, "before");
        var grown = await Client.AskAsync(new CreatePartitionsRequest([new("t", 6, null)], 30_000));
        Assert.Equal(ErrorCode.None, grown.Results[0].ErrorCode);
        var topic = await Client.DescribeAsync("t");
        Assert.Equal([0, 1, 2, 3, 4, 5], topic.Partitions.Select(p => p.Index).Order());
        for (var partition = 2; partition < 6; partition++) Assert.Equal(0, await Client.ProduceAsync("t", partition, "new"));
        Assert.Equal(["before"], await Client.ReadValuesAsync("t", 1));
    }

    /// <summary>C07</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Each_partition_keeps_the_order_in_which_records_came(int partitions)
    {
        await Client.CreateAsync("t", partitions);
        for (var i = 0; i < 60; i++) await Client.ProduceAsync("t", i % partitions, $"{i}");
        for (var p = 0; p < partitions; p++)
        {
            var its = Enumerable.Range(0, 60).Where(i => i % partitions == p);
            Assert.Equal(its.Select(i => $"{i}"), await Client.ReadValuesAsync("t", p));
        }
    }

    /// <summary>C08, C09, C10</summary>
    [Fact]
    public async Task Offsets_are_dense_ascend_in_order_of_arrival_and_are_never_used_twice()
    {
        await Client.CreateAsync("t", 1);
        var next = 0;
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal(next, await Client.ProduceAsync("t", 0, [.. Enumerable.Repeat($"batch {i}", i)]));
            next += i;
        }
        Assert.Equal(Enumerable.Range(0, next).Select(i => (long)i), (await Client.ReadAsync("t", 0)).Select(r => r.Offset));
        Assert.Equal(ErrorCode.None, (await Client.DeleteRecordsAsync("t", 0, before: -1)).ErrorCode);
        Assert.Empty(await Client.ReadAsync("t", 0, next));
        Assert.Equal(next, await Client.ProduceAsync("t", 0, "after all were deleted"));
    }

    /// <summary>C12: stored, not handed over once; H11: the broker keeps no account of who has read what.</summary>
    [Fact]
    public async Task Records_stay_after_they_were_read()
    {
        await Client.CreateAsync("t", 1);
        await Client.ProduceAsync("t", 0, "a", "b");
        using var other = await ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["a", "b"], await Client.ReadValuesAsync("t", 0));
            Assert.Equal(["a", "b"], await other.ReadValuesAsync("t", 0));
        }
    }

    /// <summary>C12, H15: consumed from a chosen offset.</summary>
    [Fact]
    public async Task Reading_starts_at_any_offset_even_within_a_batch()
    {
        await Client.CreateAsync("t", 1);
        await Client.ProduceAsync("t", 0, "0", "1", "2");
        await Client.ProduceAsync("t", 0, "3", "4");
        for (var from = 0; from <= 5; from++)
            Assert.Equal(Enumerable.Range(from, 5 - from).Select(i => $"{i}"), await Client.ReadValuesAsync("t", 0, from));
    }

    /// <summary>P02: one request asks for several topics and partitions.</summary>
    [Fact]
    public async Task One_fetch_names_many_topics_and_partitions()
    {
        await Client.CreateAsync("a", 2);
        await Client.CreateAsync("b", 1);
        await Client.ProduceAsync("a", 0, "a0");
        await Client.ProduceAsync("a", 1, "a1");
        await Client.ProduceAsync("b", 0, "b0");
        static FetchRequest.Partition All(int index) => new() { Index = index, PartitionMaxBytes = 1 << 20 };
        FetchRequest.Topic[] wanted = [new("a", default, [All(1), All(0)]), new("b", default, [All(0)])];
        var fetched = await Client.AskAsync(new FetchRequest { MinBytes = 1, Topics = wanted }, version: 12);
        Assert.Equal(
            ["a-1: 1", "a-0: 1", "b-0: 1"],
            fetched.Responses.SelectMany(t => t.Partitions, (t, p) => $"{t.Name}-{p.Head.Index}: {p.Head.HighWatermark}"));
        Assert.All(fetched.Responses.SelectMany(t => t.Partitions), p => Assert.False(p.Records.IsEmpty));
    }

    /// <summary>C15, M09</summary>
    [Fact]
    public async Task Topics_are_not_deleted_where_delete_topic_enable_is_false()
    {
        await RestartAsync(("delete.topic.enable", "false"));
        await Client.CreateAsync("t", 1);
        Assert.Equal(ErrorCode.TopicDeletionDisabled, await Client.DeleteTopicAsync("t"));
        Assert.Equal(0, await Client.ProduceAsync("t", 0, "still there"));
    }

    /// <summary>C16, M06, M07</summary>
    [Fact]
    public async Task A_topic_that_is_missing_is_made_with_the_default_numbers_of_partitions_and_replicas()
    {
        await RestartAsync(("num.partitions", "4"));
        var made = await Client.DescribeAsync("missing", create: true);
        Assert.Equal((ErrorCode.None, 4), (made.ErrorCode, made.Partitions.Length));
        Assert.All(made.Partitions, p => Assert.Equal([new BrokerId(0)], p.ReplicaNodes));
        Assert.Equal(0, await Client.ProduceAsync("missing", 3, "first"));

        await RestartAsync(("default.replication.factor", "2"));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, (await Client.DescribeAsync("too-many", create: true)).ErrorCode);

        await RestartAsync(("auto.create.topics.enable", "false"));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await Client.DescribeAsync("unwanted", create: true)).ErrorCode);
    }

    /// <summary>C13: a thousand partitions take records as one does.</summary>
    [Fact]
    public async Task A_thousand_partitions_are_served_side_by_side()
    {
        await Client.CreateAsync("many", 1000);
        using var raw = await RawClient.ConnectAsync(IPEndPoint.Parse(Broker.BootstrapServers));
        var batch = TestBatch.Of("one");
        await raw.SendAsync([.. Enumerable.Range(0, 1000).Select(p =>
            RawClient.Request(ApiKey.Produce, 9, p, TestKafkaClient.ToProduce("many", p, batch)))]);
        for (var p = 0; p < 1000; p++) Assert.Equal(p, await raw.ReceiveCorrelationIdAsync());
        var all = Enumerable.Range(0, 1000).Select(p => new FetchRequest.Partition { Index = p, PartitionMaxBytes = 1000 });
        var request = new FetchRequest { MinBytes = 1, Topics = [new("many", default, [.. all])] };
        var fetched = await Client.AskAsync(request, version: 12);
        Assert.All(fetched.Responses[0].Partitions, p => Assert.Equal(batch.Length, p.Records.Length));
    }
}

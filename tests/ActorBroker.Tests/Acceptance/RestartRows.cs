using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Tests.Acceptance;

/// <summary>What a broker on the same folder finds again. (Killing one is a test of the executable.)</summary>
public sealed class RestartRows() : AcceptanceTest(onDisk: true)
{
    /// <summary>O08: memory is only a cache of the disk.</summary>
    [Fact]
    public async Task Topics_configs_and_records_are_as_they_were()
    {
        var made = await Client.CreateAsync("t", 3, ("retention.ms", "-1"), ("segment.bytes", "500"));
        for (var i = 0; i < 60; i++) await Client.ProduceAsync("t", i % 3, TestBatch.Keyed($"key {i}", $"value {i}"));
        var before = await ReadAllAsync();
        await RestartAsync();
        var topic = await Client.DescribeAsync("t");
        Assert.Equal((made.TopicId, 3), (topic.TopicId, topic.Partitions.Length));
        Assert.Equal("-1", (await Client.ConfigAsync(ConfigResourceType.Topic, "t", "retention.ms")).Value);
        Assert.Equal(before, await ReadAllAsync());
        Assert.Equal(20, await Client.ProduceAsync("t", 0, "goes on"));

        async Task<List<TestRecord>> ReadAllAsync() =>
            [.. await Client.ReadAsync("t", 0), .. await Client.ReadAsync("t", 1), .. await Client.ReadAsync("t", 2)];
    }

    /// <summary>C09: an offset that was given is not given again, even when its record is gone.</summary>
    [Fact]
    public async Task Deleted_records_stay_deleted_and_offsets_go_on()
    {
        await Client.CreateAsync("t", 1);
        await Client.ProduceAsync("t", 0, "a", "b", "c");
        await Client.DeleteRecordsAsync("t", 0, before: 2);
        await RestartAsync();
        Assert.Equal((2, 3), await Client.BoundsAsync("t", 0));
        await Client.DeleteRecordsAsync("t", 0, before: -1);
        await RestartAsync();
        Assert.Equal((3, 3), await Client.BoundsAsync("t", 0));
        Assert.Equal(3, await Client.ProduceAsync("t", 0, "d"));
    }

    [Fact]
    public async Task Deleted_topics_stay_deleted_and_a_new_one_of_the_name_is_empty()
    {
        var first = await Client.CreateAsync("t", 1);
        await Client.ProduceAsync("t", 0, "of the first");
        await Client.DeleteTopicAsync("t");
        await RestartAsync();
        Assert.Empty((await Client.AskAsync(new MetadataRequest())).Topics);
        Assert.NotEqual(first.TopicId, (await Client.CreateAsync("t", 1)).TopicId);
        Assert.Equal((0, 0), await Client.BoundsAsync("t", 0));
    }

    /// <summary>I07, I18: a commit is on the disk, not only in memory; H24: who comes next goes on there.</summary>
    [Fact]
    public async Task Committed_offsets_are_as_they_were()
    {
        await Client.CreateAsync("t", 2);
        var groups = Enumerable.Range(0, 10).Select(i => $"group-{i}").ToList();
        foreach (var group in groups)
        {
            await Client.FindCoordinatorAsync(group);
            Assert.Equal(ErrorCode.None, await Client.CommitAsync(group, "t", 0, 1, "old"));
            Assert.Equal(ErrorCode.None, await Client.CommitAsync(group, "t", 0, 40 + group[^1], "by " + group));
        }
        await RestartAsync();
        foreach (var group in groups)
        {
            await Client.FindCoordinatorAsync(group);
            var found = await Client.CommittedAsync(group, "t", 0);
            Assert.Equal((new Offset(40 + group[^1]), "by " + group), (found.CommittedOffset, found.Metadata));
            Assert.Equal(Offset.None, (await Client.CommittedAsync(group, "t", 1)).CommittedOffset);
        }
        Assert.Equal(groups, (await Client.AskAsync(new ListGroupsRequest())).Groups.Select(g => g.GroupId).Order());
    }

    /// <summary>A repetition from before the restart is still one.</summary>
    [Fact]
    public async Task Producers_are_known_again()
    {
        await Client.CreateAsync("t", 1);
        var (id, epoch) = await Client.InitProducerAsync();
        for (var sequence = 0; sequence < 3; sequence++) await Client.ProduceAsync("t", 0, Batch(sequence));
        await RestartAsync();
        Assert.Equal(2, await Client.ProduceAsync("t", 0, Batch(2)));
        Assert.Equal(ErrorCode.NotEnoughReplicas, await Client.ErrorOfProduceAsync("t", 0, Batch(4))); // As a new leader.
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, await Client.ErrorOfProduceAsync("t", 0, Batch(4)));
        Assert.Equal(3, await Client.ProduceAsync("t", 0, Batch(3)));
        Assert.Equal(4, (await Client.ReadAsync("t", 0)).Count);
        Assert.NotEqual(id, (await Client.InitProducerAsync()).Id);

        byte[] Batch(int sequence)
        {
            var options = new RecordBatchOptions { ProducerId = id, ProducerEpoch = epoch, BaseSequence = sequence };
            return TestBatch.Of(options, $"{sequence}");
        }
    }

    /// <summary>Clients that kept the leader's epoch from before are told.</summary>
    [Fact]
    public async Task Each_start_is_a_new_term_of_the_leader()
    {
        await Client.CreateAsync("t", 1);
        await Client.ProduceAsync("t", 0, "a");
        var before = (await Client.DescribeAsync("t")).Partitions[0].LeaderEpoch;
        await RestartAsync();
        var after = (await Client.DescribeAsync("t")).Partitions[0].LeaderEpoch;
        Assert.True(after > before);
        Assert.Equal(ErrorCode.FencedLeaderEpoch, await Client.ErrorOfFetchAsync("t", 0, before));
        Assert.Equal(ErrorCode.None, await Client.ErrorOfFetchAsync("t", 0, after));
        await Client.ProduceAsync("t", 0, "b");
        Assert.Equal(new Offset(1), (await Client.EndOfEpochAsync("t", 0, after, before)).EndOffset);
        Assert.Equal(new Offset(2), (await Client.EndOfEpochAsync("t", 0, after, after)).EndOffset);
    }
}

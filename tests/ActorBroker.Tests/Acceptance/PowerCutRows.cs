using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Tests.Acceptance;

/// <summary>What a power cut takes, and what not: as much as the user has asked to be flushed.</summary>
public sealed class PowerCutRows : AcceptanceTest
{
    private readonly FaultyFileSystem _disk = new(TimeProvider.System);

    public PowerCutRows() => Files = new MortalFileSystem(_disk);

    /// <summary>O03: flush.messages.</summary>
    [Fact]
    public async Task Records_that_are_flushed_before_the_acknowledgement_survive()
    {
        await Client.CreateAsync("t", 2, ("flush.messages", "1"), ("segment.bytes", "1000"));
        for (var i = 0; i < 60; i++) await Client.ProduceAsync("t", i % 2, $"{i}");
        await CutPowerAsync();
        for (var p = 0; p < 2; p++)
        {
            var its = Enumerable.Range(0, 60).Where(i => i % 2 == p);
            Assert.Equal(its.Select(i => $"{i}"), await Client.ReadValuesAsync("t", p));
        }
        Assert.Equal(30, await Client.ProduceAsync("t", 0, "goes on"));
    }

    /// <summary>O03, I07: log.flush.interval.messages is also for the offsets of groups.</summary>
    [Fact]
    public async Task Committed_offsets_survive_where_all_is_flushed()
    {
        await RestartAsync(("log.flush.interval.messages", "1"));
        await Client.CreateAsync("t", 1);
        await Client.ProduceAsync("t", 0, "a");
        await Client.FindCoordinatorAsync("g");
        Assert.Equal(ErrorCode.None, await Client.CommitAsync("g", "t", 0, 1));
        await CutPowerAsync();
        await Client.FindCoordinatorAsync("g");
        Assert.Equal(new Offset(1), (await Client.CommittedAsync("g", "t", 0)).CommittedOffset);
        Assert.Equal(["a"], await Client.ReadValuesAsync("t", 0));
    }

    /// <summary>What the controller said is on the disk, whatever the topics' configs say.</summary>
    [Fact]
    public async Task Topics_survive_in_any_case()
    {
        var made = await Client.CreateAsync("t", 3, ("retention.ms", "-1"));
        await Client.CreateAsync("gone", 1);
        await Client.DeleteTopicAsync("gone");
        await CutPowerAsync();
        var topic = Assert.Single((await Client.AskAsync(new MetadataRequest())).Topics);
        Assert.Equal(("t", made.TopicId, 3), (topic.Name, topic.TopicId, topic.Partitions.Length));
        for (var p = 0; p < 3; p++) await Client.ProduceAsync("t", p, "works");
    }

    /// <summary>Without flushing some of the last records may be lost, but never one in the middle.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_is_left_of_unflushed_records_is_a_beginning(int seed)
    {
        await Client.CreateAsync("t", 1, ("segment.bytes", "1000"), ("index.interval.bytes", "100"));
        for (var i = 0; i < 100; i++) await Client.ProduceAsync("t", 0, $"{i}");
        await CutPowerAsync(new Random(seed));
        var left = await Client.ReadValuesAsync("t", 0);
        Assert.Equal(Enumerable.Range(0, left.Count).Select(i => $"{i}"), left);
        Assert.Equal(left.Count, await Client.ProduceAsync("t", 0, "goes on"));
    }

    /// <summary>The other side of O02: what only the page cache has goes with the machine.</summary>
    [Fact]
    public async Task Records_that_were_never_flushed_may_all_be_lost()
    {
        await Client.CreateAsync("t", 1);
        for (var i = 0; i < 10; i++) await Client.ProduceAsync("t", 0, $"{i}");
        await CutPowerAsync();
        Assert.Equal((0, 0), await Client.BoundsAsync("t", 0));
    }

    /// <summary>Again and again, each time with another part of the unflushed left, and with checkpoints of any age.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task After_many_power_cuts_each_flushed_record_is_there_once(int seed)
    {
        var random = new Random(seed);
        await RestartAsync(("log.flush.offset.checkpoint.interval.ms", "5"));
        await Client.CreateAsync("t", 1, ("flush.messages", "1"), ("segment.bytes", "1500"));
        var (id, epoch) = await Client.InitProducerAsync();
        var next = 0;
        for (var cut = 0; cut < 4; cut++)
        {
            for (var count = random.Next(5, 40); count > 0; count--) await Client.ProduceAsync("t", 0, Batch(next++));
            await CutPowerAsync(random);
            Assert.Equal(next - 1, await Client.ProduceAsync("t", 0, Batch(next - 1))); // Its answer may have been lost.
            Assert.Equal(Enumerable.Range(0, next).Select(i => $"{i}"), await Client.ReadValuesAsync("t", 0));
        }

        byte[] Batch(int sequence)
        {
            var options = new RecordBatchOptions { ProducerId = id, ProducerEpoch = epoch, BaseSequence = sequence };
            return TestBatch.Of(options, $"{sequence}");
        }
    }

    private async Task CutPowerAsync(Random? random = null)
    {
        ((MortalFileSystem)Files!).CutPower(random);
        await StopAsync();
        Files = new MortalFileSystem(_disk);
        await InitializeAsync();
    }
}

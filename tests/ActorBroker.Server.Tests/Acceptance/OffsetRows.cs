using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients.Admin;
using ActorBroker.Server.Clients.Consuming;

namespace ActorBroker.Server.Tests.Acceptance;

/// <summary>Part I: how far a group has read, and what a crash does to it.</summary>
public sealed class OffsetRows : SdkTest
{
    private static readonly TopicPartition T0 = new("t", 0);
    private static readonly TimeSpan Crashed = TimeSpan.FromSeconds(10);

    /// <summary>I01, I02, I04: of the partition that Kafka's hash gives the group.</summary>
    [Theory]
    [InlineData("hello", 22)]
    [InlineData("payments0", 9)]
    public async Task A_commit_is_a_record_of_the_offsets_topic(string group, int partition)
    {
        await CommitAsync(group, upTo: 1);
        await CommitAsync(group, upTo: 3);
        var log = new TopicPartition("__consumer_offsets", partition);
        var reader = Open(From(OffsetReset.Earliest));
        await reader.AssignAsync(new Dictionary<TopicPartition, Offset> { [log] = Offset.None }, Limit);
        var commits = new List<OffsetsRecord.OffsetCommitted>();
        while (commits.Count < 2)
        {
            var records = await reader.PollAsync(TimeSpan.FromMilliseconds(100), Limit);
            commits.AddRange(records.Select(r => OffsetsRecordCodec.Read(r.Key, r.Value, r.Value is not null))
                .OfType<OffsetsRecord.OffsetCommitted>());
        }
        Assert.All(commits, c => Assert.Equal((group, T0), (c.Group, c.Partition)));
        Assert.Equal([1, 3], commits.Select(c => c.Offset.Offset.Value));
    }

    /// <summary>I05, I06: by hand.</summary>
    [Fact]
    public async Task What_is_not_committed_is_read_again()
    {
        await ProduceAsync("t", "a", "b", "c", "d");
        await using (var first = new Consumer(Client, From(OffsetReset.Earliest, "g") with { AutoCommit = false }))
        {
            first.Subscribe(["t"]);
            Assert.Equal(["a", "b"], await TakeAsync(first, 2));
            await first.CommitAsync(Limit);
            Assert.Equal(["c", "d"], await TakeAsync(first, 2));
        }
        Assert.Equal(2, (await CommittedAsync("g")).Value);
        Assert.Equal(["c", "d"], await TakeAsync(Subscribe("g", "t"), 2));
    }

    /// <summary>I05, I06: automatically, at the latest when the consumer is closed.</summary>
    [Fact]
    public async Task With_automatic_commits_nothing_is_read_again_after_a_clean_end()
    {
        await ProduceAsync("t", "a", "b", "c", "d");
        await using (var first = new Consumer(Client, From(OffsetReset.Earliest, "g")))
        {
            first.Subscribe(["t"]);
            Assert.Equal(["a", "b"], await TakeAsync(first, 2));
        }
        Assert.Equal(["c", "d"], await TakeAsync(Subscribe("g", "t"), 2));
    }

    /// <summary>I08: committed when the next poll begins, crashed before the work was done: nobody does it any more.</summary>
    [Fact]
    public async Task Automatic_commits_lose_what_a_crashed_member_had_in_its_hands()
    {
        await ProduceAsync("t", "a", "b", "c", "d");
        var crashing = Crashing(From(OffsetReset.Earliest, "g") with { AutoCommitInterval = TimeSpan.Zero });
        var inHand = await TakeAsync(crashing, 2);
        inHand.AddRange(await TakeAsync(crashing, 1)); // This poll commits the two of before.
        Assert.Equal(["a", "b", "c"], inHand);
        Assert.Equal(["c", "d"], await TakeAsync(Subscribe("g", "t"), 2));
    }

    /// <summary>I09, H24: the work was done, the crash came before the commit: it is done twice.</summary>
    [Fact]
    public async Task A_crash_between_work_and_commit_repeats_the_work()
    {
        await ProduceAsync("t", "a", "b", "c", "d");
        var crashing = Crashing(From(OffsetReset.Earliest, "g") with { AutoCommit = false });
        var done = await TakeAsync(crashing, 1);
        await crashing.CommitAsync(Limit);
        done.AddRange(await TakeAsync(crashing, 2));
        done.AddRange(await TakeAsync(Subscribe("g", "t"), 3));
        Assert.Equal(["a", "b", "c", "b", "c", "d"], done);
    }

    /// <summary>A member that never says anything but what the test has it do: no heartbeat, no leaving. Until its session is over,
    /// the test has the time for that.</summary>
    private Consumer Crashing(ConsumerOptions options)
    {
        options = options with { HeartbeatInterval = TimeSpan.FromHours(1), SessionTimeout = Crashed };
        var consumer = new Consumer(Connect(), options);
        consumer.Subscribe(["t"]);
        return consumer;
    }

    private async Task CommitAsync(string group, int upTo)
    {
        await ProduceAsync("t", "a", "b", "c");
        var consumer = Open(From(OffsetReset.Earliest, group) with { AutoCommit = false });
        await consumer.AssignAsync(new Dictionary<TopicPartition, Offset> { [T0] = Offset.Zero }, Limit);
        await TakeAsync(consumer, upTo);
        await consumer.CommitAsync(Limit);
    }

    private async Task<Offset> CommittedAsync(string group) => (await new GroupAdmin(Client).OffsetsAsync(group, Limit))[T0];
}

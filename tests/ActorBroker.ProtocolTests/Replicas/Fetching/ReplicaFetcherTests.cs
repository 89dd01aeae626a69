using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;
using ActorBroker.Replicas.Fetching;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.ProtocolTests.Replicas.Fetching;

/// <summary>What a fetcher asks a leader for, and what replicas hear of the answers. The test is leader and replicas.</summary>
public sealed class ReplicaFetcherTests() : TestKit(
    ConfigurationFactory.ParseString("akka.test.single-expect-default = 30s").WithFallback(ReplicaDispatchers.Config))
{
    private static readonly TopicId Orders = new(7);
    private static readonly BrokerId One = new(1), Two = new(2);
    private static readonly BrokerEndpoint Somewhere = new("PLAINTEXT", "there", 9092);
    private static readonly byte[] SomeRecords = [1, 2, 3];

    /// <summary>How long a fetcher waits for a slow replica.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2), Long = TimeSpan.FromMinutes(1);

    private readonly ScriptedSource _leader = new();

    [Fact]
    public async Task All_partitions_are_asked_for_in_one_request_with_term_offset_and_last_epoch()
    {
        var fetcher = Start();
        Follow(fetcher, 0, epoch: 3, next: 10, lastEpoch: 2);
        Follow(fetcher, 1, epoch: 5, next: 0);
        fetcher.Tell(new ReplicaFetcher.Source(Somewhere, OwnEpoch: 44));
        var asked = await _leader.NextAsync();
        Assert.Equal("0@10, 1@0", asked.ToString());
        Assert.Equal((Two, 44L), (asked.Request.ReplicaId, asked.Request.ReplicaEpoch));
        var first = asked.Request.Topics.Single().Partitions.Single(p => p.Index == 0);
        Assert.Equal((new Epoch(3), new Epoch(2)), (first.CurrentLeaderEpoch, first.LastFetchedEpoch));
    }

    [Fact]
    public async Task Replicas_get_their_parts_and_the_next_request_goes_on_where_they_are_then()
    {
        var fetcher = Started();
        Follow(fetcher, 0, next: 10);
        ScriptedSource.Answer(await _leader.NextAsync(), (Head(0, highWatermark: 12), SomeRecords));
        var copy = ExpectMsg<PartitionCopy>();
        Assert.Equal((FetchVerdict.Append, new Offset(10), new Offset(12)), (copy.Verdict, copy.From, copy.HighWatermark));
        Assert.Equal(SomeRecords, copy.Records.ToArray());
        Assert.False(_leader.HasAsked);
        Done(copy, next: 15, lastEpoch: 1);
        Assert.Equal("0@15", (await _leader.NextAsync()).ToString());
    }

    [Fact]
    public async Task A_partition_with_an_error_waits_alone()
    {
        var clock = new StoppedClock();
        var fetcher = Started(time: clock);
        Follow(fetcher, 0);
        var alone = await _leader.NextAsync();
        Follow(fetcher, 1, next: 5);
        ScriptedSource.Answer(alone, (Head(0, ErrorCode.NotLeaderOrFollower), []));
        var asked = await _leader.NextAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("1@5", asked.ToString());
            ScriptedSource.Answer(asked, (Head(1), []));
            Done(ExpectMsg<PartitionCopy>(), next: 5);
            asked = await _leader.NextAsync();
        }
        clock.Now = TimeSpan.FromSeconds(1);
        ScriptedSource.Answer(asked, (Head(1), []));
        Done(ExpectMsg<PartitionCopy>(), next: 5);
        asked = await _leader.NextAsync();
        Assert.Equal("0@0, 1@5", asked.ToString());
    }

    [Fact]
    public async Task A_replica_that_is_slow_does_not_hold_up_the_others_for_long()
    {
        var fetcher = Started(Short);
        Follow(fetcher, 0);
        var alone = await _leader.NextAsync();
        Follow(fetcher, 1);
        ScriptedSource.Answer(alone, (Head(0), SomeRecords));
        var slow = ExpectMsg<PartitionCopy>();
        var asked = await _leader.NextAsync();
        Assert.Equal("1@0", asked.ToString());
        ScriptedSource.Answer(asked, (Head(1), SomeRecords));
        Done(ExpectMsg<PartitionCopy>(), next: 9);
        asked = await _leader.NextAsync();
        Assert.Equal("1@9", asked.ToString());
        Done(slow, next: 4);
        ScriptedSource.Answer(asked, (Head(1), []));
        Done(ExpectMsg<PartitionCopy>(), next: 9);
        Assert.Equal("0@4, 1@9", (await _leader.NextAsync()).ToString());
    }

    [Fact]
    public async Task Logs_that_part_and_offsets_out_of_range_are_told_as_such()
    {
        var fetcher = Started();
        Follow(fetcher, 0, next: 8, lastEpoch: 2);
        ScriptedSource.Answer(await _leader.NextAsync(), (Head(0) with { DivergingEpoch = new(new(1), new(5)) }, []));
        var copy = ExpectMsg<PartitionCopy>();
        Assert.Equal(
            (FetchVerdict.Cut, new Epoch(1), new Offset(5)), (copy.Verdict, copy.Diverging.Epoch, copy.Diverging.EndOffset));
        Done(copy, next: 5, lastEpoch: 1);
        var asked = await _leader.NextAsync();
        Assert.Equal("0@5", asked.ToString());
        ScriptedSource.Answer(asked, (Head(0, ErrorCode.OffsetOutOfRange) with { LogStartOffset = new(20) }, []));
        copy = ExpectMsg<PartitionCopy>();
        Assert.Equal((FetchVerdict.OutOfRange, new Offset(20)), (copy.Verdict, copy.LogStart));
    }

    [Fact]
    public async Task What_is_said_of_an_earlier_term_does_not_reach_the_replica()
    {
        var fetcher = Started();
        Follow(fetcher, 0, epoch: 1);
        var asked = await _leader.NextAsync();
        Follow(fetcher, 0, epoch: 2, next: 3);
        ScriptedSource.Answer(asked, (Head(0), SomeRecords));
        Assert.Equal("0@3", (await _leader.NextAsync()).ToString());
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task A_partition_that_is_no_longer_followed_is_not_asked_for()
    {
        var fetcher = Started();
        Follow(fetcher, 0);
        var asked = await _leader.NextAsync();
        Follow(fetcher, 1);
        fetcher.Tell(new ReplicaFetchers.Unfollow(new(Orders, 0)));
        ScriptedSource.Answer(asked, (Head(0), SomeRecords));
        Assert.Equal("1@0", (await _leader.NextAsync()).ToString());
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_tried_again()
    {
        var fetcher = Started();
        Follow(fetcher, 0, next: 3);
        for (var i = 0; i < 3; i++)
        {
            var asked = await _leader.NextAsync();
            Assert.Equal("0@3", asked.ToString());
            asked.Answer.SetException(new IOException("gone"));
        }
        ScriptedSource.Answer(await _leader.NextAsync(), (Head(0), SomeRecords));
        ExpectMsg<PartitionCopy>();
    }

    [Fact]
    public async Task A_fetcher_without_partitions_ends_and_replicas_that_change_the_leader_change_the_fetcher()
    {
        var fetchers = Sys.ActorOf(ReplicaFetchers.Props(Home()));
        fetchers.Tell(Image());
        fetchers.Tell(new ReplicaFetchers.Follow(new(Orders, 0), new("orders", 0), One, From(0), TestActor));
        var asked = await _leader.NextAsync();
        fetchers.Tell(new ReplicaFetchers.Follow(new(Orders, 0), new("orders", 0), new(3), From(0, epoch: 9), TestActor));
        var other = await _leader.NextAsync();
        Assert.Equal(2, _leader.Opened);
        ScriptedSource.Answer(asked, (Head(0), SomeRecords));
        ScriptedSource.Answer(other, (Head(0), SomeRecords));
        Assert.Equal(new Epoch(9), ExpectMsg<PartitionCopy>().Partition.Epoch);
        ExpectNoMsg(TimeSpan.FromMilliseconds(20));
    }

    private static MetadataImage Image()
    {
        var image = MetadataImage.Empty;
        for (var id = 1; id <= 3; id++)
            image = image.Apply(new MetadataEvent.BrokerRegistered(new BrokerImage(new(id), id, [Somewhere], null)));
        return image;
    }

    private FetcherHome Home(TimeSpan? wait = null, TimeProvider? time = null) => new(Two, new FetchOptions(
        "test", PartitionBytes: 1000, ResponseBytes: 10_000, MaxFrameBytes: 100_000, MinBytes: 1,
        Wait: wait ?? Long, Backoff: TimeSpan.FromMilliseconds(50), SocketTimeout: TimeSpan.FromSeconds(5),
        ReceiveBufferBytes: null, Listener: ""), _leader, time ?? TimeProvider.System, NullLogger.Instance);

    private IActorRef Start(TimeSpan? wait = null, TimeProvider? time = null) =>
        Sys.ActorOf(ReplicaFetcher.Props(Home(wait, time), One));

    private IActorRef Started(TimeSpan? wait = null, TimeProvider? time = null)
    {
        var fetcher = Start(wait, time);
        fetcher.Tell(new ReplicaFetcher.Source(Somewhere, OwnEpoch: 1));
        return fetcher;
    }

    private static FollowedPartition From(int partition, int epoch = 1, long next = 0, int lastEpoch = -1) =>
        new(Orders, partition, new(epoch), new(next), new(lastEpoch));

    private void Follow(IActorRef fetcher, int partition, int epoch = 1, long next = 0, int lastEpoch = -1) =>
        fetcher.Tell(new ReplicaFetchers.Follow(
            new(Orders, partition), new("orders", partition), One, From(partition, epoch, next, lastEpoch), TestActor));

    private static void Done(PartitionCopy copy, long next, int lastEpoch = -1) =>
        copy.Fetcher.Tell(new Copied(copy, IsDone: true, Offset.Zero, new(next), new(lastEpoch)));

    private static FetchResponse.PartitionHead Head(
        int partition, ErrorCode error = ErrorCode.None, long highWatermark = 0) =>
        new() { Index = partition, ErrorCode = error, HighWatermark = new(highWatermark), LogStartOffset = Offset.Zero };

    /// <summary>Goes on when the test says.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        private long _now;

        public TimeSpan Now
        {
            set => Volatile.Write(ref _now, value.Ticks);
        }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _now);
    }
}

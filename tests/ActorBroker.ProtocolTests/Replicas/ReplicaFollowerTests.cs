using System.Threading.Channels;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas.Fetching;
using Akka.Actor;

namespace ActorBroker.ProtocolTests.Replicas;

/// <summary>A replica that follows, and changes its role. The test is its fetcher and so its leader.</summary>
public sealed class ReplicaFollowerTests : ReplicaTest
{
    private readonly Channel<object> _told = Channel.CreateUnbounded<object>();
    private IActorRef? _fetcher;

    private protected override IActorRef Fetchers => _fetcher ??= System.ActorOf(Props.Create(() => new Ear(_told.Writer)));

    [Fact]
    public async Task It_says_whom_it_follows_and_from_where()
    {
        var replica = await AssignAsync(Assignment(replicas: [One, Two], epoch: new(2)));
        await Heard<ReplicaFetchers.Unfollow>();
        await Append(replica, AskedAppend.Of(3, acks: 1));
        await AssignAsync(Assignment(replicas: [One, Two], epoch: new(4), leader: Two));
        var follow = await Heard<ReplicaFetchers.Follow>();
        Assert.Equal((Two, new Epoch(4), new Offset(3), new Epoch(2)),
            (follow.Leader, follow.From.Epoch, follow.From.Next, follow.From.LastEpoch));
    }

    [Fact]
    public async Task Copied_batches_keep_offsets_and_epochs_and_teach_it_the_producers()
    {
        await FollowAsync(new(5));
        var copied = await Copy(5, 0, Batch(0, 2, records: 3, producerId: 9, sequence: 0), highWatermark: 2);
        Assert.Equal((true, new Offset(3), new Epoch(2)), (copied.IsDone, copied.Next, copied.LastEpoch));
        copied = await Copy(5, 3, Batch(3, 5, records: 1, producerId: 9, sequence: 3), highWatermark: 4);
        Assert.Equal((true, new Offset(4), new Epoch(5)), (copied.IsDone, copied.Next, copied.LastEpoch));

        var replica = await AssignAsync(Assignment(replicas: [One, Two], epoch: new(6)));
        var again = AskedAppend.Of(1, acks: 1, producerId: 9, sequence: 3);
        Assert.Equal((ErrorCode.None, new Offset(3)), ((await Append(replica, again)).Error, again.BaseOffset));
        Assert.Equal(new Offset(4), (await Append(replica, AskedAppend.Of(1, acks: 1, producerId: 9, sequence: 4))).BaseOffset);
    }

    /// <summary>What it sent away while another one led is here by way of that one, and holds up nothing.</summary>
    [Fact]
    public async Task What_was_refused_by_a_follower_and_copied_since_is_not_waited_for()
    {
        await FollowAsync(new(5));
        await Copy(5, 0, Batch(0, 5, records: 3, producerId: 9, sequence: 0));
        Assert.Equal(
            ErrorCode.NotLeaderOrFollower, (await Append(Replica0, AskedAppend.Of(1, acks: 1, producerId: 9, sequence: 3))).Error);
        await Copy(5, 3, Batch(3, 5, records: 1, producerId: 9, sequence: 3));
        var replica = await AssignAsync(Assignment(replicas: [One, Two], epoch: new(6)));
        Assert.Equal(ErrorCode.None, (await Append(replica, AskedAppend.Of(1, acks: 1, producerId: 9, sequence: 4))).Error);
    }

    [Fact]
    public async Task Damaged_records_and_those_that_do_not_come_next_are_refused()
    {
        await FollowAsync(new(5));
        var damaged = Batch(0, 5, records: 3);
        damaged[^1] ^= 1;
        Assert.False((await Copy(5, 0, damaged)).IsDone);
        Assert.False((await Copy(5, 0, Batch(0, 5, records: 3)[..^1])).IsDone);
        Assert.False((await Copy(4, 0, Batch(0, 4, records: 3))).IsDone); // Of another term.
        Assert.False((await Copy(5, 2, Batch(2, 5, records: 3))).IsDone); // From where it is not.
        Assert.True((await Copy(5, 0, Batch(0, 5, records: 3))).IsDone);
    }

    [Fact]
    public async Task Where_its_log_leaves_the_leaders_it_is_cut_also_in_several_steps()
    {
        await FollowAsync(new(9));
        await Copy(9, 0, Batch(0, 1, records: 2));
        await Copy(9, 2, Batch(2, 3, records: 2));
        await Copy(9, 4, Batch(4, 5, records: 2), highWatermark: 6);
        // The leader knows nothing of epoch 5, and its largest one below is 4, which this log does not have.
        var copied = await Copy(9, 6, [], verdict: FetchVerdict.Cut, diverging: new(new(4), new(6)));
        Assert.Equal((true, new Offset(4), new Epoch(3)), (copied.IsDone, copied.Next, copied.LastEpoch));
        copied = await Copy(9, 4, [], verdict: FetchVerdict.Cut, diverging: new(new(3), new(3)));
        Assert.Equal((true, new Offset(2), new Epoch(1)), (copied.IsDone, copied.Next, copied.LastEpoch)); // Whole batches.
        Assert.True((await Copy(9, 2, Batch(2, 9, records: 1))).IsDone);
        // Nothing to cut: not again at once.
        Assert.False((await Copy(9, 3, [], verdict: FetchVerdict.Cut, diverging: new(new(9), new(5)))).IsDone);
    }

    [Fact]
    public async Task A_term_in_which_nobody_wrote_is_no_obstacle_to_records_of_a_lower_epoch()
    {
        await AssignAsync(Assignment(replicas: [One, Two], epoch: new(7)));
        await Until(() => Logs.Opened.FirstOrDefault()?.Epochs.Latest == new Epoch(7));
        await FollowAsync(new(8));
        Assert.True((await Copy(8, 0, Batch(0, 3, records: 2))).IsDone);
    }

    [Fact]
    public async Task A_leader_that_steps_down_counts_the_records_whose_flush_it_awaited()
    {
        var flushed = Kept with { FlushMessages = 1 };
        var replica = await AssignAsync(Assignment(flushed, new(1), [One, Two]));
        using var mayFlush = new ManualResetEventSlim();
        Logs.Disk.FailFlush = path =>
        {
            // Only the records': the term's begin may still be on its way to its checkpoint.
            if (path.EndsWith(".log", StringComparison.Ordinal)) mayFlush.Wait(Patience);
            return false;
        };
        var append = AskedAppend.Of(3);
        replica.Tell(append, ActorRefs.NoSender);
        await Until(() => Logs.Opened.FirstOrDefault()?.LogEndOffset == new Offset(3));
        replica.Tell(Assignment(flushed, new(2), [One, Two], leader: Two), ActorRefs.NoSender);
        mayFlush.Set();
        Assert.Equal(new Offset(3), (await Heard<ReplicaFetchers.Follow>()).From.Next);
        await append.Reply; // Committed it was not, so whatever it says is not success.
        Assert.NotEqual(ErrorCode.None, append.Error);
        replica.Tell(Assignment(flushed, new(3), [One, Two]), ActorRefs.NoSender);
        Assert.Equal(new Offset(3), (await Append(replica, AskedAppend.Of(1, acks: 1))).BaseOffset);
    }

    private async Task FollowAsync(Epoch epoch)
    {
        await AssignAsync(Assignment(replicas: [One, Two], epoch: epoch, leader: Two));
        Assert.Equal(epoch, (await Heard<ReplicaFetchers.Follow>()).From.Epoch);
    }

    private async Task<Copied> Copy(
        int epoch, long from, byte[] records, long highWatermark = 0, FetchVerdict verdict = FetchVerdict.Append,
        Journal.Epochs.EpochEnd? diverging = null)
    {
        var partition = new FollowedPartition(Orders, 0, new(epoch), new(from), Epoch.None);
        Replica0.Tell(
            new PartitionCopy(partition, verdict, Fetchers)
            {
                From = new(from),
                Records = records,
                HighWatermark = new(highWatermark),
                LogStart = Offset.Zero,
                Diverging = diverging ?? Journal.Epochs.EpochEnd.Unknown,
            },
            ActorRefs.NoSender);
        return await Heard<Copied>();
    }

    private async Task<T> Heard<T>()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
            if (await _told.Reader.ReadAsync(patience.Token) is T wanted) return wanted;
    }

    private static byte[] Batch(long offset, int epoch, int records, long producerId = -1, int sequence = -1)
    {
        var batch = AskedAppend.Of(records, producerId: producerId, sequence: sequence).Batch.ToArray();
        RecordBatchPatch.AssignOffset(batch, new(offset), new(epoch));
        return batch;
    }

    private sealed class Ear : UntypedActor
    {
        private readonly ChannelWriter<object> _told;

        public Ear(ChannelWriter<object> told) => _told = told;

        protected override void OnReceive(object message) => _told.TryWrite(message);
    }
}

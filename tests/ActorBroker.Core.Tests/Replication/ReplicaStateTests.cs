using ActorBroker.Core.Replication;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Replication;

public sealed class ReplicaStateTests
{
    private static readonly BrokerId One = new(1), Two = new(2), Three = new(3);
    private static readonly TimeSpan Start = TimeSpan.Zero, Later = TimeSpan.FromSeconds(30),
        MuchLater = TimeSpan.FromSeconds(61);
    private static readonly Epoch Term = new(5);

    private static ReplicaState LeaderOf(int minInSync, params BrokerId[] followers)
    {
        var state = new ReplicaState(One, Offset.Zero, Offset.Zero, Offset.Zero);
        BrokerId[] all = [One, .. followers];
        Assert.True(state.Lead(Term, all, all, minInSync, Start));
        return state;
    }

    private static List<ReplicaEffect> Effects(ReplicaState state)
    {
        var effects = new List<ReplicaEffect>();
        while (state.TryTakeEffect(out var effect)) effects.Add(effect);
        return effects;
    }

    private static ReplicaEffect Answer(long ticket, ErrorCode error) =>
        new(ReplicaEffectKind.AnswerProduce, new(ticket), error, 0);

    private static ReplicaEffect Progress(long ticket, long bytes) =>
        new(ReplicaEffectKind.FetchProgress, new(ticket), ErrorCode.None, bytes);

    private static ReplicaEffect Again(long ticket) => new(ReplicaEffectKind.FetchAgain, new(ticket), ErrorCode.None, 0);

    [Fact]
    public void A_lone_leader_commits_what_it_appends()
    {
        var state = LeaderOf(1);
        state.Appended(new(3), 300);
        Assert.True(state.IsCommitted(new(3)));
        Assert.Equal(new Offset(3), state.HighWatermark);
        Assert.Equal(ErrorCode.None, state.CommittedAnswer);
    }

    [Fact]
    public void A_leader_recovers_the_watermark_of_a_log_that_nobody_else_has()
    {
        var state = new ReplicaState(One, new(2), new(9), new(4));
        Assert.Equal(new Offset(4), state.HighWatermark);
        state.Lead(Term, [One], [One], 1, Start);
        Assert.Equal(new Offset(9), state.HighWatermark);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(99, 9)]
    public void A_checkpointed_watermark_is_brought_into_the_log(long checkpointed, long expected) =>
        Assert.Equal(new Offset(expected), new ReplicaState(One, new(2), new(9), new(checkpointed)).HighWatermark);

    [Fact]
    public void High_watermark_waits_for_the_slowest_replica_in_sync()
    {
        var state = LeaderOf(1, Two, Three);
        state.Appended(new(10), 100);
        state.FollowerFetched(Two, new(10), Offset.Zero, Start);
        Assert.Equal(Offset.Zero, state.HighWatermark);
        state.FollowerFetched(Three, new(7), Offset.Zero, Start);
        Assert.Equal(new Offset(7), state.HighWatermark);
    }

    [Fact]
    public void A_new_leader_does_not_tell_an_end_that_may_lie_before_one_that_was_told()
    {
        var state = new ReplicaState(One, Offset.Zero, new(10), new(7)); // Its predecessor may have shown all ten.
        Assert.True(state.Lead(Term, [One, Two], [One, Two], 1, Start));
        Assert.Equal(ErrorCode.OffsetNotAvailable, state.CheckEnd);
        state.FollowerFetched(Two, new(9), Offset.Zero, Start);
        Assert.Equal(ErrorCode.OffsetNotAvailable, state.CheckEnd);
        state.FollowerFetched(Two, new(10), Offset.Zero, Start);
        Assert.Equal(ErrorCode.None, state.CheckEnd);
        state.Appended(new(12), 10);
        Assert.Equal(ErrorCode.None, state.CheckEnd);
    }

    [Fact]
    public void A_follower_out_of_sync_does_not_hold_the_watermark()
    {
        var state = LeaderOf(1, Two, Three);
        state.Appended(new(10), 100);
        state.FollowerFetched(Two, new(10), Offset.Zero, Start);
        state.SetInSync([One, Two]);
        Assert.Equal(new Offset(10), state.HighWatermark);
    }

    [Fact]
    public void A_parked_produce_is_answered_when_the_watermark_passes_it()
    {
        var state = LeaderOf(1, Two);
        state.Appended(new(5), 50);
        state.ParkProduce(new(1), new(5), Later);
        state.Appended(new(9), 40);
        state.ParkProduce(new(2), new(9), Later);
        state.FollowerFetched(Two, new(6), Offset.Zero, Start);
        Assert.Equal([Answer(1, ErrorCode.None)], Effects(state));
        state.FollowerFetched(Two, new(9), Offset.Zero, Start);
        Assert.Equal([Answer(2, ErrorCode.None)], Effects(state));
        Assert.Equal(TimeSpan.MaxValue, state.NextDeadline);
    }

    [Fact]
    public void Who_is_sent_away_has_written_all_the_same()
    {
        var state = LeaderOf(1, Two);
        state.Appended(new(5), 50);
        state.ParkProduce(new(1), new(5), Later);
        state.ParkFetch(new(2), Offset.Zero, Term, follower: false);
        state.SendAway();
        Assert.Equal([Answer(1, ErrorCode.NotLeaderOrFollower), Again(2)], Effects(state));
        Assert.Equal(TimeSpan.MaxValue, state.NextDeadline);
        state.ParkFetch(new(3), Offset.Zero, Term, follower: false);
        state.FollowerFetched(Two, new(5), Offset.Zero, Start);
        Assert.Equal([Progress(3, 50)], Effects(state));
        Assert.Equal(new Offset(5), state.HighWatermark);
    }

    [Fact]
    public void A_parked_produce_that_waits_too_long_times_out_and_leaves_the_others_in_order()
    {
        var state = LeaderOf(1, Two);
        state.Appended(new(5), 50);
        state.ParkProduce(new(1), new(3), MuchLater);
        state.ParkProduce(new(2), new(4), Later);
        state.ParkProduce(new(3), new(5), MuchLater);
        Assert.Equal(Later, state.NextDeadline);
        state.Expire(Later);
        Assert.Equal([Answer(2, ErrorCode.RequestTimedOut)], Effects(state));
        Assert.Equal(MuchLater, state.NextDeadline);
        state.FollowerFetched(Two, new(5), Offset.Zero, Later);
        Assert.Equal([Answer(1, ErrorCode.None), Answer(3, ErrorCode.None)], Effects(state));
    }

    [Fact]
    public void Too_few_in_sync_refuse_acks_all_before_the_append()
    {
        var state = LeaderOf(2, Two);
        state.SetInSync([One]);
        Assert.Equal(ErrorCode.NotEnoughReplicas, state.CheckAppend(-1));
        Assert.Equal(ErrorCode.None, state.CheckAppend(1));
        Assert.Equal(ErrorCode.None, state.CheckAppend(0));
        Assert.Equal(ErrorCode.InvalidRequiredAcks, state.CheckAppend(2));
    }

    [Fact]
    public void Too_few_in_sync_hold_the_watermark_and_a_committed_produce_says_so()
    {
        var state = LeaderOf(2, Two, Three);
        state.Appended(new(5), 50);
        state.ParkProduce(new(1), new(5), Later);
        state.SetInSync([One]);
        Assert.Equal(Offset.Zero, state.HighWatermark);
        Assert.Empty(Effects(state));
        Assert.Equal(ErrorCode.NotEnoughReplicasAfterAppend, state.CommittedAnswer);
    }

    [Fact]
    public void With_fewer_replicas_than_min_insync_all_of_them_are_enough()
    {
        var state = LeaderOf(3, Two);
        Assert.Equal(ErrorCode.None, state.CheckAppend(-1));
        state.SetInSync([One]);
        Assert.Equal(ErrorCode.NotEnoughReplicas, state.CheckAppend(-1));
    }

    [Theory]
    [InlineData(-1, ErrorCode.None)]
    [InlineData(5, ErrorCode.None)]
    [InlineData(4, ErrorCode.FencedLeaderEpoch)]
    [InlineData(6, ErrorCode.UnknownLeaderEpoch)]
    public void Another_epoch_is_fenced(int known, ErrorCode expected) =>
        Assert.Equal(expected, LeaderOf(1).CheckEpoch(new(known)));

    [Theory]
    [InlineData(1, ErrorCode.OffsetOutOfRange)]
    [InlineData(2, ErrorCode.None)]
    [InlineData(9, ErrorCode.None)]
    [InlineData(10, ErrorCode.OffsetOutOfRange)]
    public void Offsets_outside_the_log_are_out_of_range(long from, ErrorCode expected)
    {
        var state = new ReplicaState(One, new(2), new(9), new(4));
        state.Lead(Term, [One, Two], [One, Two], 1, Start);
        Assert.Equal(expected, state.CheckFetch(new(from), Term, follower: false, out var upTo));
        Assert.Equal(new Offset(4), upTo);
        Assert.Equal(expected, state.CheckFetch(new(from), Term, follower: true, out upTo));
        Assert.Equal(new Offset(9), upTo);
    }

    [Fact]
    public void A_waiting_consumer_hears_of_committed_bytes_and_a_waiting_follower_of_written_ones()
    {
        var state = LeaderOf(1, Two);
        state.ParkFetch(new(1), Offset.Zero, Term, follower: false);
        state.ParkFetch(new(2), Offset.Zero, Term, follower: true);
        state.Appended(new(5), 50);
        state.Appended(new(9), 40);
        Assert.Equal([Progress(2, 50), Progress(2, 40)], Effects(state));
        state.FollowerFetched(Two, new(9), Offset.Zero, Start);
        Assert.Equal([Progress(1, 90)], Effects(state));
        state.UnparkFetch(new(1));
        state.UnparkFetch(new(2));
        state.Appended(new(10), 10);
        Assert.Empty(Effects(state));
    }

    [Fact]
    public void A_fetch_that_parks_after_the_watermark_moved_reads_again()
    {
        var state = LeaderOf(1);
        state.Appended(new(5), 50);
        state.ParkFetch(new(1), Offset.Zero, Term, follower: false);
        Assert.Equal([Again(1)], Effects(state));
        Assert.Equal(0, state.WaitingFetches);
    }

    [Fact]
    public void A_new_leader_elsewhere_sends_everybody_away()
    {
        var state = LeaderOf(1, Two);
        state.Appended(new(5), 50);
        state.ParkProduce(new(1), new(5), Later);
        state.ParkFetch(new(2), Offset.Zero, Term, follower: false);
        Assert.True(state.Follow(Term.Next(), Two));
        Assert.Equal([Answer(1, ErrorCode.NotLeaderOrFollower), Again(2)], Effects(state));
        Assert.Equal(ErrorCode.NotLeaderOrFollower, state.CheckAppend(1));
        Assert.False(state.Lead(Term, [One], [One], 1, Start));
        Assert.Equal(ReplicaRole.Follower, state.Role);
    }

    [Fact]
    public void A_failed_storage_answers_so()
    {
        var state = LeaderOf(1, Two);
        state.Appended(new(5), 50);
        state.ParkProduce(new(1), new(5), Later);
        state.GoOffline();
        Assert.Equal([Answer(1, ErrorCode.KafkaStorageError)], Effects(state));
        Assert.Equal(ErrorCode.KafkaStorageError, state.CheckAppend(1));
        Assert.Equal(ErrorCode.KafkaStorageError, state.CheckFetch(Offset.Zero, Epoch.None, false, out _));
    }

    [Fact]
    public void Records_can_be_deleted_up_to_the_watermark_only()
    {
        var state = LeaderOf(1, Two);
        state.Appended(new(5), 50);
        state.FollowerFetched(Two, new(3), Offset.Zero, Start);
        Assert.Equal(ErrorCode.OffsetOutOfRange, state.CheckDeleteRecords(new(4), out _));
        Assert.Equal(ErrorCode.OffsetOutOfRange, state.CheckDeleteRecords(new(-2), out _));
        Assert.Equal(ErrorCode.None, state.CheckDeleteRecords(Offset.None, out var start));
        Assert.Equal(new Offset(3), start);
        state.LogStartsAt(start);
        state.LogStartsAt(new(1));
        Assert.Equal(new Offset(3), state.LogStart);
    }

    [Fact]
    public void Followers_learn_the_watermark_and_cut_it_with_their_log()
    {
        var state = new ReplicaState(Two, Offset.Zero, Offset.Zero, Offset.Zero);
        state.Follow(Term, One);
        state.Copied(new(5), new(9));
        Assert.Equal(new Offset(5), state.HighWatermark);
        state.Copied(new(8), new(6));
        Assert.Equal(new Offset(6), state.HighWatermark);
        state.TruncatedTo(new(4));
        Assert.Equal((new Offset(4), new Offset(4)), (state.LogEnd, state.HighWatermark));
    }

    [Fact]
    public void A_follower_that_keeps_pace_with_a_busy_leader_does_not_lag()
    {
        var state = LeaderOf(1, Two, Three);
        for (var second = 1; second <= 60; second++)
        {
            state.Appended(new(second), 10);
            state.FollowerFetched(Two, new(second - 1), Offset.Zero, TimeSpan.FromSeconds(second));
        }
        Assert.Equal([Three], state.Lagging(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30)));
        state.SetInSync([One, Two]);
        Assert.Empty(state.CaughtUp(Offset.Zero));
        state.FollowerFetched(Three, new(59), Offset.Zero, TimeSpan.FromSeconds(61));
        Assert.Equal([Three], state.CaughtUp(Offset.Zero));
    }
}

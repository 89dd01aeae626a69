using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Replication;

public sealed class InSyncProposalTests
{
    private static readonly BrokerId One = new(1), Two = new(2), Three = new(3);
    private static readonly TimeSpan LagMax = TimeSpan.FromSeconds(30);
    private static readonly Epoch Term = new(5);

    [Fact]
    public void Whoever_lags_is_proposed_out_and_holds_the_watermark_until_it_is_out()
    {
        var state = Leader(One, Two, Three);
        state.Appended(new(5), 50);
        state.FollowerFetched(Two, new(5), Offset.Zero, Seconds(31), brokerEpoch: 2);
        var proposal = Propose(state, 31)!;
        Assert.Equal([new InSyncReplica(One, 9), new InSyncReplica(Two, -1)], proposal.InSync.AsEnumerable());
        Assert.Equal((Term, 7), (proposal.LeaderEpoch, proposal.PartitionEpoch));
        Assert.Null(Propose(state, 32)); // One at a time.
        Assert.Equal(Offset.Zero, state.HighWatermark);
        state.SetInSync([One, Two], partitionEpoch: 8);
        Assert.Equal(new Offset(5), state.HighWatermark);
        Assert.Null(state.PendingInSync);
    }

    [Fact]
    public void Whoever_has_caught_up_is_proposed_and_counts_before_the_leader_hears_that_it_is_in()
    {
        var state = Leader(One);
        state.Appended(new(5), 50);
        state.FollowerFetched(Two, new(4), Offset.Zero, Seconds(1), brokerEpoch: 2);
        Assert.Null(Propose(state, 1));
        state.FollowerFetched(Two, new(5), Offset.Zero, Seconds(2), brokerEpoch: 2);
        Assert.Null(Propose(state, 2, isActive: _ => false));
        var proposal = Propose(state, 2)!;
        Assert.Equal([new InSyncReplica(One, 9), new InSyncReplica(Two, 2)], proposal.InSync.AsEnumerable());
        state.Appended(new(6), 10);
        Assert.Equal(new Offset(5), state.HighWatermark);
        Assert.False(state.InSyncAnswered(proposal, ErrorCode.IneligibleReplica));
        Assert.Equal(new Offset(6), state.HighWatermark);
        Assert.Null(state.PendingInSync);
    }

    [Fact]
    public void A_proposal_without_an_outcome_is_repeated_and_survives_a_change_of_configs()
    {
        var state = Leader(One);
        state.FollowerFetched(Two, Offset.Zero, Offset.Zero, Seconds(1));
        var proposal = Propose(state, 1)!;
        Assert.True(state.InSyncAnswered(proposal, ErrorCode.RequestTimedOut));
        Assert.False(state.InSyncAnswered(proposal, ErrorCode.InvalidUpdateVersion));
        state.Lead(Term, [One, Two, Three], [One], 2, Seconds(2), partitionEpoch: 7);
        Assert.Same(proposal, state.PendingInSync);
        Assert.False(state.Lead(Term, [One, Two, Three], [One], 2, Seconds(2), partitionEpoch: 6));
        state.Lead(Term, [One, Two, Three], [One, Two], 2, Seconds(2), partitionEpoch: 8);
        Assert.Null(state.PendingInSync);
        Assert.Equal(2, state.InSyncCount);
    }

    [Fact]
    public void Where_a_follower_stood_before_it_fell_out_or_started_again_does_not_count()
    {
        var state = Leader(One, Two);
        state.FollowerFetched(Two, Offset.Zero, Offset.Zero, Seconds(1), brokerEpoch: 2);
        state.SetInSync([One], partitionEpoch: 8);
        Assert.Null(Propose(state, 1));
        Assert.Equal(ErrorCode.None, state.FollowerFetched(Two, Offset.Zero, Offset.Zero, Seconds(1), brokerEpoch: 3));
        Assert.Equal(
            ErrorCode.StaleBrokerEpoch, state.FollowerFetched(Two, Offset.Zero, Offset.Zero, Seconds(1), brokerEpoch: 2));
        Assert.Equal(3, Propose(state, 1)!.InSync[1].BrokerEpoch);
    }

    [Fact]
    public void A_reader_is_sent_to_a_replica_in_its_rack_that_has_what_it_reads()
    {
        var state = Leader(One, Two);
        state.Appended(new(5), 50);
        state.FollowerFetched(Two, new(4), new(1), Seconds(1));
        state.FollowerFetched(Three, new(5), Offset.Zero, Seconds(1));
        static string? Rack(BrokerId id) => id == One ? "a" : "b";
        Assert.Equal(Two, state.Nearest("b", new(4), Rack)); // Three is not in sync.
        Assert.Equal(BrokerId.None, state.Nearest("b", Offset.Zero, Rack));
        Assert.Equal(BrokerId.None, state.Nearest("b", new(5), Rack));
        Assert.Equal(BrokerId.None, state.Nearest("a", new(4), Rack));
        Assert.Equal(BrokerId.None, state.Nearest("c", new(4), Rack));
    }

    [Fact]
    public void A_follower_serves_consumers_up_to_its_own_watermark()
    {
        var state = new ReplicaState(Two, Offset.Zero, Offset.Zero, Offset.Zero);
        state.Follow(Term, One);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, state.CheckFetch(Offset.Zero, Term, follower: false, out _));
        Assert.Equal(ErrorCode.None, state.CheckFetch(Offset.Zero, Term, false, out var upTo, fromFollower: true));
        state.ParkFetch(new Ticket(1), upTo, Term, follower: false, fromFollower: true);
        state.Copied(new(5), Offset.Zero, bytes: 50);
        Assert.False(state.TryTakeEffect(out _));
        Assert.False(state.Expects(Term, new(4)));
        Assert.True(state.Expects(Term, new(5)));
        state.Copied(new(5), new(5));
        Assert.True(state.TryTakeEffect(out var effect));
        Assert.Equal((ReplicaEffectKind.FetchProgress, 50), (effect.Kind, effect.Bytes));
        state.RestartedAt(new(20));
        Assert.Equal((new Offset(20), new Offset(20)), (state.LogStart, state.HighWatermark));
    }

    private static ReplicaState Leader(params BrokerId[] inSync)
    {
        var state = new ReplicaState(One, Offset.Zero, Offset.Zero, Offset.Zero);
        Assert.True(state.Lead(Term, [One, Two, Three], inSync, 1, TimeSpan.Zero, partitionEpoch: 7));
        return state;
    }

    private static InSyncProposal? Propose(ReplicaState state, int seconds, Func<BrokerId, bool>? isActive = null) =>
        state.ProposeInSync(Seconds(seconds), LagMax, isActive ?? (_ => true), ownEpoch: 9);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}

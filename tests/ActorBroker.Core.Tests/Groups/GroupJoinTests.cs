using ActorBroker.Core.Groups;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Groups;

public class GroupJoinTests
{
    private readonly GroupBench _bench = new();

    [Fact]
    public void First_join_waits_for_the_initial_delay_and_leads()
    {
        var join = _bench.Join();
        _bench.PassSeconds(2.9);
        Assert.True(_bench.IsParked(join));
        Assert.Equal(GroupState.PreparingRebalance, _bench.Group.State);

        _bench.PassSeconds(0.1);
        var joined = _bench.Joined(join);
        Assert.Equal((ErrorCode.None, 1, "range"), (joined.Error, joined.Generation, joined.Protocol));
        Assert.Equal(joined.MemberId, joined.Leader);
        Assert.Equal("range subscription", GroupBench.Text(Assert.Single(joined.Members).Metadata));
        Assert.Equal(GroupState.CompletingRebalance, _bench.Group.State);
    }

    [Fact]
    public void Initial_delay_is_extended_while_members_keep_arriving()
    {
        var first = _bench.Join();
        _bench.PassSeconds(2);
        _bench.Join();
        _bench.PassSeconds(2); // The first delay is over, but someone new came in it.
        Assert.True(_bench.IsParked(first));
        _bench.PassSeconds(2);
        Assert.Equal(2, _bench.Joined(first).Members.Length);
    }

    [Fact]
    public void Initial_delay_ends_at_the_rebalance_timeout_however_many_arrive()
    {
        var first = _bench.Join(rebalance: 10);
        for (var second = 0; second < 10; second++)
        {
            _bench.PassSeconds(1);
            if (_bench.IsParked(first)) _bench.Join(rebalance: 10);
        }
        Assert.False(_bench.IsParked(first));
    }

    [Fact]
    public void Without_initial_delay_the_first_join_is_answered_at_once()
    {
        var bench = new GroupBench(GroupBench.Defaults with { InitialRebalanceDelay = TimeSpan.Zero });
        Assert.Equal(1, bench.Joined(bench.Join()).Generation);
    }

    [Fact]
    public void Only_the_leader_hears_who_the_members_are()
    {
        var leader = _bench.Join();
        var follower = _bench.Join();
        _bench.PassSeconds(6);
        Assert.Equal(2, _bench.Joined(leader).Members.Length);
        Assert.Empty(_bench.Joined(follower).Members);
        Assert.Equal(_bench.Joined(leader).MemberId, _bench.Joined(follower).Leader);
    }

    [Fact]
    public void Newcomer_must_come_back_with_the_id_it_was_given()
    {
        var given = _bench.Joined(_bench.Join(mustKnowItsId: true));
        Assert.Equal(ErrorCode.MemberIdRequired, given.Error);
        Assert.Empty(_bench.Group.Describe().Members);

        var join = _bench.Join(given.MemberId, mustKnowItsId: true);
        _bench.PassSeconds(3);
        Assert.Equal((ErrorCode.None, given.MemberId), (_bench.Joined(join).Error, _bench.Joined(join).MemberId));
    }

    [Fact]
    public void Given_id_is_forgotten_after_one_session_timeout()
    {
        var given = _bench.Joined(_bench.Join(mustKnowItsId: true, session: 10)).MemberId;
        _bench.PassSeconds(10);
        Assert.True(_bench.Removed); // Nothing else was in this group.
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _bench.Joined(_bench.Join(given)).Error);
    }

    [Fact]
    public void Rebalance_waits_for_newcomers_that_were_given_an_id()
    {
        var ids = _bench.Stable(1);
        var given = _bench.Joined(_bench.Join(mustKnowItsId: true)).MemberId;
        var rejoin = _bench.Join(ids[0]);
        Assert.True(_bench.IsParked(rejoin));
        _bench.Join(given);
        Assert.Equal(2, _bench.Joined(rejoin).Members.Length);
    }

    [Fact]
    public void Rebalance_does_not_wait_for_a_newcomer_whose_id_timed_out()
    {
        var ids = _bench.Stable(1);
        _bench.Join(mustKnowItsId: true, session: 10);
        var rejoin = _bench.Join(ids[0]);
        _bench.PassSeconds(10);
        Assert.Single(_bench.Joined(rejoin).Members);
    }

    [Theory]
    [InlineData(5.999)]
    [InlineData(1800.001)]
    public void Session_timeout_out_of_bounds_is_refused(double seconds) =>
        Assert.Equal(ErrorCode.InvalidSessionTimeout, _bench.Joined(_bench.Join(session: seconds)).Error);

    [Fact]
    public void Unknown_member_id_is_refused() =>
        Assert.Equal(ErrorCode.UnknownMemberId, _bench.Joined(_bench.Join("who")).Error);

    [Fact]
    public void Other_protocol_type_is_refused()
    {
        _bench.Join(type: "consumer");
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _bench.Joined(_bench.Join(type: "connect")).Error);
    }

    [Fact]
    public void Member_without_protocols_is_refused() =>
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _bench.Joined(_bench.Join(protocols: [])).Error);

    [Fact]
    public void Member_that_shares_no_protocol_with_all_is_refused()
    {
        _bench.Join(protocols: GroupBench.Protocols("range", "sticky"));
        _bench.Join(protocols: GroupBench.Protocols("sticky"));
        var join = _bench.Join(protocols: GroupBench.Protocols("range"));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _bench.Joined(join).Error);
    }

    [Fact]
    public void Protocol_with_most_votes_among_those_all_support_wins()
    {
        var first = _bench.Join(protocols: GroupBench.Protocols("range", "sticky", "roundrobin"));
        _bench.Join(protocols: GroupBench.Protocols("only-mine", "sticky", "range"));
        _bench.Join(protocols: GroupBench.Protocols("sticky", "range"));
        _bench.PassSeconds(6);
        Assert.Equal("sticky", _bench.Joined(first).Protocol);
    }

    [Fact]
    public void Full_group_refuses_newcomers_and_keeps_its_members()
    {
        var bench = new GroupBench(GroupBench.Defaults with { MaxSize = 2 });
        var ids = bench.Stable(2);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, bench.Joined(bench.Join()).Error);
        Assert.Equal(ErrorCode.None, bench.Heartbeat(ids[1], 1));
        Assert.Equal(GroupState.Stable, bench.Group.State);
    }

    [Fact]
    public void While_members_rejoin_the_first_to_come_fill_the_group()
    {
        var log = new GroupBench();
        log.Stable(3);
        var bench = new GroupBench(GroupBench.Defaults with { MaxSize = 2 });
        bench.Log.AddRange(log.Log);
        bench.Reload();
        var ids = bench.Group.Describe().Members.Select(each => each.MemberId).ToArray();

        var leader = bench.Join(ids[0]);
        var second = bench.Join(ids[1]);
        var third = bench.Join(ids[2]);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, bench.Joined(third).Error);
        Assert.Equal(ErrorCode.None, bench.Joined(second).Error);
        Assert.Equal(2, bench.Joined(leader).Members.Length);
    }

    [Fact]
    public void Follower_that_rejoins_unchanged_gets_the_current_generation()
    {
        var ids = _bench.Stable(2);
        var joined = _bench.Joined(_bench.Join(ids[1]));
        Assert.Equal((ErrorCode.None, 1), (joined.Error, joined.Generation));
        Assert.Equal(GroupState.Stable, _bench.Group.State);
    }

    [Fact]
    public void Leader_that_rejoins_gets_a_rebalance()
    {
        var ids = _bench.Stable(2);
        Assert.True(_bench.IsParked(_bench.Join(ids[0])));
        Assert.Equal(GroupState.PreparingRebalance, _bench.Group.State);
    }

    [Fact]
    public void Follower_with_another_subscription_starts_a_rebalance()
    {
        var ids = _bench.Stable(2);
        _bench.Join(ids[1], protocols: [new MemberProtocol("range", GroupBench.Bytes("other topics"))]);
        Assert.Equal(GroupState.PreparingRebalance, _bench.Group.State);
    }

    [Fact]
    public void Lost_join_answer_is_given_again_before_the_sync()
    {
        var join = _bench.Join();
        _bench.PassSeconds(3);
        var again = _bench.Joined(_bench.Join(_bench.Joined(join).MemberId));
        Assert.Equal(1, again.Generation);
        Assert.Single(again.Members);
    }

    [Fact]
    public void Join_repeated_while_parked_releases_the_earlier_request()
    {
        var ids = _bench.Stable(2);
        var given = _bench.Join(ids[0]);
        var again = _bench.Join(ids[0]);
        Assert.Equal(ErrorCode.RebalanceInProgress, _bench.Joined(given).Error);
        _bench.Join(ids[1]);
        Assert.Equal(2, _bench.Joined(again).Generation);
    }

    [Fact]
    public void Newcomer_parked_for_five_minutes_is_dropped()
    {
        var ids = _bench.Stable(1);
        var newcomer = _bench.Join(rebalance: 3600);
        for (var second = 0; second < 300; second += 5)
        {
            Assert.Equal(ErrorCode.RebalanceInProgress, _bench.Heartbeat(ids[0], 1));
            Assert.True(_bench.IsParked(newcomer));
            _bench.PassSeconds(5);
        }
        Assert.Equal(ErrorCode.UnknownMemberId, _bench.Joined(newcomer).Error);
    }
}

using ActorBroker.Core.Groups;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Groups;

public class GroupRebalanceTests
{
    private readonly GroupBench _bench = new();

    [Fact]
    public void Everyone_gets_what_the_leader_assigned()
    {
        var a = _bench.Join();
        var b = _bench.Join();
        _bench.PassSeconds(6);
        var (leader, follower) = (_bench.Joined(a).MemberId, _bench.Joined(b).MemberId);

        var parked = _bench.Sync(follower, 1);
        Assert.True(_bench.IsParked(parked));
        var sync = _bench.Sync(leader, 1, null, (leader, "t-0"), (follower, "t-1"));
        Assert.Equal("t-0", GroupBench.Text(_bench.Synced(sync).Assignment));
        Assert.Equal("t-1", GroupBench.Text(_bench.Synced(parked).Assignment));
        Assert.Equal(GroupState.Stable, _bench.Group.State);
    }

    [Fact]
    public void Assignment_is_in_the_log_before_anyone_hears_of_it()
    {
        var join = _bench.Join();
        _bench.PassSeconds(3);
        _bench.AckAtOnce = false;
        var sync = _bench.Sync(_bench.Joined(join).MemberId, 1, null, (_bench.Joined(join).MemberId, "t-0"));
        Assert.True(_bench.IsParked(sync));
        var stored = Assert.IsType<OffsetsRecord.GroupStored>(Assert.Single(_bench.Unacknowledged.Peek().Records));
        Assert.Equal("t-0", GroupBench.Text(Assert.Single(stored.Metadata.Members).Assignment));

        _bench.Ack();
        Assert.Equal(ErrorCode.None, _bench.Synced(sync).Error);
    }

    [Theory]
    [InlineData(ErrorCode.NotEnoughReplicas, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.NotLeaderOrFollower, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.MessageTooLarge, ErrorCode.UnknownServerError)]
    public void Assignment_that_cannot_be_stored_is_void(ErrorCode ofLog, ErrorCode toMember)
    {
        var join = _bench.Join();
        _bench.PassSeconds(3);
        _bench.AckAtOnce = false;
        var sync = _bench.Sync(_bench.Joined(join).MemberId, 1, null, (_bench.Joined(join).MemberId, "t-0"));
        _bench.Ack(ofLog);
        Assert.Equal(toMember, _bench.Synced(sync).Error);
        Assert.Equal(GroupState.PreparingRebalance, _bench.Group.State);
    }

    [Fact]
    public void Leader_that_repeats_its_sync_cannot_change_what_is_on_its_way_to_the_log()
    {
        var join = _bench.Join();
        _bench.PassSeconds(3);
        var leader = _bench.Joined(join).MemberId;
        _bench.AckAtOnce = false;
        var first = _bench.Sync(leader, 1, null, (leader, "t-0"));
        var second = _bench.Sync(leader, 1, null, (leader, "t-1"));
        Assert.Single(_bench.Unacknowledged);
        _bench.Ack();
        Assert.Equal(ErrorCode.RebalanceInProgress, _bench.Synced(first).Error);
        Assert.Equal("t-0", GroupBench.Text(_bench.Synced(second).Assignment));
    }

    [Fact]
    public void Member_that_the_leader_forgot_gets_an_empty_assignment()
    {
        var a = _bench.Join();
        var b = _bench.Join();
        _bench.PassSeconds(6);
        _bench.Sync(_bench.Joined(a).MemberId, 1, null, (_bench.Joined(a).MemberId, "all"));
        var late = _bench.Synced(_bench.Sync(_bench.Joined(b).MemberId, 1));
        Assert.Equal(ErrorCode.None, late.Error);
        Assert.True(late.Assignment.IsEmpty);
    }

    [Fact]
    public void Newcomer_makes_the_others_rejoin_and_raises_the_generation()
    {
        var ids = _bench.Stable(2);
        var newcomer = _bench.Join();
        Assert.Equal(ErrorCode.RebalanceInProgress, _bench.Heartbeat(ids[0], 1));
        _bench.Join(ids[0]);
        Assert.True(_bench.IsParked(newcomer));
        _bench.Join(ids[1]);
        Assert.Equal(2, _bench.Joined(newcomer).Generation);
    }

    [Fact]
    public void Member_that_does_not_rejoin_loses_its_place()
    {
        var ids = _bench.Stable(2);
        var newcomer = _bench.Join(rebalance: 60);
        _bench.Join(ids[0]);
        for (var i = 0; i < 12; i++)
        {
            _bench.Heartbeat(ids[1], 1); // Alive, but never back.
            _bench.PassSeconds(5);
        }
        Assert.Equal(2, _bench.Joined(newcomer).Generation);
        Assert.Equal(ErrorCode.UnknownMemberId, _bench.Heartbeat(ids[1], 2));
    }

    [Fact]
    public void Leader_that_does_not_rejoin_is_replaced_by_the_first_who_did()
    {
        var ids = _bench.Stable(2);
        var rejoin = _bench.Join(ids[1], protocols: GroupBench.Subscribed("t"));
        _bench.PassSeconds(60);
        Assert.Equal(ids[1], _bench.Joined(rejoin).Leader);
    }

    [Fact]
    public void Silent_member_is_removed_when_its_session_ends()
    {
        var ids = _bench.Stable(2);
        _bench.PassSeconds(9);
        _bench.Heartbeat(ids[0], 1);
        _bench.PassSeconds(1);
        Assert.Equal(GroupState.PreparingRebalance, _bench.Group.State);
        Assert.Equal(ErrorCode.UnknownMemberId, _bench.Heartbeat(ids[1], 1));
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("commit")]
    public void Any_request_of_a_member_is_a_sign_of_life(string request)
    {
        var id = _bench.Stable(1)[0];
        _bench.PassSeconds(9);
        if (request == "sync") _bench.Sync(id, 1);
        else _bench.Commit(id, 1);
        _bench.PassSeconds(9);
        Assert.Equal(ErrorCode.None, _bench.Heartbeat(id, 1));
    }

    [Fact]
    public void Parked_member_needs_no_heartbeat()
    {
        var ids = _bench.Stable(2);
        var parked = _bench.Join(ids[0], session: 10, rebalance: 600);
        for (var i = 0; i < 20; i++)
        {
            _bench.Heartbeat(ids[1], 1);
            _bench.PassSeconds(5);
        }
        Assert.True(_bench.IsParked(parked));
    }

    [Fact]
    public void Heartbeat_before_the_sync_is_welcome()
    {
        var join = _bench.Join();
        _bench.PassSeconds(3);
        Assert.Equal(ErrorCode.None, _bench.Heartbeat(_bench.Joined(join).MemberId, 1));
    }

    [Fact]
    public void Member_that_never_syncs_is_removed_after_the_rebalance_timeout()
    {
        var a = _bench.Join(rebalance: 60);
        var b = _bench.Join(rebalance: 60);
        _bench.PassSeconds(6);
        var (leader, mute) = (_bench.Joined(a).MemberId, _bench.Joined(b).MemberId);
        _bench.Sync(leader, 1, null, (leader, "t-0"));
        for (var i = 0; i < 12; i++)
        {
            _bench.Heartbeat(leader, 1);
            _bench.Heartbeat(mute, 1);
            _bench.PassSeconds(5);
        }
        Assert.Equal(ErrorCode.UnknownMemberId, _bench.Heartbeat(mute, 1));
        Assert.Equal(GroupState.PreparingRebalance, _bench.Group.State);
    }

    [Fact]
    public void Parked_syncs_are_released_when_the_group_rebalances_again()
    {
        var a = _bench.Join();
        _bench.Join();
        _bench.PassSeconds(6);
        var follower = _bench.Group.Describe().Members[1].MemberId;
        var parked = _bench.Sync(follower, 1);
        _bench.Leave((_bench.Joined(a).MemberId, null));
        Assert.Equal(ErrorCode.RebalanceInProgress, _bench.Synced(parked).Error);
    }

    [Fact]
    public void Old_generation_is_fenced_everywhere()
    {
        var ids = _bench.Stable(1);
        _bench.Join(ids[0]);
        _bench.SyncAll(ids);
        Assert.Equal(2, _bench.Group.Generation);
        Assert.Equal(ErrorCode.IllegalGeneration, _bench.Heartbeat(ids[0], 1));
        Assert.Equal(ErrorCode.IllegalGeneration, _bench.Synced(_bench.Sync(ids[0], 1)).Error);
        Assert.Equal(ErrorCode.IllegalGeneration, _bench.Committed(_bench.Commit(ids[0], 1)));
    }

    [Fact]
    public void Sync_naming_another_protocol_is_refused()
    {
        var id = _bench.Stable(1)[0];
        var ticket = _bench.NextTicket();
        _bench.Tell(new GroupInput.Sync(ticket, id, null, 1, "consumer", "sticky", []));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _bench.Synced(ticket).Error);
    }

    [Fact]
    public void Sync_while_members_rejoin_says_so()
    {
        var ids = _bench.Stable(2);
        _bench.Join(ids[0]);
        Assert.Equal(ErrorCode.RebalanceInProgress, _bench.Synced(_bench.Sync(ids[1], 1)).Error);
    }

    [Fact]
    public void Last_member_to_leave_makes_the_group_empty_in_a_new_generation()
    {
        var id = _bench.Stable(1)[0];
        Assert.Equal(ErrorCode.None, Assert.Single(_bench.Leave((id, null))));
        Assert.Equal((GroupState.Empty, 2), (_bench.Group.State, _bench.Group.Generation));
        Assert.Empty(Assert.IsType<OffsetsRecord.GroupStored>(_bench.Log[^1]).Metadata.Members);
    }

    [Fact]
    public void Many_leave_in_one_request_and_each_gets_its_result()
    {
        var ids = _bench.Stable(3);
        var results = _bench.Leave((ids[0], null), ("who", null), (ids[2], null));
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId, ErrorCode.None], results);
        Assert.Single(_bench.Group.Describe().Members);
    }

    [Fact]
    public void Leaving_in_vain_disturbs_nobody()
    {
        _bench.Stable(1);
        Assert.Equal(ErrorCode.UnknownMemberId, Assert.Single(_bench.Leave(("who", null))));
        Assert.Equal(GroupState.Stable, _bench.Group.State);
    }

    [Fact]
    public void Resigned_coordinator_leaves_nobody_waiting()
    {
        var ids = _bench.Stable(2);
        _bench.AckAtOnce = false;
        var commit = _bench.Commit(ids[0], 1);
        var join = _bench.Join(ids[0]);
        _bench.Tell(new GroupInput.Resign());
        Assert.Equal(ErrorCode.NotCoordinator, _bench.Joined(join).Error);
        Assert.Equal(ErrorCode.NotCoordinator, _bench.Committed(commit));
        Assert.Empty(_bench.Timers);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _bench.Heartbeat(ids[0], 1));
        _bench.Ack(); // Comes too late, and harms nobody.
    }

    [Fact]
    public void Request_for_a_group_that_is_not_there_leaves_none_behind()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, _bench.Heartbeat("who", 3));
        Assert.True(_bench.Removed);
    }
}

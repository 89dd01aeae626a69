using ActorBroker.Core.Groups;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Groups;

/// <summary>KIP-345: members with an instance id keep their place over a restart.</summary>
public class StaticMemberTests
{
    private readonly GroupBench _bench = new();

    [Fact]
    public void Restarted_member_gets_its_place_back_without_a_rebalance()
    {
        var ids = _bench.Stable(2, "one", "two");
        var joined = _bench.Joined(_bench.Join(instance: "two"));
        Assert.Equal((ErrorCode.None, 1), (joined.Error, joined.Generation));
        Assert.NotEqual(ids[1], joined.MemberId);
        Assert.Equal(GroupState.Stable, _bench.Group.State);
        Assert.Equal($"for {ids[1]}", GroupBench.Text(_bench.Synced(_bench.Sync(joined.MemberId, 1, "two")).Assignment));
    }

    [Fact]
    public void New_id_is_in_the_log_before_it_is_told()
    {
        _bench.Stable(2, "one", "two");
        _bench.AckAtOnce = false;
        var join = _bench.Join(instance: "two");
        Assert.True(_bench.IsParked(join));
        _bench.Ack();
        var stored = Assert.IsType<OffsetsRecord.GroupStored>(_bench.Log[^1]);
        Assert.Equal(_bench.Joined(join).MemberId, stored.Metadata.Members[1].MemberId);
    }

    [Fact]
    public void Old_process_is_fenced_in_whatever_it_does()
    {
        var old = _bench.Stable(2, "one", "two")[1];
        _bench.Join(instance: "two");
        Assert.Equal(ErrorCode.FencedInstanceId, _bench.Heartbeat(old, 1, "two"));
        Assert.Equal(ErrorCode.FencedInstanceId, _bench.Synced(_bench.Sync(old, 1, "two")).Error);
        Assert.Equal(ErrorCode.FencedInstanceId, _bench.Committed(_bench.Commit(old, 1, instance: "two")));
        Assert.Equal(ErrorCode.FencedInstanceId, _bench.Joined(_bench.Join(old, "two")).Error);
        Assert.Equal(ErrorCode.FencedInstanceId, Assert.Single(_bench.Leave((old, "two"))));
    }

    [Fact]
    public void Parked_requests_of_the_old_process_are_fenced_too()
    {
        var ids = _bench.Stable(2, "one", "two");
        var parked = _bench.Join(ids[0], "one");
        _bench.Join(instance: "one");
        Assert.Equal(ErrorCode.FencedInstanceId, _bench.Joined(parked).Error);
    }

    [Fact]
    public void Restarted_leader_that_understands_is_told_to_skip_the_assignment()
    {
        _bench.Stable(2, "one", "two");
        var joined = _bench.Joined(_bench.Join(instance: "one", maySkip: true));
        Assert.True(joined.SkipAssignment);
        Assert.Equal(joined.MemberId, joined.Leader);
        Assert.Equal(2, joined.Members.Length);
    }

    [Fact]
    public void Restarted_leader_that_would_assign_is_told_of_its_old_self_as_leader()
    {
        var old = _bench.Stable(2, "one", "two")[0];
        var joined = _bench.Joined(_bench.Join(instance: "one"));
        Assert.False(joined.SkipAssignment);
        Assert.Equal(old, joined.Leader);
        Assert.Empty(joined.Members);
    }

    [Fact]
    public void Restart_that_changes_the_chosen_protocol_rebalances()
    {
        var both = GroupBench.Protocols("range", "sticky");
        var first = _bench.Join(instance: "one", protocols: both);
        _bench.PassSeconds(3);
        _bench.SyncAll(_bench.Joined(first).MemberId);
        var join = _bench.Joined(_bench.Join(instance: "one", protocols: GroupBench.Protocols("sticky", "range")));
        Assert.Equal((2, "sticky"), (join.Generation, join.Protocol));
    }

    [Fact]
    public void Restart_while_the_assignment_is_awaited_rebalances()
    {
        var a = _bench.Join(instance: "one");
        _bench.Join(instance: "two");
        _bench.PassSeconds(6);
        var parked = _bench.Sync(_bench.Group.Describe().Members[1].MemberId, 1, "two");
        Assert.Equal(1, _bench.Joined(a).Generation);
        _bench.Join(instance: "one");
        Assert.Equal(ErrorCode.RebalanceInProgress, _bench.Synced(parked).Error);
        Assert.Equal(GroupState.PreparingRebalance, _bench.Group.State);
    }

    [Fact]
    public void Everything_the_new_process_says_of_itself_counts()
    {
        _bench.Stable(1, "one");
        _bench.Join(instance: "one", session: 30, protocols: [new MemberProtocol("range", GroupBench.Bytes("new"))]);
        Assert.Equal("new", GroupBench.Text(Assert.Single(_bench.Group.Describe().Members).Metadata));
        _bench.PassSeconds(29);
        Assert.Equal(GroupState.Stable, _bench.Group.State);
        _bench.PassSeconds(1);
        Assert.Equal(GroupState.Empty, _bench.Group.State);
    }

    [Fact]
    public void Absent_static_member_keeps_its_place_through_a_rebalance_until_its_session_ends()
    {
        var a = _bench.Join(instance: "one", session: 120);
        var b = _bench.Join(session: 10);
        _bench.PassSeconds(6);
        var (one, other) = (_bench.Joined(a).MemberId, _bench.Joined(b).MemberId);
        _bench.SyncAll(one, other);

        var rejoin = _bench.Join(other, protocols: [new MemberProtocol("range", GroupBench.Bytes("changed"))]);
        _bench.PassSeconds(60);
        var joined = _bench.Joined(rejoin);
        Assert.Equal((2, other), (joined.Generation, joined.Leader));
        Assert.Equal(2, joined.Members.Length);

        _bench.Sync(other, 2, null, (other, "a"), (one, "b"));
        for (var i = 0; i < 12; i++)
        {
            _bench.PassSeconds(5);
            _bench.Heartbeat(other, 2);
        }
        Assert.Equal(GroupState.PreparingRebalance, _bench.Group.State);
        Assert.Equal(ErrorCode.UnknownMemberId, _bench.Heartbeat(one, 2, "one"));
    }

    [Fact]
    public void Administrator_removes_a_static_member_by_its_instance_id()
    {
        _bench.Stable(2, "one", "two");
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId], _bench.Leave(("", "two"), ("", "three")));
        Assert.Equal("one", Assert.Single(_bench.Group.Describe().Members).InstanceId);
    }

    [Fact]
    public void Unknown_instance_with_a_member_id_is_unknown() =>
        Assert.Equal(ErrorCode.UnknownMemberId, _bench.Joined(_bench.Join("who", "one")).Error);

    [Fact]
    public void Takeover_that_cannot_be_stored_is_not_told()
    {
        _bench.Stable(1, "one");
        _bench.AckAtOnce = false;
        var join = _bench.Join(instance: "one");
        _bench.Ack(ErrorCode.NotLeaderOrFollower);
        Assert.Equal(ErrorCode.NotCoordinator, _bench.Joined(join).Error);
    }

    [Fact]
    public void Of_two_takeovers_the_later_wins()
    {
        _bench.Stable(1, "one");
        _bench.AckAtOnce = false;
        var (first, second) = (_bench.Join(instance: "one"), _bench.Join(instance: "one"));
        _bench.Ack();
        _bench.Ack();
        Assert.Equal(ErrorCode.FencedInstanceId, _bench.Joined(first).Error);
        Assert.Equal(ErrorCode.None, _bench.Joined(second).Error);
    }
}

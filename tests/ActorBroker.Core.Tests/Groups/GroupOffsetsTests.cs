using ActorBroker.Core.Groups;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Groups;

public class GroupOffsetsTests
{
    private readonly GroupBench _bench = new();

    private ErrorCode[] DeleteOffsets(params string[] topics)
    {
        var ticket = _bench.NextTicket();
        _bench.Tell(new GroupInput.DeleteOffsets(ticket, [.. topics.Select(topic => new TopicPartition(topic, 0))]));
        var deleted = Assert.IsType<GroupReply.OffsetsDeleted>(_bench.Replies[ticket]);
        return deleted.Error is ErrorCode.None ? [.. deleted.Results] : [deleted.Error];
    }

    private ErrorCode Delete()
    {
        var ticket = _bench.NextTicket();
        _bench.Tell(new GroupInput.Delete(ticket));
        return _bench.Answer(ticket);
    }

    private void Expire() => _bench.Tell(new GroupInput.ExpireOffsets());

    [Fact]
    public void Commit_is_answered_and_seen_only_once_it_is_in_the_log()
    {
        var id = _bench.Stable(1)[0];
        _bench.AckAtOnce = false;
        var commit = _bench.Commit(id, 1, offset: 42);
        Assert.True(_bench.IsParked(commit));
        Assert.Null(_bench.Offset());
        _bench.Ack();
        Assert.Equal(ErrorCode.None, _bench.Committed(commit));
        Assert.Equal(42, _bench.Offset());
    }

    [Theory]
    [InlineData(ErrorCode.RequestTimedOut, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.KafkaStorageError, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.MessageTooLarge, ErrorCode.InvalidCommitOffsetSize)]
    public void Commit_that_cannot_be_stored_is_refused_and_not_seen(ErrorCode ofLog, ErrorCode toCaller)
    {
        _bench.AckAtOnce = false;
        var commit = _bench.Commit("", -1);
        _bench.Ack(ofLog);
        Assert.Equal(toCaller, _bench.Committed(commit));
        Assert.Null(_bench.Offset());
    }

    [Fact]
    public void Group_without_members_takes_commits_without_generation()
    {
        Assert.Equal(ErrorCode.None, _bench.Committed(_bench.Commit("", -1, offset: 7)));
        Assert.Equal((7, GroupState.Empty), (_bench.Offset(), _bench.Group.State));
    }

    [Fact]
    public void Generation_that_never_was_is_refused()
    {
        Assert.Equal(ErrorCode.IllegalGeneration, _bench.Committed(_bench.Commit("who", 3)));
        Assert.True(_bench.Removed);
    }

    [Fact]
    public void Group_with_members_takes_commits_from_members_only()
    {
        _bench.Stable(1);
        Assert.Equal(ErrorCode.UnknownMemberId, _bench.Committed(_bench.Commit("", -1)));
        Assert.Equal(ErrorCode.UnknownMemberId, _bench.Committed(_bench.Commit("who", 1)));
    }

    [Fact]
    public void Commit_is_welcome_while_members_rejoin_but_not_while_partitions_change_hands()
    {
        var ids = _bench.Stable(2);
        _bench.Join(ids[0]);
        Assert.Equal(ErrorCode.None, _bench.Committed(_bench.Commit(ids[1], 1)));
        _bench.Join(ids[1]);
        Assert.Equal(ErrorCode.RebalanceInProgress, _bench.Committed(_bench.Commit(ids[1], 2)));
    }

    [Fact]
    public void Metadata_over_the_limit_fails_that_partition_alone()
    {
        var ticket = _bench.NextTicket();
        _bench.Tell(new GroupInput.CommitOffsets(ticket, "", null, -1, null,
        [
            new(new("t", 0), new(1), Epoch.None, new string('x', 4097)),
            new(new("t", 1), new(1), Epoch.None, new string('x', 4096)),
        ]));
        var committed = Assert.IsType<GroupReply.Committed>(_bench.Replies[ticket]);
        Assert.Equal([ErrorCode.OffsetMetadataTooLarge, ErrorCode.None], committed.Results.ToArray());
        Assert.Null(_bench.Offset(partition: 0));
        Assert.Equal(1, _bench.Offset(partition: 1));
    }

    [Fact]
    public void Offsets_and_members_are_found_again_after_a_restart()
    {
        var ids = _bench.Stable(2, "one");
        _bench.Commit(ids[1], 1, offset: 42);
        _bench.Reload();
        Assert.Equal((GroupState.Stable, 1, 42), (_bench.Group.State, _bench.Group.Generation, _bench.Offset()));
        Assert.Equal(ids, _bench.Group.Describe().Members.Select(each => each.MemberId));
        Assert.Equal(ErrorCode.None, _bench.Heartbeat(ids[0], 1, "one"));
        Assert.Equal($"for {ids[1]}", GroupBench.Text(_bench.Synced(_bench.Sync(ids[1], 1)).Assignment));
    }

    [Fact]
    public void Members_that_stay_away_after_a_restart_lose_their_place()
    {
        _bench.Stable(2);
        _bench.Reload();
        _bench.PassSeconds(70);
        Assert.Equal(GroupState.Empty, _bench.Group.State);
    }

    [Fact]
    public void Offsets_of_subscribed_topics_are_not_deleted()
    {
        var join = _bench.Join(protocols: GroupBench.Subscribed("t"));
        _bench.PassSeconds(3);
        var id = _bench.Joined(join).MemberId;
        _bench.SyncAll(id);
        _bench.Commit(id, 1, "t");
        _bench.Commit(id, 1, "u");
        Assert.Equal([ErrorCode.GroupSubscribedToTopic, ErrorCode.None], DeleteOffsets("t", "u"));
        Assert.Equal((1L, (long?)null), (_bench.Offset("t"), _bench.Offset("u")));
        _bench.Reload();
        Assert.Null(_bench.Offset("u"));
    }

    [Fact]
    public void Members_whose_subscriptions_are_unreadable_may_subscribe_to_anything()
    {
        var id = _bench.Stable(1)[0]; // Its metadata is plain text.
        _bench.Commit(id, 1);
        Assert.Equal([ErrorCode.GroupSubscribedToTopic], DeleteOffsets("t"));
    }

    [Fact]
    public void Offsets_of_a_group_that_is_not_of_consumers_are_not_deleted_while_it_has_members()
    {
        _bench.Join(type: "connect");
        Assert.Equal([ErrorCode.NonEmptyGroup], DeleteOffsets("t"));
    }

    [Fact]
    public void Offsets_of_an_unknown_group_cannot_be_deleted() => Assert.Equal([ErrorCode.GroupIdNotFound], DeleteOffsets("t"));

    [Fact]
    public void Group_with_members_is_not_deleted()
    {
        _bench.Stable(1);
        Assert.Equal(ErrorCode.NonEmptyGroup, Delete());
    }

    [Fact]
    public void Unknown_group_is_not_deleted() => Assert.Equal(ErrorCode.GroupIdNotFound, Delete());

    [Fact]
    public void Deleted_group_leaves_nothing_in_the_log()
    {
        var id = _bench.Stable(1)[0];
        _bench.Commit(id, 1);
        _bench.Leave((id, null));
        Assert.Equal(ErrorCode.None, Delete());
        Assert.True(_bench.Removed);
        _bench.Reload();
        Assert.Equal((0, (long?)null), (_bench.Group.Generation, _bench.Offset()));
    }

    [Fact]
    public void Group_whose_deletion_the_log_refuses_lives_on()
    {
        _bench.Commit("", -1, offset: 5);
        _bench.AckAtOnce = false;
        var ticket = _bench.NextTicket();
        _bench.Tell(new GroupInput.Delete(ticket));
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _bench.Committed(_bench.Commit("", -1))); // In between.
        _bench.Ack(ErrorCode.NotEnoughReplicas);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _bench.Answer(ticket));
        Assert.Equal((GroupState.Empty, 5L), (_bench.Group.State, _bench.Offset()));
    }

    [Fact]
    public void Deleting_takes_along_a_commit_that_is_on_its_way()
    {
        _bench.Commit("", -1, "other");
        _bench.AckAtOnce = false;
        _bench.Commit("", -1);
        _bench.Tell(new GroupInput.Delete(_bench.NextTicket()));
        _bench.Ack();
        _bench.Ack();
        _bench.Reload();
        Assert.Null(_bench.Offset());
    }

    [Fact]
    public void Offsets_of_deleted_topics_are_forgotten()
    {
        _bench.Commit("", -1, "t");
        _bench.Commit("", -1, "u");
        _bench.Tell(new GroupInput.TopicsDeleted(["t"]));
        _bench.Reload();
        Assert.Equal(((long?)null, 1L), (_bench.Offset("t"), _bench.Offset("u")));
    }

    [Fact]
    public void Simple_offsets_expire_after_the_retention_and_the_group_with_them()
    {
        _bench.Commit("", -1);
        _bench.Now += TimeSpan.FromDays(7) - TimeSpan.FromMilliseconds(1);
        Expire();
        Assert.Equal(1, _bench.Offset());
        _bench.Now += TimeSpan.FromMilliseconds(1);
        Expire();
        Assert.True(_bench.Removed);
        Assert.IsType<OffsetsRecord.OffsetForgotten>(_bench.Log[^1]);
    }

    [Fact]
    public void Offsets_of_an_empty_group_expire_from_the_time_it_became_empty()
    {
        var id = _bench.Stable(1)[0];
        _bench.Commit(id, 1);
        for (var i = 0; i < 8; i++)
        {
            _bench.Now += TimeSpan.FromDays(1);
            Expire();
        }
        _bench.Leave((id, null));
        _bench.Now += TimeSpan.FromDays(6.9);
        Expire();
        Assert.Equal(1, _bench.Offset());
        _bench.Now += TimeSpan.FromDays(0.1);
        Expire();
        Assert.True(_bench.Removed);
        Assert.IsType<OffsetsRecord.GroupForgotten>(_bench.Log[^1]);
    }

    [Fact]
    public void Stable_consumers_keep_offsets_of_the_topics_they_subscribe_to_only()
    {
        var join = _bench.Join(protocols: GroupBench.Subscribed("t"));
        _bench.PassSeconds(3);
        var id = _bench.Joined(join).MemberId;
        _bench.SyncAll(id);
        _bench.Commit(id, 1, "t");
        _bench.Commit(id, 1, "left-behind");
        _bench.Now += TimeSpan.FromDays(8);
        Expire();
        Assert.Equal((1L, (long?)null), (_bench.Offset("t"), _bench.Offset("left-behind")));
    }

    [Fact]
    public void Retention_given_with_the_commit_wins()
    {
        _bench.Commit("", -1, "short", retention: TimeSpan.FromHours(1));
        _bench.Commit("", -1, "long", retention: TimeSpan.FromDays(30));
        _bench.Now += TimeSpan.FromHours(1);
        Expire();
        Assert.Null(_bench.Offset("short"));
        _bench.Now += TimeSpan.FromDays(20);
        Expire();
        Assert.Equal(1, _bench.Offset("long"));
    }

    [Fact]
    public void Expiry_spares_a_partition_with_a_commit_on_its_way()
    {
        _bench.Commit("", -1, offset: 1);
        _bench.Now += TimeSpan.FromDays(8);
        _bench.AckAtOnce = false;
        _bench.Commit("", -1, offset: 2);
        Expire();
        _bench.Ack();
        Assert.Empty(_bench.Unacknowledged);
        Assert.Equal(2, _bench.Offset());
    }

    [Fact]
    public void Empty_group_without_offsets_goes_at_the_next_check()
    {
        var id = _bench.Stable(1)[0];
        _bench.Leave((id, null));
        Expire();
        Assert.True(_bench.Removed);
    }

    [Fact]
    public void Description_shows_assignments_once_the_group_is_stable()
    {
        var ids = _bench.Stable(1, "one");
        var description = _bench.Group.Describe();
        Assert.Equal(("consumer", "range"), (description.ProtocolType, description.Protocol));
        var member = Assert.Single(description.Members);
        Assert.Equal((ids[0], "one"), (member.MemberId, member.InstanceId));
        Assert.Equal(("client", "/127.0.0.1"), (member.ClientId, member.ClientHost));
        Assert.Equal($"for {ids[0]}", GroupBench.Text(member.Assignment));
        _bench.Join(ids[0], "one");
        Assert.Equal(new GroupListing("g", "consumer", GroupState.CompletingRebalance), _bench.Group.List());
        Assert.True(Assert.Single(_bench.Group.Describe().Members).Assignment.IsEmpty);
    }
}

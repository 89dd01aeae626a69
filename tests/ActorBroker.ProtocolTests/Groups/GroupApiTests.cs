using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using Akka.Actor;

namespace ActorBroker.ProtocolTests.Groups;

/// <summary>The group APIs from bytes to bytes, through handlers, coordinators and groups to the log.</summary>
public class GroupApiTests : GroupsTestKit
{
    private static readonly byte[] Subscription = [0, 1, 0, 0, 0, 1, 0, 1, (byte)'t', 255, 255, 255, 255, 0, 0, 0, 0];

    private static JoinGroupRequest Join(string group, string memberId = "", string? instance = null) => new()
    {
        GroupId = group,
        MemberId = memberId,
        GroupInstanceId = instance,
        SessionTimeoutMs = 300_000, // Longer than a busy machine needs for any test here.
        RebalanceTimeoutMs = 60_000,
        ProtocolType = "consumer",
        Protocols = [new("range", Subscription)],
    };

    private static SyncGroupRequest Sync(
        string group, int generation, string memberId, params (string To, byte[] What)[] given) => new()
        {
            GroupId = group,
            GenerationId = generation,
            MemberId = memberId,
            Assignments = [.. given.Select(each => new SyncGroupRequest.MemberAssignment(each.To, each.What))],
        };

    private static OffsetCommitRequest Commit(
        string group, long offset, string topic = "t", int generation = -1, string memberId = "") => new()
        {
            GroupId = group,
            GenerationIdOrMemberEpoch = generation,
            MemberId = memberId,
            Topics = [new(topic, [new(0, new(offset), new(3), "note")])],
        };

    /// <summary>Clients ask again while a coordinator loads.</summary>
    private async Task<OffsetFetchResponse.Group> Fetch(string group, short version = 9)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var response = await Ask(new OffsetFetchRequest([new(group, [new("t", [0])])]), version);
            var found = response.Groups[0];
            if (found.ErrorCode is not (ErrorCode.CoordinatorLoadInProgress or ErrorCode.NotCoordinator)) return found;
            await Task.Delay(1, patience.Token);
        }
    }

    private async Task<long> Offset(string group) => (await Fetch(group)).Topics[0].Partitions[0].CommittedOffset.Value;

    /// <summary>A single member with everything assigned.</summary>
    private async Task<JoinGroupResponse> StableMember(string group)
    {
        await Ready(group);
        var given = await Ask(Join(group), 5);
        var joined = await Ask(Join(group, given.MemberId), 5);
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        var synced = await Ask(Sync(group, joined.GenerationId, joined.MemberId, (joined.MemberId, [1, 2])), 5);
        Assert.Equal((ErrorCode.None, "range"), (synced.ErrorCode, synced.ProtocolName));
        Assert.Equal([1, 2], synced.Assignment);
        return joined;
    }

    private async Task Ready(string group)
    {
        var found = await Ask(new FindCoordinatorRequest(CoordinatorType.Group, [group]), 4);
        Assert.Equal(ErrorCode.None, found.Coordinators[0].ErrorCode);
        await Fetch(group);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(6)]
    public async Task First_search_for_a_coordinator_brings_the_offsets_topic_about(short version)
    {
        var found = (await Ask(new FindCoordinatorRequest(CoordinatorType.Group, ["g"]), version)).Coordinators[0];
        Assert.Equal((ErrorCode.None, Self, "broker.test", 9092), (found.ErrorCode, found.NodeId, found.Host, found.Port));
    }

    [Fact]
    public async Task Coordinators_of_transactions_are_refused_with_a_reason()
    {
        var found = (await Ask(new FindCoordinatorRequest(CoordinatorType.Transaction, ["x"]), 4)).Coordinators[0];
        Assert.Equal(ErrorCode.InvalidRequest, found.ErrorCode);
        Assert.NotNull(found.ErrorMessage);
    }

    [Fact]
    public async Task Request_before_any_coordinator_exists_is_refused() =>
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, (await Ask(new HeartbeatRequest("g", 1, "m"), 4)).ErrorCode);

    [Fact]
    public async Task Group_of_another_broker_is_refused()
    {
        var elsewhere = PartitionImage.New(0, [new BrokerId(2)]);
        Publish(new MetadataEvent.TopicCreated(new TopicImage(TopicImage.ConsumerOffsets, new TopicId(9), [elsewhere])));
        Assert.Equal(ErrorCode.NotCoordinator, (await Ask(new HeartbeatRequest("g", 1, "m"), 4)).ErrorCode);
    }

    [Fact]
    public async Task Who_may_have_been_replaced_coordinates_nothing()
    {
        await Ready("g");
        IsInTouch(false);
        Assert.Equal(ErrorCode.NotCoordinator, (await Ask(new HeartbeatRequest("g", 1, "m"), 4)).ErrorCode);
        var found = await Ask(new FindCoordinatorRequest(CoordinatorType.Group, ["g"]), 4);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, found.Coordinators[0].ErrorCode);
        IsInTouch(true);
        await Ready("g");
    }

    [Fact]
    public async Task Two_members_share_what_the_leader_assigns()
    {
        await Ready("g");
        var leader = await Ask(Join("g"), 0); // Versions before 4 join at once.
        var second = Ask(Join("g"), 0);
        JoinGroupResponse again;
        do
        {
            again = await Ask(Join("g", leader.MemberId), 5);
        }
        while (again.Members.Length < 2);
        var follower = await second;
        Assert.Equal((2, leader.MemberId), (follower.GenerationId, follower.Leader));
        Assert.Equal(Subscription, again.Members[1].Metadata);

        var parked = Ask(Sync("g", 2, follower.MemberId), 3);
        await Ask(Sync("g", 2, leader.MemberId, (leader.MemberId, [0]), (follower.MemberId, [1])), 3);
        Assert.Equal([1], (await parked).Assignment);
        Assert.Equal(ErrorCode.None, (await Ask(new HeartbeatRequest("g", 2, follower.MemberId), 0)).ErrorCode);
    }

    [Fact]
    public async Task Rebalance_timeout_may_be_as_long_as_the_protocol_can_say()
    {
        await Ready("g"); // Kafka Streams has long asked for this one.
        var first = await Ask(Join("g") with { RebalanceTimeoutMs = int.MaxValue }, 3);
        Assert.Equal(ErrorCode.None, first.ErrorCode);
        Assert.Equal(ErrorCode.None, (await Ask(Sync("g", 1, first.MemberId, (first.MemberId, [0])), 3)).ErrorCode);
        var second = Ask(Join("g") with { RebalanceTimeoutMs = -5 }, 3);
        var heartbeat = new HeartbeatRequest("g", 1, first.MemberId);
        await Until(async () => (await Ask(heartbeat, 3)).ErrorCode is ErrorCode.RebalanceInProgress);
        await Ask(Join("g", first.MemberId) with { RebalanceTimeoutMs = int.MaxValue }, 3);
        Assert.Equal(2, (await second).GenerationId);
    }

    [Fact]
    public async Task Member_leaves_and_the_group_is_empty()
    {
        var member = await StableMember("g");
        var left = await Ask(new LeaveGroupRequest("g", [new(member.MemberId), new("who")]), 5);
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId], left.Members.Select(each => each.ErrorCode));
        Assert.Equal("Empty", (await Ask(new DescribeGroupsRequest(["g"]), 5)).Groups[0].GroupState);
        Assert.Equal(ErrorCode.UnknownMemberId, (await Ask(new LeaveGroupRequest("g", [new("who")]), 1)).ErrorCode);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    public async Task Committed_offset_is_fetched_in_every_way(short version)
    {
        await Ready("g");
        var committed = await Ask(Commit("g", 42), version);
        Assert.Equal(ErrorCode.None, committed.Topics[0].Partitions[0].ErrorCode);
        for (short fetch = 1; fetch <= 9; fetch++)
        {
            var found = (await Fetch("g", fetch)).Topics[0].Partitions[0];
            Assert.Equal((42, "note", ErrorCode.None), (found.CommittedOffset.Value, found.Metadata, found.ErrorCode));
        }
        var all = await Ask(new OffsetFetchRequest([new("g", null), new("other", null)]), 8);
        Assert.Equal(["t", null], all.Groups.Select(each => each.Topics.SingleOrDefault().Name));
    }

    [Fact]
    public async Task Nothing_committed_is_no_error()
    {
        await Ready("g");
        var found = (await Fetch("g")).Topics[0].Partitions[0];
        Assert.Equal(OffsetFetchResponse.Partition.None(0), found);
    }

    [Fact]
    public async Task Commit_for_a_partition_that_does_not_exist_is_refused_alone()
    {
        await Ready("g");
        OffsetCommitRequest.Partition Of(int index) => new(index, new(1), Epoch.None, null);
        var committed = await Ask(Commit("g", 5) with { Topics = [new("no-such", [Of(0)]), new("t", [Of(7), Of(1)])] }, 8);
        Assert.Equal([ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicOrPartition, ErrorCode.None],
            committed.Topics.SelectMany(topic => topic.Partitions).Select(each => each.ErrorCode));
    }

    [Fact]
    public async Task Commit_is_answered_only_when_the_log_has_it()
    {
        await Ready("g");
        ReplicaOf("g").Tell(new FakeReplica.Hold());
        var commit = Ask(Commit("g", 42), 8);
        Assert.Equal(-1, await Offset("g"));
        Assert.False(commit.IsCompleted);
        ReplicaOf("g").Tell(new FakeReplica.Release());
        Assert.Equal(ErrorCode.None, (await commit).Topics[0].Partitions[0].ErrorCode);
        Assert.Equal(42, await Offset("g"));
    }

    [Fact]
    public async Task Commit_that_the_log_refuses_is_refused()
    {
        await Ready("g");
        ReplicaOf("g").Tell(new FakeReplica.Refuse(ErrorCode.NotEnoughReplicas));
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, (await Ask(Commit("g", 42), 8)).Topics[0].Partitions[0].ErrorCode);
    }

    [Fact]
    public async Task Offsets_members_and_assignments_survive_a_restart()
    {
        var member = await StableMember("g");
        await Ask(Commit("g", 42, generation: 1, memberId: member.MemberId), 8);
        await Ask(Commit("simple", 7), 8);
        RestartBroker();
        Assert.Equal(42, await Offset("g"));
        Assert.Equal(7, await Offset("simple"));
        Assert.Equal(ErrorCode.None, (await Ask(new HeartbeatRequest("g", 1, member.MemberId), 4)).ErrorCode);
        Assert.Equal([1, 2], (await Ask(Sync("g", 1, member.MemberId), 5)).Assignment);
    }

    /// <summary>Found by simulation: a new leader of the partition told an offset that was then cut off its log.</summary>
    [Fact]
    public async Task Nothing_is_told_of_a_log_that_may_not_be_committed()
    {
        await Ready("g");
        await Ask(Commit("g", 42), 8);
        ReplicaOf("g").Tell(new FakeReplica.Uncommitted(1));
        RestartBroker();
        var read = await Reads();
        await Until(async () => await Reads() >= read + 5);
        var asked = await Ask(new OffsetFetchRequest([new("g", [new("t", [0])])]), 9);
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, asked.Groups[0].ErrorCode);
        ReplicaOf("g").Tell(new FakeReplica.Uncommitted(0));
        Assert.Equal(42, await Offset("g"));

        Task<int> Reads() => ReplicaOf("g").Ask<int>(new FakeReplica.CountReads(), Patience);
    }

    [Fact]
    public async Task Callers_that_are_parked_when_the_coordinator_goes_are_told_so()
    {
        await StableMember("g");
        var parked = Ask(Join("g"), 3);
        await Until(async () => (await Ask(new DescribeGroupsRequest(["g"]), 5)).Groups[0].GroupState == "PreparingRebalance");
        RestartBroker();
        Assert.Equal(ErrorCode.NotCoordinator, (await parked).ErrorCode);
    }

    [Fact]
    public async Task Appends_lost_with_the_replicas_actor_are_told_and_the_groups_loaded_again()
    {
        await Ready("g");
        await Ask(Commit("g", 41), 8);
        ReplicaOf("g").Tell(new FakeReplica.Hold());
        var lost = Ask(Commit("g", 42), 8);
        await Until(() => Task.FromResult(LogEndOf("g") == new Offset(2)));
        RestartReplicaOf("g");
        Assert.Equal(ErrorCode.NotCoordinator, (await lost).Topics[0].Partitions[0].ErrorCode);
        Assert.Equal(42, await Offset("g")); // The log had it all the same.
    }

    [Fact]
    public async Task Group_that_fails_is_loaded_again_with_its_neighbours()
    {
        await Ready("g");
        await Ask(Commit("g", 42), 8);
        FailGroup("g");
        Assert.Equal(42, await Offset("g"));
    }

    [Fact]
    public async Task Record_that_is_none_of_a_group_does_not_hinder_loading()
    {
        await Ready("g");
        await Ask(Commit("g", 41), 8);
        AppendJunk("g");
        await Ask(Commit("g", 42), 8);
        RestartBroker();
        Assert.Equal(42, await Offset("g"));
    }

    [Fact]
    public async Task Log_larger_than_the_buffer_is_loaded_in_parts()
    {
        await Ready("g");
        for (var i = 1; i <= 200; i++)
        {
            var commit = new OffsetCommitRequest.Partition(i % 2, new(i), Epoch.None, new string('x', 100));
            await Ask(Commit("g", i) with { Topics = [new("t", [commit])] }, 8);
        }
        RestartBroker();
        Assert.Equal(200, await Offset("g"));
    }

    [Fact]
    public async Task Another_leader_epoch_loads_the_groups_again()
    {
        await Ready("g");
        await Ask(Commit("g", 42), 8);
        PublishEpoch(new Epoch(1));
        Assert.Equal(42, await Offset("g"));
    }

    [Fact]
    public async Task Description_and_list_show_the_group()
    {
        var member = await StableMember("g");
        await Ask(Commit("simple", 7), 8);
        var described = (await Ask(new DescribeGroupsRequest(["g", "none"], IncludeAuthorizedOperations: true), 5)).Groups;
        var stable = described[0];
        Assert.Equal(("Stable", "consumer", "range"), (stable.GroupState, stable.ProtocolType, stable.ProtocolData));
        Assert.Equal(AuthorizedOperations.AllOfGroup, stable.AuthorizedOperations);
        var shown = Assert.Single(described[0].Members);
        Assert.Equal((member.MemberId, "client", "/127.0.0.1"), (shown.MemberId, shown.ClientId, shown.ClientHost));
        Assert.Equal([1, 2], shown.MemberAssignment);
        Assert.Equal(("Dead", ErrorCode.None), (described[1].GroupState, described[1].ErrorCode));
        Assert.Equal(ErrorCode.GroupIdNotFound, (await Ask(new DescribeGroupsRequest(["none"]), 6)).Groups[0].ErrorCode);

        await Until(async () => (await Ask(new ListGroupsRequest(), 5)).Groups.Length == 2);
        var stableOnes = new ListGroupsRequest { StatesFilter = ["stable"], TypesFilter = ["Classic"] };
        await Until(async () => (await Ask(stableOnes, 5)).Groups.Length > 0); // The coordinator hears of it from the group.
        var listed = await Ask(stableOnes, 5);
        Assert.Equal([new("g", "consumer", "Stable", "classic")], listed.Groups);
        Assert.Empty((await Ask(new ListGroupsRequest { TypesFilter = ["share"] }, 5)).Groups);
    }

    [Fact]
    public async Task Deleted_group_is_gone_also_after_a_restart()
    {
        var member = await StableMember("g");
        await Ask(Commit("g", 42, generation: 1, memberId: member.MemberId), 8);
        Assert.Equal([ErrorCode.NonEmptyGroup, ErrorCode.GroupIdNotFound],
            (await Ask(new DeleteGroupsRequest(["g", "none"]), 2)).Results.Select(each => each.ErrorCode));
        await Ask(new LeaveGroupRequest("g", [new(member.MemberId)]), 5);
        Assert.Equal(ErrorCode.None, (await Ask(new DeleteGroupsRequest(["g"]), 1)).Results[0].ErrorCode);
        Assert.Equal(-1, await Offset("g"));
        RestartBroker();
        Assert.Equal(-1, await Offset("g"));
        Assert.Equal("Dead", (await Ask(new DescribeGroupsRequest(["g"]), 5)).Groups[0].GroupState);
    }

    [Fact]
    public async Task Offsets_are_deleted_but_not_of_topics_that_members_read()
    {
        var member = await StableMember("g");
        Publish(NewTopic("unread", 1));
        await Ask(Commit("g", 1, generation: 1, memberId: member.MemberId), 8);
        await Ask(Commit("g", 2, "unread", 1, member.MemberId), 8);
        var deleted = await Ask(new OffsetDeleteRequest("g", [new("t", [0]), new("unread", [0, 5])]), 0);
        Assert.Equal([ErrorCode.GroupSubscribedToTopic, ErrorCode.None, ErrorCode.UnknownTopicOrPartition],
            deleted.Topics.SelectMany(topic => topic.Partitions).Select(each => each.ErrorCode));
        Assert.Equal("t", Assert.Single((await Ask(new OffsetFetchRequest([new("g", null)]), 8)).Groups[0].Topics).Name);
    }

    [Fact]
    public async Task Offsets_of_a_deleted_topic_are_forgotten()
    {
        await Ready("g");
        await Ask(Commit("g", 42), 8);
        DeleteTopic("t");
        await Until(async () => await Offset("g") == -1);
    }

    [Fact]
    public async Task Empty_group_id_is_refused()
    {
        Assert.Equal(ErrorCode.InvalidGroupId, (await Ask(Join(""), 5)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidGroupId, (await Ask(Sync("", 1, "m"), 5)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidGroupId, (await Ask(new HeartbeatRequest("", 1, "m"), 4)).ErrorCode);
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        var limit = DateTime.UtcNow + Patience;
        while (!await condition()) Assert.True(DateTime.UtcNow < limit, "It never came true");
    }
}

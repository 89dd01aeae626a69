using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Members and committers who are not who they say, or ask for what can't be.</summary>
public sealed class BadGroupRequests : AcceptanceTest
{
    private const string Group = "g";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await Client.CreateAsync("t", 1);
        await Client.FindCoordinatorAsync(Group);
    }

    [Fact]
    public async Task What_was_never_committed_is_offset_minus_1_and_no_error()
    {
        var none = await Client.CommittedAsync(Group, "t", 0);
        Assert.Equal((ErrorCode.None, Offset.None), (none.ErrorCode, none.CommittedOffset));
        Assert.Equal(Offset.None, (await Client.CommittedAsync(Group, "nowhere", 7)).CommittedOffset);
    }

    [Fact]
    public async Task Too_much_metadata_beside_an_offset_is_refused()
    {
        Assert.Equal(ErrorCode.OffsetMetadataTooLarge, await Client.CommitAsync(Group, "t", 0, 5, new string('m', 4097)));
        Assert.Equal(Offset.None, (await Client.CommittedAsync(Group, "t", 0)).CommittedOffset);
        Assert.Equal(ErrorCode.None, await Client.CommitAsync(Group, "t", 0, 5, new string('m', 4096)));
        Assert.Equal(4096, (await Client.CommittedAsync(Group, "t", 0)).Metadata!.Length);
    }

    [Fact]
    public async Task Offsets_of_unknown_topics_are_not_committed() =>
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await Client.CommitAsync(Group, "nowhere", 0, 5));

    [Theory]
    [InlineData(5_999)]
    [InlineData(1_800_001)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Session_timeouts_have_bounds(int timeoutMs) =>
        Assert.Equal(ErrorCode.InvalidSessionTimeout, (await JoinAsync("", timeoutMs: timeoutMs)).ErrorCode);

    [Fact]
    public async Task A_group_needs_a_name()
    {
        var answer = await Client.AskAsync(ToJoin("", "") with { GroupId = "" });
        Assert.Equal(ErrorCode.InvalidGroupId, answer.ErrorCode);
    }

    [Fact]
    public async Task A_newcomer_is_given_its_id_first()
    {
        var first = await JoinAsync("");
        Assert.Equal(ErrorCode.MemberIdRequired, first.ErrorCode);
        Assert.Equal(ErrorCode.None, (await JoinAsync(first.MemberId)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, (await JoinAsync("invented")).ErrorCode);
    }

    [Fact]
    public async Task Members_agree_on_the_protocol()
    {
        await MemberAsync();
        var other = ToJoin("", "") with { ProtocolType = "connect" };
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (await Client.AskAsync(other)).ErrorCode);
        other = ToJoin("", "") with { Protocols = [new("unheard-of", [])] };
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (await Client.AskAsync(other)).ErrorCode);
    }

    [Fact]
    public async Task An_unknown_member_is_told_so_whatever_it_asks()
    {
        var (_, generation) = await MemberAsync();
        await AllAnswerAsync(ErrorCode.UnknownMemberId, "stranger", generation, null);
    }

    [Fact]
    public async Task A_member_of_an_old_generation_is_told_so_whatever_it_asks()
    {
        var (member, generation) = await MemberAsync();
        await AllAnswerAsync(ErrorCode.IllegalGeneration, member, generation - 1, null);
        await AllAnswerAsync(ErrorCode.IllegalGeneration, member, generation + 1, null);
        await AllAnswerAsync(ErrorCode.None, member, generation, null);
    }

    [Fact]
    public async Task The_second_of_two_with_one_instance_id_fences_the_first()
    {
        var (first, generation) = await MemberAsync("i");
        var (second, next) = await MemberAsync("i");
        Assert.NotEqual(first, second);
        await AllAnswerAsync(ErrorCode.FencedInstanceId, first, generation, "i");
        await AllAnswerAsync(ErrorCode.None, second, next, "i");
    }

    [Fact]
    public async Task A_group_with_members_takes_no_commit_from_outside()
    {
        await MemberAsync();
        Assert.Equal(ErrorCode.UnknownMemberId, await Client.CommitAsync(Group, "t", 0, 5));
    }

    [Fact]
    public async Task A_member_hears_of_a_rebalance_at_its_next_heartbeat()
    {
        var (member, generation) = await MemberAsync();
        using var other = await ConnectAsync();
        var id = (await other.AskAsync(ToJoin("", ""))).MemberId;
        var joining = other.AskAsync(ToJoin(id, ""));
        await EventuallyAsync(async () => await HeartbeatAsync(member, generation, null) == ErrorCode.RebalanceInProgress);
        var again = await JoinAsync(member);
        Assert.Equal((ErrorCode.None, generation + 1), (again.ErrorCode, again.GenerationId));
        Assert.Equal(generation + 1, (await joining).GenerationId);
    }

    [Fact]
    public async Task Groups_with_members_are_not_deleted_and_unknown_ones_neither()
    {
        var (member, _) = await MemberAsync();
        Assert.Equal([ErrorCode.NonEmptyGroup, ErrorCode.GroupIdNotFound], await DeleteAsync(Group, "nobody"));
        var left = await Client.AskAsync(new LeaveGroupRequest(Group, [new(member), new("stranger")]));
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId], left.Members.Select(m => m.ErrorCode));
        Assert.Equal([ErrorCode.None], await DeleteAsync(Group));
        Assert.Empty((await Client.AskAsync(new ListGroupsRequest())).Groups);

        async Task<IEnumerable<ErrorCode>> DeleteAsync(params string[] groups) =>
            (await Client.AskAsync(new DeleteGroupsRequest(groups))).Results.Select(r => r.ErrorCode);
    }

    [Fact]
    public async Task An_unknown_group_is_described_as_dead()
    {
        var request = new DescribeGroupsRequest(["nobody"]);
        Assert.Equal("Dead", Assert.Single((await Client.AskAsync(request, version: 5)).Groups).GroupState);
        Assert.Equal(ErrorCode.GroupIdNotFound, Assert.Single((await Client.AskAsync(request, version: 6)).Groups).ErrorCode);
    }

    private Task<JoinGroupResponse> JoinAsync(string member, string instance = "", int timeoutMs = 30_000) =>
        Client.AskAsync(ToJoin(member, instance) with { SessionTimeoutMs = timeoutMs });

    private static JoinGroupRequest ToJoin(string member, string instance) => new()
    {
        GroupId = Group,
        SessionTimeoutMs = 30_000,
        RebalanceTimeoutMs = 30_000,
        MemberId = member,
        GroupInstanceId = instance.Length > 0 ? instance : null,
        ProtocolType = "consumer",
        Protocols = [new("range", [])],
    };

    /// <summary>A member, the only one and so the leader, whose assignment is done.</summary>
    private async Task<(string Id, int Generation)> MemberAsync(string instance = "")
    {
        var joined = await JoinAsync("", instance);
        if (joined.ErrorCode == ErrorCode.MemberIdRequired) joined = await JoinAsync(joined.MemberId);
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        var sync = new SyncGroupRequest
        {
            GroupId = Group,
            GenerationId = joined.GenerationId,
            MemberId = joined.MemberId,
            GroupInstanceId = instance.Length > 0 ? instance : null,
            Assignments = [new(joined.MemberId, [1])],
        };
        Assert.Equal(ErrorCode.None, (await Client.AskAsync(sync)).ErrorCode);
        return (joined.MemberId, joined.GenerationId);
    }

    private async Task AllAnswerAsync(ErrorCode error, string member, int generation, string? instance)
    {
        Assert.Equal(error, await HeartbeatAsync(member, generation, instance));
        var sync = new SyncGroupRequest
        {
            GroupId = Group,
            GenerationId = generation,
            MemberId = member,
            GroupInstanceId = instance,
        };
        Assert.Equal(error, (await Client.AskAsync(sync)).ErrorCode);
        var commit = new OffsetCommitRequest
        {
            GroupId = Group,
            GenerationIdOrMemberEpoch = generation,
            MemberId = member,
            GroupInstanceId = instance,
            Topics = [new("t", [new(0, new(5), Epoch.None, "")])],
        };
        Assert.Equal(error, (await Client.AskAsync(commit)).Topics[0].Partitions[0].ErrorCode);
    }

    private async Task<ErrorCode> HeartbeatAsync(string member, int generation, string? instance) =>
        (await Client.AskAsync(new HeartbeatRequest(Group, generation, member, instance))).ErrorCode;
}

using ActorBroker.Core.Groups;
using ActorBroker.Core.Groups.Records;
using ActorBroker.Groups;
using ActorBroker.Hosting.Options;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.ProtocolTests.Groups;

/// <summary>The shell of a group, on virtual time: that it asks, answers, stores and waits as the group says.</summary>
public class GroupActorTests() : TestKit(
    ConfigurationFactory.ParseString("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """)
        .WithFallback(ReplicaDispatchers.Config))
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly GroupsEnvironment Environment =
        GroupsEnvironment.From(BrokerOptions.Load().Groups, TimeProvider.System, NullLogger.Instance);

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    private LocalReplica Replica => new(new("__consumer_offsets", 0), new TopicId(7), TestActor, TopicRecordRules.Default);

    private IActorRef NewGroup(TestProbe parent) =>
        parent.ChildActorOf(GroupActor.Props(new Group("g", Environment.Settings), [], Replica, Environment));

    private static GroupCall Join() => new("g", ticket => new GroupInput.Join(ticket, "", null, "client", "/h",
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), "consumer", [new MemberProtocol("range", default)],
        "m-1", MustKnowItsId: false, MaySkipAssignment: false));

    private async Task<GroupReply> Ask(IActorRef group, GroupCall call)
    {
        group.Tell(call);
        return await call.Reply.WaitAsync(Patience);
    }

    private async Task<GroupDescription?> Describe(IActorRef group)
    {
        var query = new GroupQuery<GroupDescription?>("g", it => it?.Describe());
        group.Tell(query);
        return (await query.Answer.WaitAsync(Patience)).Value;
    }

    [Fact]
    public async Task Parked_join_is_answered_when_the_delay_is_over()
    {
        var group = NewGroup(CreateTestProbe());
        var join = Join();
        group.Tell(join);
        await Describe(group); // Behind the join.
        Scheduler.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(GroupState.PreparingRebalance, (await Describe(group))!.State);
        Scheduler.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(1, Assert.IsType<GroupReply.Joined>(await join.Reply.WaitAsync(Patience)).Generation);
    }

    [Fact]
    public async Task Records_go_to_the_log_as_one_batch_and_the_answer_waits_for_it()
    {
        var group = NewGroup(CreateTestProbe());
        var commit = new GroupCall("g", ticket => new GroupInput.CommitOffsets(ticket, "", null, -1, null,
            [new(new("t", 0), new(1), Epoch.None, null), new(new("t", 1), new(2), Epoch.None, null)]));
        group.Tell(commit);
        var append = await ExpectMsgAsync<AppendRequest>(Patience);
        Assert.Equal((-1, 2, TimeSpan.FromSeconds(5)), (append.Acks, append.Header.RecordCount, append.Timeout));
        Assert.Equal([new OffsetsRecord.OffsetCommitted("g", new("t", 0), new(new(1), Epoch.None, "", default)),
            new OffsetsRecord.OffsetCommitted("g", new("t", 1), new(new(2), Epoch.None, "", default))], RecordsOf(append));

        await Describe(group);
        Assert.False(commit.Reply.IsCompleted);
        append.Appended(Protocol.Offset.Zero, Protocol.Offset.Zero);
        var committed = Assert.IsType<GroupReply.Committed>(await commit.Reply.WaitAsync(Patience));
        Assert.Equal([ErrorCode.None, ErrorCode.None], committed.Results.ToArray());
    }

    [Fact]
    public async Task Batch_that_the_topic_does_not_allow_is_refused_here()
    {
        var group = NewGroup(CreateTestProbe());
        var note = new string('x', 4096);
        var large = Enumerable.Range(0, 300).Select(i => new OffsetToCommit(new("t", i), new(1), Epoch.None, note));
        var commit = new GroupCall("g", ticket => new GroupInput.CommitOffsets(ticket, "", null, -1, null, [.. large]));
        var reply = Assert.IsType<GroupReply.Committed>(await Ask(group, commit));
        Assert.All(reply.Results, error => Assert.Equal(ErrorCode.InvalidCommitOffsetSize, error));
    }

    [Fact]
    public async Task Parent_hears_of_changes_and_of_the_end()
    {
        var parent = CreateTestProbe();
        var group = NewGroup(parent);
        group.Tell(Join());
        Assert.Equal(GroupState.PreparingRebalance, (await parent.ExpectMsgAsync<GroupActor.Changed>(Patience)).Listing.State);

        var other = NewGroup(parent);
        await Ask(other, new GroupCall("g", ticket => new GroupInput.Delete(ticket)));
        Assert.Equal("g", (await parent.ExpectMsgAsync<GroupActor.Gone>(Patience)).Group);
        Assert.Null(await Describe(other));
    }

    [Fact]
    public async Task Stopped_group_leaves_nobody_waiting()
    {
        var group = NewGroup(CreateTestProbe());
        var join = Join();
        group.Tell(join);
        group.Tell(PoisonPill.Instance);
        Assert.Equal(ErrorCode.NotCoordinator, (await join.Reply.WaitAsync(Patience)).Error);
    }

    [Fact]
    public async Task Loaded_member_has_one_session_time_to_show_up()
    {
        var stored = new StoredGroup("g");
        var (rebalance, session) = (TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10));
        var member = new StoredMember("m", null, "client", "/h", rebalance, session, default, default);
        stored.Apply(new OffsetsRecord.GroupStored("g", new GroupMetadata("consumer", 4, "range", "m", default, [member])));
        var (restored, start) = Group.Restore(stored, Environment.Settings);
        var group = CreateTestProbe().ChildActorOf(GroupActor.Props(restored, start, Replica, Environment));
        Assert.Equal(GroupState.Stable, (await Describe(group))!.State);
        Scheduler.Advance(TimeSpan.FromSeconds(10.1));
        var append = await ExpectMsgAsync<AppendRequest>(Patience);
        Assert.Empty(Assert.IsType<OffsetsRecord.GroupStored>(Assert.Single(RecordsOf(append))).Metadata.Members);
    }

    /// <summary>Without their times.</summary>
    private static List<OffsetsRecord> RecordsOf(AppendRequest append)
    {
        var found = new List<OffsetsRecord>();
        using var records = RecordBatchReader.Open(append.Batch.Span, int.MaxValue);
        foreach (var record in records)
        {
            var read = OffsetsRecordCodec.Read(record.Key, record.Value, record.HasValue)!;
            found.Add(read is OffsetsRecord.OffsetCommitted it
                ? it with { Offset = it.Offset with { CommittedAt = default } }
                : read);
        }
        return found;
    }
}

using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Checker.Tests;

/// <summary>A good history passes; with one fault in it, that one is found, and nothing else.</summary>
public class HistoryCheckerTests
{
    private static readonly TopicPartition _partition = new("orders", 0);

    /// <summary>
    /// Three replicas of "a0 b0 a1 b1"; key a's first record and b's are acknowledged, and all is consumed and committed.
    /// </summary>
    private static readonly History _good = new(
        [Sent("a", "a0", 0), Sent("b", "b0", 1), Sent("a", "lost"), Sent("a", "a1", 2), Sent("b", "b1", 3)],
        [Got(0, "a0"), Got(1, "b0"), Got(1, "b0"), Got(2, "a1"), Got(3, "b1")],
        [Commit(2, 10, 20), Commit(2, 25, 30), Commit(4, 40, 60), Commit(2, 45, 50)],
        [Log(1), Log(2), Log(3)],
        [new(_partition, [new(1), new(2), new(3)], [new(3), new(1), new(2)])])
    {
        Leaders = [new(_partition, new(0), new(1)), new(_partition, new(1), new(2))],
        Ends = [End(1, 0, 10, 20), End(2, 0, 25, 30), End(2, 1, 28, 40), End(4, 1, 41, 60), End(3, 1, 45, 50), End(2, 0, 61, 70)],
    };

    [Fact]
    public void A_good_history_has_no_anomaly() => Assert.Empty(HistoryChecker.Check(_good));

    [Fact]
    public void Nothing_has_no_anomaly() => Assert.Empty(HistoryChecker.Check(History.Empty));

    [Fact]
    public void What_was_not_acknowledged_may_be_there_or_not() =>
        Finds(_good with { Produced = [.. _good.Produced.Select(p => p with { Acknowledged = null })] });

    [Fact]
    public void An_acknowledgement_of_a_repeated_batch_names_no_offset() =>
        Finds(_good with { Produced = _good.Produced.SetItem(0, Sent("a", "a0", -1)) });

    [Fact]
    public void An_acknowledged_record_that_no_replica_has() => Finds(
        _good with { Produced = _good.Produced.Add(Sent("a", "a2", 4)) },
        OnEach(id => new AcknowledgedMissing(new(id), _partition, new(4), "a2")));

    [Fact]
    public void An_acknowledged_record_without_an_offset_that_no_replica_has() => Finds(
        _good with { Produced = _good.Produced.Add(Sent("a", "a2", -1)) },
        OnEach(id => new AcknowledgedMissing(new(id), _partition, Offset.None, "a2")));

    [Fact]
    public void An_acknowledged_record_at_another_offset() => Finds(
        _good with { Produced = _good.Produced.SetItem(0, Sent("a", "a0", 7)) },
        OnEach(id => new AcknowledgedMissing(new(id), _partition, new(7), "a0")));

    [Fact]
    public void A_replica_that_lost_its_end() => Finds(
        WithLog(3, log => log with { HighWatermark = new(3), Records = log.Records.RemoveAt(3) }) with { Consumed = [] },
        new AcknowledgedMissing(new(3), _partition, new(3), "b1"),
        new EndsTooEarly(new(3), _partition, new(3), new(4)));

    [Fact]
    public void An_idempotent_record_twice() => Finds(
        WithAllLogs(log => log with { HighWatermark = new(5), Records = log.Records.Add(new(new(4), new(1), "b", "b1")) }),
        OnEach(id => new Duplicate(new(id), _partition, "b1", new(3), new(4))));

    [Fact]
    public void A_record_that_is_not_idempotent_may_be_there_twice() => Finds(
        WithAllLogs(log => log with { HighWatermark = new(5), Records = log.Records.Add(new(new(4), new(1), "b", "b1")) }) with
        {
            Produced = _good.Produced.SetItem(4, Sent("b", "b1", 3) with { IsIdempotent = false }),
        });

    [Fact]
    public void Records_of_a_key_in_another_order() => Finds(
        _good with
        {
            Produced = [Sent("a", "a1", 2), Sent("a", "a0", 0), Sent("b", "b0", 1), Sent("b", "b1", 3)],
        },
        OnEach(id => new OrderBroken(new(id), _partition, "a", "a1", "a0")));

    [Fact]
    public void A_record_that_nobody_sent() => Finds(
        WithAllLogs(log => log with { HighWatermark = new(5), Records = log.Records.Add(new(new(4), new(1), "b", "b9")) }),
        OnEach(id => new NeverSent(new(id), _partition, new(4), "b9")));

    [Fact]
    public void A_hole_in_a_log() => Finds(
        _good with
        {
            Logs = [Log(2) with { Records = Log(2).Records.SetItem(3, Log(2).Records[3] with { Offset = new(4) }) }],
            Produced = _good.Produced.SetItem(4, Sent("b", "b1")),
            Consumed = [],
        },
        new NotDense(new(2), _partition, new(3), new(4)));

    [Fact]
    public void An_offset_twice() => Finds(
        _good with
        {
            Logs = [Log(1) with { Records = Log(1).Records.SetItem(3, Log(1).Records[3] with { Offset = new(2) }) }],
            Produced = _good.Produced.SetItem(4, Sent("b", "b1")),
            Consumed = [],
        },
        new NotDense(new(1), _partition, new(3), new(2)),
        new EndsTooEarly(new(1), _partition, new(3), new(4)));

    [Fact]
    public void An_epoch_that_went_back() => Finds(
        WithAllLogs(log => log with { Records = log.Records.SetItem(3, log.Records[3] with { Epoch = new(0) }) }),
        OnEach(id => new EpochWentBack(new(id), _partition, new(3))));

    [Fact]
    public void Two_values_at_one_offset() => Finds(
        WithLog(2, log => log with { Records = log.Records.SetItem(3, new(new(3), new(1), "a", "lost")) }) with
        {
            Produced = _good.Produced.SetItem(4, Sent("b", "b1")).RemoveAt(2).Add(Sent("a", "lost")),
            Consumed = [],
        },
        new Diverged(_partition, new(3), new(1), new(2)));

    [Fact]
    public void Two_leaders_epochs_at_one_offset() => Finds(
        WithLog(2, log => log with { Records = log.Records.SetItem(3, log.Records[3] with { Epoch = new(2) }) }),
        new Diverged(_partition, new(3), new(1), new(2)));

    [Fact]
    public void Above_the_high_watermark_replicas_may_differ() => Finds(
        WithLog(2, log => log with { Records = log.Records.Add(new(new(4), new(1), "a", "lost")) }) with
        {
            Produced = _good.Produced.RemoveAt(2).Add(Sent("a", "lost")),
        });

    [Fact]
    public void What_was_consumed_is_gone() => Finds(
        _good with { Consumed = _good.Consumed.Add(Got(4, "lost")) },
        new ConsumedIsGone("group", _partition, new(4), "lost"));

    [Fact]
    public void What_was_consumed_is_another_record_now() => Finds(
        _good with { Consumed = _good.Consumed.SetItem(4, Got(3, "lost")) },
        new ConsumedIsGone("group", _partition, new(3), "lost"));

    [Fact]
    public void A_group_left_a_record_out() => Finds(
        _good with { Consumed = _good.Consumed.RemoveAt(3) },
        new ConsumedWithHole("group", _partition, new(2), new(3)));

    [Fact]
    public void A_committed_offset_went_back() => Finds(
        _good with { Commits = _good.Commits.Add(Commit(2, 61, 70)) },
        new CommitWentBack("group", _partition, new(4), new(2)));

    [Fact]
    public void A_group_never_got_what_was_acknowledged() => Finds(
        _good with { Complete = [new("group", "orders")], Consumed = _good.Consumed.RemoveAt(4) },
        new NotConsumed("group", _partition, new(3), "b1"));

    [Fact]
    public void Members_read_what_their_leader_planned() => Finds(WithGeneration(("m1", [0]), ("m2", [1])));

    [Fact]
    public void Two_members_read_a_partition() => Finds(
        WithGeneration(("m1", [0]), ("m2", [0])),
        new AssignedTwice("group", 7, _partition, "m1", "m2"),
        new AssignedOtherwise("group", 7, "m2"));

    [Fact]
    public void A_member_that_no_plan_knows() => Finds(
        WithGeneration(("m1", [0]), ("m3", [])), new AssignedOtherwise("group", 7, "m3"));

    [Fact]
    public void Members_with_parts_of_two_plans() => Finds(
        WithGeneration(("m1", [0]), ("m2", [])) with
        {
            Planned = [Plan(("m1", [0]), ("m2", [1])), Plan(("m1", [0, 1]), ("m2", []))],
        },
        new AssignedOtherwise("group", 7, "m2"));

    [Fact]
    public void Two_leaders_in_one_epoch() => Finds(
        _good with { Leaders = _good.Leaders.Add(new(_partition, new(1), new(3))) },
        new TwoLeaders(_partition, new(1), new(2), new(3)));

    [Fact]
    public void A_high_watermark_that_went_back_while_one_leads() => Finds(
        _good with { Ends = _good.Ends.Add(End(3, 1, 61, 70)) },
        new HighWatermarkWentBack(_partition, new(4), new(3), new(1)));

    [Fact]
    public void A_new_leader_that_tells_less_than_the_last_one() => Finds(
        _good with { Ends = _good.Ends.Add(End(3, 2, 0, 1)) },
        new HighWatermarkWentBack(_partition, new(4), new(3), new(2)));

    [Fact]
    public void A_replica_that_is_not_in_sync() => Finds(
        _good with { InSync = [_good.InSync[0] with { InSync = [new(3), new(1)] }] },
        new NotInSync(_partition, new(2)));

    [Fact]
    public void Retention_may_have_deleted_what_was_acknowledged() => Finds(
        WithAllLogs(log => log with { Start = new(1), Records = log.Records.RemoveAt(0) }) with { Consumed = [] });

    [Fact]
    public void Values_must_tell_records_apart() => Assert.Throws<ArgumentException>(
        () => HistoryChecker.Check(_good with { Produced = [Sent("a", "a0"), Sent("b", "a0")] }));

    private static History WithGeneration(params (string Member, int[] Partitions)[] told) => _good with
    {
        Planned = [Plan(("m1", [0]), ("m2", [1]))],
        Told = [.. told.Select(t => new ToldAssignment("group", 7, t.Member, Of(t.Partitions)))],
    };

    private static PlannedAssignment Plan(params (string Member, int[] Partitions)[] members) =>
        new("group", 7, members.ToImmutableDictionary(m => m.Member, m => Of(m.Partitions)));

    private static ImmutableArray<TopicPartition> Of(int[] indexes) => [.. indexes.Select(i => _partition with { Partition = i })];

    private static void Finds(History history, params Anomaly[] expected) =>
        Assert.Equal(expected.Select(a => a.ToString()).Order(), HistoryChecker.Check(history).Select(a => a.ToString()).Order());

    private static Anomaly[] OnEach(Func<int, Anomaly> ofBroker) => [.. new[] { 1, 2, 3 }.Select(ofBroker)];

    private static History WithLog(int broker, Func<ReplicaLog, ReplicaLog> change) =>
        _good with { Logs = _good.Logs.SetItem(broker - 1, change(_good.Logs[broker - 1])) };

    private static History WithAllLogs(Func<ReplicaLog, ReplicaLog> change) =>
        _good with { Logs = [.. _good.Logs.Select(change)] };

    private static ProduceAttempt Sent(string key, string value, long? offset = null) =>
        new(key, value, IsIdempotent: true, offset is { } o ? new(_partition, new(o)) : null);

    private static ConsumedRecord Got(long offset, string value) => new("group", _partition, new(offset), value);

    private static OffsetEvent Commit(long offset, long start, long end) => new("group", _partition, new(offset), start, end);

    private static EndSeen End(long offset, int epoch, long start, long end) =>
        new(_partition, new(offset), new(epoch), start, end);

    private static ReplicaLog Log(int broker) => new(
        new(broker), _partition, Start: new(0), HighWatermark: new(4),
        [
            new(new(0), new(0), "a", "a0"), new(new(1), new(0), "b", "b0"),
            new(new(2), new(1), "a", "a1"), new(new(3), new(1), "b", "b1"),
        ]);
}

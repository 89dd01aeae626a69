using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Consuming;
using ActorBroker.Server.Tests.Support;

namespace ActorBroker.Server.Tests.Clients;

public sealed class ConsumerTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TopicPartition T0 = new("t", 0);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeBroker _broker = new();
    private readonly KafkaClient _client;
    private readonly List<(Offset Offset, long Generation)> _commits = [];
    private byte[] _log = [];
    private long _logStart;
    private long _logEnd;
    private Offset _committed = Offset.None;

    public ConsumerTests()
    {
        _broker.HasTopic("t", 1);
        _broker.On<FetchRequest, FetchResponse>(Fetch);
        _broker.On<ListOffsetsRequest, ListOffsetsResponse>(request => new(
            [new("t", [.. request.Topics.Single().Partitions.Select(p =>
                new ListOffsetsResponse.Partition(
                    p.Index, ErrorCode.None, -1, new(p.Timestamp == -2 ? _logStart : _logEnd), Epoch.None))])]));
        _broker.On<FindCoordinatorRequest, FindCoordinatorResponse>(
            _ => new(0, [new("g", new(1), _broker.Address.Host, _broker.Address.Port, ErrorCode.None, null)]));
        _broker.On<OffsetFetchRequest, OffsetFetchResponse>(
            _ => new([new("g", [new("t", [new(0, _committed, Epoch.None, "", ErrorCode.None)])])]));
        _broker.On<OffsetCommitRequest, OffsetCommitResponse>(request =>
        {
            lock (_commits) _commits.Add(
                (_committed = request.Topics[0].Partitions[0].CommittedOffset, request.GenerationIdOrMemberEpoch));
            return new([new("t", [new(0, ErrorCode.None)])]);
        });
        _client = new(_broker.ClientOptions);
    }

    [Fact]
    public async Task It_starts_at_the_end_unless_told_otherwise()
    {
        Append("old");
        await using var consumer = await AssignedAsync(new());
        Assert.Empty(await consumer.PollAsync(TimeSpan.FromMilliseconds(50), None));
        Append("new");
        Assert.Equal(["new"], await ReadAsync(consumer, 1));
    }

    [Fact]
    public async Task Earliest_starts_at_the_beginning_and_a_batch_that_starts_before_the_position_is_cut()
    {
        Append("a", "b", "c");
        await using var earliest = await AssignedAsync(new() { OffsetReset = OffsetReset.Earliest });
        Assert.Equal(["a", "b", "c"], await ReadAsync(earliest, 3));

        await using var middle = await AssignedAsync(new(), start: 1);
        Assert.Equal(["b", "c"], await ReadAsync(middle, 2));
    }

    /// <summary>Row H18.</summary>
    [Fact]
    public async Task A_position_that_retention_has_removed_is_reset()
    {
        Append("gone");
        _logStart = 1;
        Append("kept");
        await using var consumer = await AssignedAsync(new() { OffsetReset = OffsetReset.Earliest }, start: 0);
        Assert.Equal(["kept"], await ReadAsync(consumer, 1));
    }

    [Fact]
    public async Task Without_a_reset_policy_it_fails()
    {
        _logStart = _logEnd = 5;
        await using var consumer = await AssignedAsync(new() { OffsetReset = OffsetReset.None }, start: 0);
        await Assert.ThrowsAsync<KafkaException>(() => consumer.PollAsync(TimeSpan.FromSeconds(60), None));
    }

    [Fact]
    public async Task A_commit_covers_only_what_was_handed_over()
    {
        Append("a", "b", "c");
        await using var consumer = await AssignedAsync(
            new() { GroupId = "g", OffsetReset = OffsetReset.Earliest, AutoCommit = false });
        using var limit = new CancellationTokenSource(Patience);
        IReadOnlyList<ConsumedRecord> records = [];
        while (records.Count == 0) records = await consumer.PollAsync(TimeSpan.FromSeconds(5), limit.Token, maxRecords: 2);
        await consumer.CommitAsync(None);
        Assert.Equal(new Offset(2), _commits.Single().Offset);
    }

    [Fact]
    public async Task Control_batches_and_aborted_transactions_are_not_for_readers()
    {
        _log =
        [
            .. Batch(0, "aborted", producer: 7),
            .. Control(1, ControlRecordType.Abort, producer: 7),
            .. Batch(2, "good", producer: 8),
            .. Control(3, ControlRecordType.Commit, producer: 8),
        ];
        _logEnd = 4;
        await using var consumer = await AssignedAsync(
            new() { OffsetReset = OffsetReset.Earliest, IsolationLevel = IsolationLevel.ReadCommitted });
        Assert.Equal(["good"], await ReadAsync(consumer, 1));
    }

    [Fact]
    public async Task A_member_joins_with_the_id_that_it_is_given_assigns_as_leader_and_goes_on_at_the_committed_offset()
    {
        Append("a", "b", "c");
        _committed = new(1);
        var joins = ScriptGroup();
        await using (var consumer = new Consumer(_client, new() { GroupId = "g", OffsetReset = OffsetReset.Earliest }))
        {
            consumer.Subscribe(["t"]);
            Assert.Equal(["b", "c"], await ReadAsync(consumer, 2));
            Assert.Equal([T0], consumer.Assigned);
        }
        Assert.Equal(["", "member-1"], joins);
        Assert.Equal((new Offset(3), 4), _commits[^1]);
        Assert.Equal(ApiKey.LeaveGroup, _broker.Requests.Last().Key);
    }

    [Fact]
    public async Task A_rebalance_that_a_heartbeat_tells_of_makes_it_join_again()
    {
        Append("a");
        var joins = ScriptGroup();
        var beats = 0;
        _broker.On<HeartbeatRequest, HeartbeatResponse>(
            _ => new(Interlocked.Increment(ref beats) == 1 ? ErrorCode.RebalanceInProgress : ErrorCode.None));
        await using var consumer = new Consumer(
            _client,
            new() { GroupId = "g", OffsetReset = OffsetReset.Earliest, HeartbeatInterval = TimeSpan.FromMilliseconds(10) });
        consumer.Subscribe(["t"]);
        Assert.Equal(["a"], await ReadAsync(consumer, 1));
        using var limit = new CancellationTokenSource(Patience);
        while (joins.Count < 3) await consumer.PollAsync(TimeSpan.FromMilliseconds(10), limit.Token);
        Assert.Equal("member-1", joins[2]);
    }

    [Fact]
    public async Task A_refused_member_says_why()
    {
        _broker.On<JoinGroupRequest, JoinGroupResponse>(_ => new() { ErrorCode = ErrorCode.InvalidSessionTimeout });
        await using var consumer = new Consumer(_client, new() { GroupId = "g" });
        consumer.Subscribe(["t"]);
        Assert.Equal(
            ErrorCode.InvalidSessionTimeout,
            (await Assert.ThrowsAsync<KafkaException>(() => consumer.PollAsync(TimeSpan.FromSeconds(60), None))).Code);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    /// <summary>
    /// A group whose only member, and so leader, is who joins. Returns the member ids of the joins as they come.
    /// </summary>
    private List<string> ScriptGroup()
    {
        var joins = new List<string>();
        _broker.On<JoinGroupRequest, JoinGroupResponse>(request =>
        {
            joins.Add(request.MemberId);
            return request.MemberId.Length == 0
                ? new() { ErrorCode = ErrorCode.MemberIdRequired, MemberId = "member-1" }
                : new()
                {
                    GenerationId = 4,
                    ProtocolType = "consumer",
                    ProtocolName = request.Protocols[0].Name,
                    Leader = "member-1",
                    MemberId = "member-1",
                    Members = [new("member-1", null, request.Protocols[0].Metadata)],
                };
        });
        _broker.On<SyncGroupRequest, SyncGroupResponse>(
            request => new() { Assignment = request.Assignments.Single().Assignment });
        _broker.On<HeartbeatRequest, HeartbeatResponse>(_ => new(ErrorCode.None));
        _broker.On<LeaveGroupRequest, LeaveGroupResponse>(_ => new(ErrorCode.None, []));
        return joins;
    }

    private async Task<Consumer> AssignedAsync(ConsumerOptions options, long start = -1)
    {
        var consumer = new Consumer(_client, options);
        await consumer.AssignAsync(new Dictionary<TopicPartition, Offset> { [T0] = new(start) }, None);
        return consumer;
    }

    private static async Task<List<string>> ReadAsync(Consumer consumer, int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        var values = new List<string>();
        while (values.Count < count)
            values.AddRange(
                (await consumer.PollAsync(TimeSpan.FromSeconds(1), limit.Token)).Select(r => Encoding.UTF8.GetString(r.Value!)));
        return values;
    }

    private void Append(params string[] values)
    {
        using var builder = new RecordBatchBuilder(new() { BaseOffset = new(_logEnd) });
        foreach (var value in values) builder.Append(1, OptionalBytes.Null, Encoding.UTF8.GetBytes(value));
        _log = [.. _log, .. builder.Build()];
        _logEnd += values.Length;
    }

    private static byte[] Batch(long offset, string value, long producer)
    {
        using var builder = new RecordBatchBuilder(new()
        {
            BaseOffset = new(offset),
            ProducerId = producer,
            ProducerEpoch = 0,
            BaseSequence = 0,
            IsTransactional = true,
        });
        builder.Append(1, OptionalBytes.Null, Encoding.UTF8.GetBytes(value));
        return builder.Build();
    }

    private static byte[] Control(long offset, ControlRecordType type, long producer)
    {
        var batch = new ControlRecord(type, 0).ToBatch(1, producer, 0);
        RecordBatchPatch.AssignOffset(batch, new(offset), Epoch.Zero);
        return batch;
    }

    private FetchResponse Fetch(FetchRequest request)
    {
        var from = request.Topics.Single().Partitions.Single().FetchOffset.Value;
        var head = new FetchResponse.PartitionHead
        {
            Index = 0,
            HighWatermark = new(_logEnd),
            ErrorCode = from < _logStart || from > _logEnd ? ErrorCode.OffsetOutOfRange : ErrorCode.None,
            AbortedTransactions = request.IsolationLevel == IsolationLevel.ReadCommitted ? [new(7, Offset.Zero)] : null,
        };
        return new()
        {
            Responses = [new("t", TopicId.None, [new(head, head.ErrorCode == ErrorCode.None ? From(from) : default)])],
        };
    }

    private byte[] From(long offset)
    {
        foreach (var slice in new RecordBatches(_log))
            if (slice.Header.LastOffset.Value >= offset) return _log[slice.Position..];
        return [];
    }
}

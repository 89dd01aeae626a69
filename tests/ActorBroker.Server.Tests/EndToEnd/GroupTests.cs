using System.Collections.Concurrent;
using System.Text;
using ActorBroker.Core.Groups.Assignors;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;
using ActorBroker.Server.Clients.Consuming;
using ActorBroker.Server.Clients.Producing;

namespace ActorBroker.Server.Tests.EndToEnd;

/// <summary>Several members at once, each with connections of its own.</summary>
public sealed class GroupTests(RunningBroker broker) : IClassFixture<RunningBroker>, IAsyncLifetime
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(180));
    private readonly List<Member> _members = [];

    /// <summary>Row H01: each group sees all, no member of a group what another has seen.</summary>
    [Fact]
    public async Task Every_group_gets_every_record_once()
    {
        await CreateAsync("both", 3);
        foreach (var group in new[] { "both-1", "both-1", "both-1", "both-2", "both-2" }) Join(group, "both");
        // All of them, and not only the first of each: who joins later may read again what was not committed yet.
        await UntilAsync(() => _members.All(m => m.Assigned.Count > 0)
            && Owned("both-1") is { Count: 3 } first && first.Distinct().Count() == 3
            && Owned("both-2") is { Count: 3 } second && second.Distinct().Count() == 3);
        await ProduceAsync("both", Enumerable.Range(0, 60).Select(i => $"{i}"));
        await UntilAsync(() => Read("both-1").Count >= 60 && Read("both-2").Count >= 60);
        foreach (var group in new[] { "both-1", "both-2" })
            Assert.Equal(
                Enumerable.Range(0, 60).Select(i => $"{i}").Order(StringComparer.Ordinal),
                Read(group).Order(StringComparer.Ordinal));
    }

    /// <summary>Rows H04 and H05.</summary>
    [Theory]
    [InlineData("range")]
    [InlineData("roundrobin")]
    [InlineData("sticky")]
    public async Task Of_four_members_for_three_partitions_one_is_idle(string assignor)
    {
        var topic = $"idle-{assignor}";
        await CreateAsync(topic, 3);
        for (var i = 0; i < 4; i++) Join(topic, topic, assignor);
        await UntilAsync(
            () => _members.Select(m => m.Assigned.Count).Order().SequenceEqual([0, 1, 1, 1])
                && Owned(topic).Distinct().Count() == 3);
    }

    /// <summary>Row H06.</summary>
    [Fact]
    public async Task A_member_that_leaves_and_partitions_that_are_added_are_divided_anew()
    {
        await CreateAsync("grow", 2);
        var first = Join("grow", "grow");
        var second = Join("grow", "grow");
        await UntilAsync(() => first.Assigned.Count == 1 && second.Assigned.Count == 1);

        await second.StopAsync();
        await UntilAsync(() => first.Assigned.Count == 2);

        await using var client = broker.Connect();
        await new TopicAdmin(client).AddPartitionsAsync("grow", 4, _limit.Token);
        await UntilAsync(() => first.Assigned.Count == 4);
    }

    /// <summary>Rows H12 and L13.</summary>
    [Fact]
    public async Task A_group_at_work_shows_its_members_and_is_neither_moved_nor_deleted()
    {
        await CreateAsync("busy", 2);
        var member = Join("busy", "busy");
        await UntilAsync(() => member.Assigned.Count == 2);

        var members = await broker.RunAsync("groups describe --group busy --members --verbose");
        var row = members.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["busy", "/127.0.0.1", "actorbroker", "2", "busy(0,1)"], [row[0], .. row[2..]]);
        Assert.StartsWith("actorbroker-", row[1], StringComparison.Ordinal);

        var state = (await broker.RunAsync("groups describe --group busy --state --json")).Json[0];
        Assert.Equal("Stable", state.GetProperty("state").GetString());
        Assert.Equal("range", state.GetProperty("assignmentStrategy").GetString());

        Assert.Contains("NON_EMPTY_GROUP (68)", await broker.FailAsync("groups delete --group busy"), StringComparison.Ordinal);
        var refusal = await broker.FailAsync("groups reset-offsets --group busy --topic busy --to-earliest --execute");
        Assert.Contains("stop them first", refusal, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var member in _members) await member.StopAsync();
        _limit.Dispose();
    }

    private List<TopicPartition> Owned(string group) => [.. _members.Where(m => m.Group == group).SelectMany(m => m.Assigned)];

    private List<string> Read(string group) => [.. _members.Where(m => m.Group == group).SelectMany(m => m.Read)];

    private Member Join(string group, string topic, string assignor = "range")
    {
        var member = new Member(broker.Connect(), group, topic, AssignorList.Find(assignor)!);
        _members.Add(member);
        return member;
    }

    private async Task CreateAsync(string topic, int partitions)
    {
        await using var client = broker.Connect();
        await new TopicAdmin(client)
            .CreateAsync(new() { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }, _limit.Token);
    }

    private async Task ProduceAsync(string topic, IEnumerable<string> values)
    {
        await using var client = broker.Connect();
        await using var producer = await Producer.StartAsync(client, new(), _limit.Token);
        foreach (var value in values) await producer.SendAsync(new(topic, null, Encoding.UTF8.GetBytes(value)), _limit.Token);
        await producer.FlushAsync(_limit.Token);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            foreach (var member in _members) member.ThrowIfFailed();
            await Task.Delay(10, _limit.Token);
        }
    }

    /// <summary>A consumer that polls on its own until it is stopped.</summary>
    private sealed class Member
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;
        private volatile IReadOnlyCollection<TopicPartition> _assigned = [];

        public Member(KafkaClient client, string group, string topic, IAssignor assignor)
        {
            Group = group;
            _running = RunAsync(client, topic, assignor);
        }

        public string Group { get; }

        public IReadOnlyCollection<TopicPartition> Assigned => _assigned;

        public ConcurrentQueue<string> Read { get; } = new();

        public void ThrowIfFailed()
        {
            if (_running.IsFaulted) _running.GetAwaiter().GetResult();
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
        }

        private async Task RunAsync(KafkaClient client, string topic, IAssignor assignor)
        {
            await using var disposed = client;
            var options = new ConsumerOptions
            {
                GroupId = Group,
                OffsetReset = OffsetReset.Earliest,
                HeartbeatInterval = TimeSpan.FromMilliseconds(50),
                FetchMaxWait = TimeSpan.FromMilliseconds(100),
                Assignors = [assignor],
            };
            await using (var consumer = new Consumer(client, options) { OnAssigned = partitions => _assigned = [.. partitions] })
            {
                consumer.Subscribe([topic]);
                try
                {
                    while (true)
                        foreach (var record in await consumer.PollAsync(TimeSpan.FromMilliseconds(100), _stop.Token))
                            Read.Enqueue(Encoding.UTF8.GetString(record.Value!));
                }
                catch (OperationCanceledException)
                {
                    // Stopped.
                }
            }
            _assigned = [];
        }
    }
}

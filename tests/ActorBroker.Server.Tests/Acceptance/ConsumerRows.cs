using System.Text.RegularExpressions;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;
using ActorBroker.Server.Clients.Consuming;

namespace ActorBroker.Server.Tests.Acceptance;

/// <summary>Part H: who reads what, and from where. Groups of several members are in EndToEnd/GroupTests.</summary>
public sealed partial class ConsumerRows : SdkTest
{
    private static readonly TopicPartition T0 = new("t", 0);

    /// <summary>H02, H03, P05: to one of a group, and to every group.</summary>
    [Fact]
    public async Task Members_of_a_group_share_the_records_and_other_groups_have_all_of_them_too()
    {
        await CreateAsync("t", 2);
        var (one, two, alone) = (Subscribe("testGroup1", "t"), Subscribe("testGroup1", "t"), Subscribe("testGroup2", "t"));
        await UntilAsync(() => one.Assigned.Count == 1 && two.Assigned.Count == 1 && alone.Assigned.Count == 2, one, two, alone);
        await ProduceAsync("t", [.. Enumerable.Range(0, 20).Select(i => $"{i}")]);
        var read = await Task.WhenAll(TakeAsync(one, 10), TakeAsync(two, 10), TakeAsync(alone, 20));
        var all = Enumerable.Range(0, 20).Select(i => $"{i}").Order().ToList();
        Assert.Equal(all, read[0].Concat(read[1]).Order());
        Assert.Equal(all, read[2].Order());
    }

    /// <summary>H06: who assigns partitions to himself is no member and disturbs none.</summary>
    [Fact]
    public async Task Assigning_by_hand_does_not_rebalance_a_group()
    {
        await CreateAsync("t", 2);
        var rebalances = 0;
        await using var member = new Consumer(Client, From(OffsetReset.Earliest, "g")) { OnAssigned = _ => rebalances++ };
        member.Subscribe(["t"]);
        await UntilAsync(() => member.Assigned.Count == 2, member);
        var byHand = Open(From(OffsetReset.Earliest, "g") with { AutoCommit = false });
        await byHand.AssignAsync(new Dictionary<TopicPartition, Offset> { [T0] = Offset.Zero }, Limit);
        await ProduceAsync([Record("t", "for both", partition: 0)]);
        Assert.Equal(["for both"], await TakeAsync(byHand, 1));
        Assert.Equal(["for both"], await TakeAsync(member, 1));
        Assert.Equal((2, 1), (member.Assigned.Count, rebalances));
    }

    /// <summary>H10, H11: records come when they are asked for, as often as they are.</summary>
    [Fact]
    public async Task A_consumer_takes_what_it_asks_for_and_may_go_back()
    {
        await CreateAsync("t");
        await ProduceAsync("t", "a", "b", "c", "d");
        var consumer = Open(From(OffsetReset.Earliest));
        await consumer.AssignAsync(new Dictionary<TopicPartition, Offset> { [T0] = Offset.None }, Limit);
        Assert.Equal(["a", "b"], await TakeAsync(consumer, 2));
        consumer.Seek(T0, Offset.Zero);
        Assert.Equal(["a", "b", "c", "d"], await TakeAsync(consumer, 4));
    }

    /// <summary>H12</summary>
    [Fact]
    public async Task Members_are_known_by_client_id_and_host()
    {
        await CreateAsync("t", 2);
        var consumer = Open(From(OffsetReset.Earliest, "g"), clientId: "reader-7");
        consumer.Subscribe(["t"]);
        await UntilAsync(() => consumer.Assigned.Count == 2, consumer);
        var group = await new GroupAdmin(Client).DescribeAsync("g", Limit);
        var member = Assert.Single(group.Group.Members);
        Assert.Equal(("Stable", "reader-7"), (group.Group.GroupState, member.ClientId));
        Assert.Contains("127.0.0.1", member.ClientHost, StringComparison.Ordinal);
        Assert.Equal([T0, new("t", 1)], group.Assignments[member.MemberId].OrderBy(p => p.Partition));
    }

    /// <summary>H14</summary>
    [Fact]
    public async Task One_subscription_names_many_topics()
    {
        foreach (var topic in new[] { "a", "b", "c" })
        {
            await CreateAsync(topic);
            await ProduceAsync(topic, topic);
        }
        var consumer = Subscribe("g", "a", "c");
        Assert.Equal(["a", "c"], (await TakeAsync(consumer, 2)).Order());
        Assert.Equal(["a", "c"], consumer.Assigned.Select(p => p.Topic).Order());
    }

    /// <summary>H14: by a pattern, also topics that come later.</summary>
    [Fact]
    public async Task A_pattern_takes_topics_that_are_made_later()
    {
        await CreateAsync("order-1");
        await CreateAsync("reorder-1");
        var consumer = Open(From(OffsetReset.Earliest, "g"));
        consumer.Subscribe(Orders());
        await UntilAsync(() => consumer.Assigned.Count == 1, consumer);
        await CreateAsync("order-2");
        await ProduceAsync("order-2", "new");
        Assert.Equal(["new"], await TakeAsync(consumer, 1));
        Assert.Equal(["order-1", "order-2"], consumer.Assigned.Select(p => p.Topic).Order());
    }

    /// <summary>H15</summary>
    [Fact]
    public async Task Reading_starts_at_the_offset_that_was_chosen()
    {
        await CreateAsync("t");
        await ProduceAsync("t", "a", "b", "c");
        var consumer = Open(From(OffsetReset.Latest));
        await consumer.AssignAsync(new Dictionary<TopicPartition, Offset> { [T0] = new(1) }, Limit);
        Assert.Equal(["b", "c"], await TakeAsync(consumer, 2));
    }

    /// <summary>H16, H17</summary>
    [Theory]
    [InlineData(OffsetReset.Latest, "new")]
    [InlineData(OffsetReset.Earliest, "old")]
    internal async Task Without_a_committed_offset_reading_starts_where_the_policy_says(OffsetReset policy, string first)
    {
        await CreateAsync("t");
        await ProduceAsync("t", "old");
        var consumer = Open(From(policy, "g"));
        consumer.Subscribe(["t"]);
        await UntilAsync(() => consumer.Assigned.Count == 1, consumer);
        if (policy == OffsetReset.Latest) Assert.Empty(await PollAsync(consumer));
        else consumer.Seek(T0, Offset.Zero); // What the wait above has read.
        await ProduceAsync("t", "new");
        Assert.Equal(first, (await TakeAsync(consumer, 1))[0]);
    }

    /// <summary>H18, R6: the policy decides.</summary>
    [Fact]
    public async Task A_position_outside_of_the_log_is_reset_as_the_policy_says()
    {
        await CreateAsync("t");
        await ProduceAsync("t", "a", "b");
        async Task<Consumer> AtAsync(OffsetReset policy)
        {
            var consumer = Open(From(policy));
            await consumer.AssignAsync(new Dictionary<TopicPartition, Offset> { [T0] = new(99) }, Limit);
            return consumer;
        }

        Assert.Equal(["a", "b"], await TakeAsync(await AtAsync(OffsetReset.Earliest), 2));
        var latest = await AtAsync(OffsetReset.Latest);
        Assert.Empty(await PollAsync(latest));
        var none = await AtAsync(OffsetReset.None);
        var error = await Assert.ThrowsAsync<KafkaException>(async () =>
        {
            while (true) await PollAsync(none);
        });
        Assert.Equal(ErrorCode.OffsetOutOfRange, error.Code);
    }

    [GeneratedRegex("order-.*")]
    private static partial Regex Orders();
}

using ActorBroker.ClientTests.Clients;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests;

/// <summary>Consumer groups of real clients: rebalances, and offsets that outlive the broker.</summary>
public class GroupTests
{
    private const string Topic = "work";
    private const string Group = "workers";
    private const int Partitions = 6;

    [SkippableTheory]
    [InlineData("confluent-kafka")]
    [InlineData("kafka-python")]
    [InlineData("kafkajs")]
    public async Task Three_members_share_the_partitions_as_they_join_and_leave(string client)
    {
        var program = (ClientProgram)KafkaClient.Named(client).OrSkip();
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder["data"], "group.initial.rebalance.delay.ms=0");
        await program.CreateTopicAsync(broker.Bootstrap, Topic, Partitions);

        await using var first = program.Join(broker.Bootstrap, Topic, Group);
        await SharedByAsync(broker, first);
        await using var second = program.Join(broker.Bootstrap, Topic, Group);
        await SharedByAsync(broker, first, second);
        await using var third = program.Join(broker.Bootstrap, Topic, Group);
        await SharedByAsync(broker, first, second, third);

        await program.ProduceAsync(broker.Bootstrap, Topic, ToEachPartition("before"));
        await Eventually.TrueAsync(
            () => Values(first, second, third).Count >= Partitions, () => $"not all records came: {first.Errors} {broker.Log}");

        await second.LeaveAsync();
        await SharedByAsync(broker, first, third);
        await program.ProduceAsync(broker.Bootstrap, Topic, ToEachPartition("after"));
        await Eventually.TrueAsync(
            () => Values(first, second, third).Count >= 2 * Partitions,
            () => $"not all records came: {first.Errors} {broker.Log}");
        await first.LeaveAsync();
        await third.LeaveAsync();

        string[] expected =
            [.. ToEachPartition("before").Concat(ToEachPartition("after")).Select(record => record.Value!).Order()];
        Assert.Equal(expected, Values(first, second, third).Order());
    }

    [SkippableTheory]
    [InlineData("kcat", true)]
    [InlineData("confluent-kafka", true)]
    [InlineData("kafka-python", false)]
    [InlineData("kafkajs", true)]
    public async Task Committed_offsets_survive_a_restart(string client, bool killed)
    {
        var program = KafkaClient.Named(client).OrSkip();
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder["data"], "group.initial.rebalance.delay.ms=0");
        await program.ProduceAsync(broker.Bootstrap, Topic, Enumerable.Range(0, 10).Select(n => new SentRecord("k", $"{n}", 0)));
        await program.ConsumeAsync(broker.Bootstrap, Topic, 10, Group);

        if (killed) await broker.KillAsync();
        else Assert.Equal(0, await broker.StopAsync());
        await broker.StartAgainAsync();

        await program.ProduceAsync(broker.Bootstrap, Topic, [new SentRecord("k", "10", 0)]);
        var seen = await program.ConsumeAsync(broker.Bootstrap, Topic, 1, Group);
        Assert.Equal(("10", 10L), (Assert.Single(seen).Value, seen[0].Offset));
    }

    [SkippableFact]
    public async Task Members_of_two_groups_each_see_every_record()
    {
        var program = KafkaClient.Confluent.OrSkip();
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder["data"], "group.initial.rebalance.delay.ms=0");
        await program.ProduceAsync(broker.Bootstrap, Topic, Enumerable.Range(0, 20).Select(n => new SentRecord("k", $"{n}", 0)));

        var seen = await Task.WhenAll(
            program.ConsumeAsync(broker.Bootstrap, Topic, 20, "testGroup1"),
            program.ConsumeAsync(broker.Bootstrap, Topic, 20, "testGroup2"));

        Assert.All(seen,
            records => Assert.Equal(Enumerable.Range(0, 20).Select(n => $"{n}"), records.Select(record => record.Value)));
    }

    private static IEnumerable<SentRecord> ToEachPartition(string value) =>
        Enumerable.Range(0, Partitions).Select(n => new SentRecord("k", $"{value} {n}", n));

    private static List<string?> Values(params GroupMember[] members) =>
        [.. members.SelectMany(member => member.Records).Select(record => record.Value)];

    private static Task SharedByAsync(BrokerProcess broker, params GroupMember[] members) => Eventually.TrueAsync(
        () => members.SelectMany(member => member.Assigned).Order().SequenceEqual(Enumerable.Range(0, Partitions))
            && members.All(member => member.Assigned.Count == Partitions / members.Length),
        () => $"assigned: {string.Join(" | ", members.Select(member => string.Join(',', member.Assigned)))}\n{members[0].Errors}\n{broker.Log}");
}

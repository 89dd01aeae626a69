using ActorBroker.Core.Groups.Assignors;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Groups.Assignors;

public sealed class AssignorTests
{
    [Theory]
    [InlineData(3, "a:0,1,2")]
    [InlineData(3, "a:0,1 b:2")]
    [InlineData(7, "a:0,1,2 b:3,4 c:5,6")]
    [InlineData(3, "a:0 b:1 c:2 d:")]
    public void Range_gives_runs_and_the_first_members_one_more(int partitions, string expected)
    {
        var members = Members(expected).Select(m => Member(m, "t")).ToArray();
        Assert.Equal(expected, Text(new RangeAssignor().Assign(Topics(("t", partitions)), members)));
    }

    [Fact]
    public void Range_starts_anew_with_each_topic() =>
        Assert.Equal("a:t0,t1,u0,u1 b:t2,u2",
            Text(
                new RangeAssignor().Assign(Topics(("t", 3), ("u", 3)), [Member("b", "t", "u"), Member("a", "t", "u")]),
                topics: true));

    [Fact]
    public void Round_robin_deals_over_all_topics() =>
        Assert.Equal("a:t0,t2,u1 b:t1,u0,u2",
            Text(
                new RoundRobinAssignor().Assign(Topics(("t", 3), ("u", 3)), [Member("b", "t", "u"), Member("a", "t", "u")]),
                topics: true));

    [Fact]
    public void Round_robin_skips_members_that_do_not_subscribe() =>
        Assert.Equal("a:t0 b:u0 c:u1,v0,v1,v2",
            Text(new RoundRobinAssignor().Assign(Topics(("t", 1), ("u", 2), ("v", 3)),
                [Member("a", "t"), Member("b", "t", "u"), Member("c", "t", "u", "v")]), topics: true));

    [Fact]
    public void Topics_that_do_not_exist_give_nobody_anything() =>
        Assert.All(AssignorList.All, assignor => Assert.Equal("a:", Text(assignor.Assign(Topics(), [Member("a", "gone")]))));

    [Fact]
    public void Static_members_come_first_by_instance()
    {
        MemberSubscription[] members =
            [Member("a", "t"), Member("z-1", "t") with { InstanceId = "i2" }, Member("z-2", "t") with { InstanceId = "i1" }];
        Assert.Equal("a:2 z-1:1 z-2:0", Text(new RangeAssignor().Assign(Topics(("t", 3)), members)));
    }

    [Fact]
    public void Sticky_keeps_what_a_member_had_when_another_joins()
    {
        var before = new[] { Had("a", 0, 1, 2, 3), Had("b", 4, 5) };
        Assert.Equal("a:0,1 b:4,5 c:2,3", Text(new StickyAssignor().Assign(Topics(("t", 6)), [.. before, Member("c", "t")])));
    }

    [Fact]
    public void Sticky_gives_only_the_leavers_partitions_away() =>
        Assert.Equal("a:0,2 b:1,3", Text(new StickyAssignor().Assign(Topics(("t", 4)), [Had("a", 0), Had("b", 1)])));

    [Fact]
    public void The_later_generation_wins_a_partition_that_two_claim() =>
        Assert.Equal("a:1 b:0", Text(new StickyAssignor().Assign(
            Topics(("t", 2)), [Had("a", 0) with { OwnedGeneration = 3 }, Had("b", 0) with { OwnedGeneration = 4 }])));

    [Theory]
    [InlineData("range", "range")]
    [InlineData("org.apache.kafka.clients.consumer.RoundRobinAssignor", "roundrobin")]
    [InlineData("StickyAssignor", "sticky")]
    [InlineData("uniform", null)]
    public void Assignors_are_found_by_kafkas_names(string name, string? found) =>
        Assert.Equal(found, AssignorList.Find(name)?.Name);

    private static MemberSubscription Member(string id, params string[] topics) => new(id, null, topics, []);

    private static MemberSubscription Had(string id, params int[] partitions) =>
        new(id, null, ["t"], partitions.Select(p => new TopicPartition("t", p)).ToArray());

    private static Dictionary<string, int> Topics(params (string Name, int Partitions)[] topics) =>
        topics.ToDictionary(t => t.Name, t => t.Partitions);

    private static IEnumerable<string> Members(string text) => text.Split(' ').Select(m => m.Split(':')[0]);

    private static string Text(IReadOnlyDictionary<string, List<TopicPartition>> assignment, bool topics = false) =>
        string.Join(' ', assignment.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a =>
            $"{a.Key}:{string.Join(',', a.Value.Select(p => topics ? $"{p.Topic}{p.Partition}" : $"{p.Partition}"))}"));
}

using ActorBroker.Core.Groups.Assignors;
using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Groups.Assignors;

/// <summary>What holds for every assignor with any topics and members.</summary>
public sealed class AssignorProperties
{
    [Theory]
    [InlineData("range")]
    [InlineData("roundrobin")]
    [InlineData("sticky")]
    public void Each_partition_has_one_owner_that_subscribes_to_it(string name) =>
        Prop.ForAll<int>(seed =>
        {
            var (topics, members) = Random(seed);
            var assignment = AssignorList.Find(name)!.Assign(topics, members);

            Assert.Equal(members.Select(m => m.MemberId).Order(), assignment.Keys.Order());
            var wanted = topics.Where(t => members.Any(m => m.Topics.Contains(t.Key)))
                .SelectMany(t => Enumerable.Range(0, t.Value).Select(p => new TopicPartition(t.Key, p)));
            Assert.Equal(
                wanted.OrderBy(p => p.ToString(), StringComparer.Ordinal),
                assignment.Values.SelectMany(p => p).OrderBy(p => p.ToString(), StringComparer.Ordinal));
            foreach (var member in members) Assert.All(assignment[member.MemberId], p => Assert.Contains(p.Topic, member.Topics));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sticky_is_as_even_as_subscriptions_allow() =>
        Prop.ForAll<int>(seed =>
        {
            var (topics, members) = Random(seed);
            AssertEven(members, new StickyAssignor().Assign(topics, members));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sticky_changes_nothing_when_nothing_changed() =>
        Prop.ForAll<int>(seed =>
        {
            var (topics, members) = Random(seed);
            var first = new StickyAssignor().Assign(topics, members);
            var second = new StickyAssignor()
                .Assign(topics, [.. members.Select(m => m with { Owned = first[m.MemberId], OwnedGeneration = 1 })]);
            foreach (var (member, partitions) in first) Assert.Equal(partitions, second[member]);
        }).QuickCheckThrowOnFailure();

    /// <summary>Row H09: members keep at least their even share of what they had.</summary>
    [Fact]
    public void Sticky_members_keep_their_even_share_through_joins_and_leaves() =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var partitions = random.Next(1, 30);
            var topics = new Dictionary<string, int> { ["t"] = partitions };
            var before = Enumerable.Range(0, random.Next(1, 6)).Select(i => new MemberSubscription($"m{i}", null, ["t"], []))
                .ToList();
            var had = new StickyAssignor().Assign(topics, before);

            var after = before.Where(_ => random.Next(4) > 0).Select(m => m with { Owned = had[m.MemberId], OwnedGeneration = 1 })
                .ToList();
            for (var i = random.Next(3) + (after.Count == 0 ? 1 : 0); i > 0; i--) after.Add(new($"new{i}", null, ["t"], []));
            var has = new StickyAssignor().Assign(topics, after);

            AssertEven(after, has);
            foreach (var member in after)
                Assert.True(
                    has[member.MemberId].Intersect(member.Owned)
                        .Count() >= Math.Min(member.Owned.Count, partitions / after.Count));
        }).QuickCheckThrowOnFailure();

    private static void AssertEven(
        IReadOnlyCollection<MemberSubscription> members, IReadOnlyDictionary<string, List<TopicPartition>> assignment)
    {
        foreach (var full in members)
            foreach (var other in members.Where(o => assignment[o.MemberId].Count + 1 < assignment[full.MemberId].Count))
                Assert.DoesNotContain(assignment[full.MemberId], p => other.Topics.Contains(p.Topic));
    }

    private static (Dictionary<string, int> Topics, List<MemberSubscription> Members) Random(int seed)
    {
        var random = new Random(seed);
        var topics = Enumerable.Range(0, random.Next(5)).ToDictionary(i => $"t{i}", _ => random.Next(1, 9));
        var all = topics.SelectMany(t => Enumerable.Range(0, t.Value).Select(p => new TopicPartition(t.Key, p))).ToList();
        var members = Enumerable.Range(0, random.Next(1, 7)).Select(i => new MemberSubscription(
            $"m{i}", random.Next(4) == 0 ? $"instance{i}" : null,
            [.. topics.Keys.Append("missing").Where(_ => random.Next(3) > 0)],
            [.. all.Where(_ => random.Next(3) == 0)],
            random.Next(3))).ToList();
        return (topics, members);
    }
}

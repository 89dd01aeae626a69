using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.SBR;
using Akka.Configuration;
using Akka.Util;
using FsCheck;
using FsCheck.Fluent;

namespace Akka.Embedded.Tests.Embedded.Cluster;

public sealed class SplitBrainTests
{
    private static readonly SplitStrategy Majority = new KeepMajority(null);

    [Theory]
    [InlineData("1 2 | 3", "1 2")]
    [InlineData("1 | 2 3", "2 3")]
    [InlineData("1 4 | 2 3", "1 4")] // Equal halves: the lowest address.
    [InlineData("1 | 2", "1")]
    [InlineData("2 | 1", "1")]
    [InlineData("1 2 | 3j 4j 5j", "")] // Those who are joining may be Up by now: neither side can be sure.
    [InlineData("1 2 3 | 4j 5", "1 2 3")]
    [InlineData("1 2l | 3", "1 2l")]
    [InlineData("2 3l | 1", "")] // The leaving one may be gone by now.
    [InlineData("1 2d 3e | 4 5", "4 5")] // Who is going does not count.
    public void Keep_majority(string split, string survivors) => Assert.Equal(survivors, Survivors(Majority, split));

    [Theory]
    [InlineData("1r 2 3 | 4r 5r", "4r 5r")]
    [InlineData("1r 2 3 | 4r 5", "1r 2 3")]
    public void Keep_majority_of_a_role(string split, string survivors) =>
        Assert.Equal(survivors, Survivors(new KeepMajority("r"), split));

    [Theory]
    [InlineData("1 2 | 3 4 5", true, "1 2")] // The lower number is the older.
    [InlineData("1 | 2 3", true, "2 3")]
    [InlineData("1 | 2 3", false, "1")]
    [InlineData("1 | 2", true, "1")]
    [InlineData("1l 2 | 3 4", true, "")] // The oldest may be gone by now; then the next would be, which is here too, but alone.
    public void Keep_oldest(string split, bool downIfAlone, string survivors) =>
        Assert.Equal(survivors, Survivors(new KeepOldest(downIfAlone, null), split));

    [Theory]
    [InlineData("1 2 3 | 4 5", 3, "1 2 3")]
    [InlineData("1 2 | 3 4", 3, "")]
    [InlineData("1 2 3 | 4 5 6", 3, "")] // Too many members for that quorum.
    [InlineData("1 2 | 3", 2, "1 2")]
    public void Static_quorum(string split, int size, string survivors) =>
        Assert.Equal(survivors, Survivors(new StaticQuorum(size, null), split));

    [Fact]
    public void Down_all() => Assert.Equal("", Survivors(new DownAllNodes(), "1 2 | 3"));

    [Fact]
    public void Two_that_do_not_reach_each_other_but_are_reached_by_others_go()
    {
        var all = Parse("1 2 3 4 5");
        var view = new SplitView(all[0].UniqueAddress, [.. all], Unreachable((all[3], all[4]), (all[4], all[3])), Seen(all));
        Assert.Equal(Decision.DownIndirectlyConnected, Majority.Decide(view));
        Assert.Equal([4, 5], Ports(Majority.ToDown(view, Majority.Decide(view))));
    }

    [Fact]
    public void One_that_is_not_reached_by_another_but_has_seen_the_state_goes_with_it()
    {
        var all = Parse("1 2 3 4 5");
        var view = new SplitView(all[0].UniqueAddress, [.. all], Unreachable((all[1], all[2])), Seen(all));
        Assert.Equal([2, 3], Ports(Majority.ToDown(view, Majority.Decide(view))));
    }

    [Fact]
    public void Besides_the_indirectly_connected_the_losing_side_goes()
    {
        var all = Parse("1 2 3 4 5 6 7");
        var view = new SplitView(all[0].UniqueAddress, [.. all],
            Unreachable((all[1], all[2]), (all[2], all[1]), (all[0], all[6]), (all[3], all[6])), Seen(all.Take(6)));
        Assert.Equal([2, 3, 7], Ports(Majority.ToDown(view, Majority.Decide(view))).Order());
    }

    [Fact]
    public void Of_two_sides_with_the_same_view_one_survives_at_most() => Prop.ForAll(Splits.ToArbitrary(), split =>
    {
        var (members, left) = split;
        var counted = members.Count(m => m.Status is MemberStatus.Up or MemberStatus.Leaving);
        SplitStrategy[] strategies =
        [
            Majority, new KeepMajority("r"), new KeepOldest(true, null), new KeepOldest(false, null),
            new KeepOldest(true, "r"), new StaticQuorum((counted / 2) + 1, null), new DownAllNodes(),
        ];
        foreach (var strategy in strategies)
        {
            var here = members.Where(m => left.Contains(m)).ToList();
            var there = members.Except(here).ToList();
            if (here.Count == 0 || there.Count == 0) continue;
            Assert.True(Kept(strategy, members, here).Count == 0 || Kept(strategy, members, there).Count == 0,
                $"{strategy.GetType().Name}: both of {string.Join(" ", here)} | {string.Join(" ", there)} survive");
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Who_is_left_by_a_decision_reaches_all_who_are_left() => Prop.ForAll(
        (from split in Splits
         from pairs in Gen.Choose(0, 35).Two().ListOf()
         select (split.Members, Pairs: pairs)).ToArbitrary(), c =>
        {
            var all = c.Members;
            var records = c.Pairs.Select(p => (all[p.Item1 % all.Count], all[p.Item2 % all.Count]))
                .Where(p => p.Item1 != p.Item2).ToArray();
            var view = new SplitView(all[0].UniqueAddress, [.. all], Unreachable(records), [all[0].UniqueAddress]);
            var going = view.Members.Where(IsGoing).Select(m => m.UniqueAddress);
            var gone = Majority.ToDown(view, Majority.Decide(view)).Concat(going).ToHashSet();
            return records.All(r => gone.Contains(r.Item1.UniqueAddress) || gone.Contains(r.Item2.UniqueAddress));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("lease-majority", "lease-majority is not part of this runtime")]
    [InlineData("static-quorum", "quorum-size must be set")]
    [InlineData("keep-all", "keep-all")]
    public void A_strategy_that_is_not_there_or_not_complete_is_an_error(string name, string text)
    {
        var config = ConfigurationFactory.ParseString($"akka.cluster.split-brain-resolver.active-strategy = {name}")
            .WithFallback(ClusterSettings.DefaultConfig());
        Assert.Contains(text, Assert.Throws<ConfigurationException>(() => new SplitBrainResolverSettings(config)).Message,
            StringComparison.Ordinal);
    }

    private static Gen<(List<Member> Members, HashSet<Member> Left)> Splits =>
        from size in Gen.Choose(2, 8)
        from statuses in Gen.Elements(MemberStatus.Up, MemberStatus.Up, MemberStatus.Up, MemberStatus.Joining,
            MemberStatus.WeaklyUp, MemberStatus.Leaving, MemberStatus.Exiting, MemberStatus.Down).ArrayOf(size)
        from ages in Gen.Shuffle(Enumerable.Range(1, size))
        from roles in Gen.Choose(0, 1).ArrayOf(size)
        from sides in Gen.Choose(0, 1).ArrayOf(size)
        select Split(statuses, ages, roles, sides);

    private static (List<Member>, HashSet<Member>) Split(MemberStatus[] statuses, int[] ages, int[] roles, int[] sides)
    {
        var members = statuses.Select((status, i) => Make(i + 1,
            status is MemberStatus.Joining or MemberStatus.WeaklyUp ? int.MaxValue : ages[i], status, roles[i] == 1)).ToList();
        return (members, [.. members.Where((_, i) => sides[i] == 1)]);
    }

    /// <summary>Whoever is left of both sides, each of which decides for itself.</summary>
    private static string Survivors(SplitStrategy strategy, string split)
    {
        var sides = split.Split(" | ");
        var all = sides.SelectMany(Parse).ToList();
        return string.Join(" ", sides.SelectMany(side =>
        {
            var kept = Kept(strategy, all, Parse(side)).Select(m => m.Address.Port).ToList();
            return side.Split(' ').Where(name => kept.Contains(name[0] - '0'));
        }));
    }

    private static List<Member> Kept(SplitStrategy strategy, List<Member> all, List<Member> side)
    {
        var others = all.Except(side).ToList();
        var view = new SplitView(side[0].UniqueAddress, [.. all],
            Unreachable([.. side.SelectMany(s => others.Select(o => (s, o)))]), Seen(side));
        var down = strategy.ToDown(view, strategy.Decide(view));
        return [.. side.Where(m => !IsGoing(m) && !down.Contains(m.UniqueAddress))];
    }

    private static bool IsGoing(Member member) => member.Status is MemberStatus.Down or MemberStatus.Exiting;

    private static Reachability Unreachable(params (Member By, Member Of)[] records) => records.Aggregate(
        Reachability.Empty, (table, r) => table.With(r.By.UniqueAddress, r.Of.UniqueAddress, ReachabilityStatus.Unreachable));

    private static ImmutableSortedSet<UniqueAddress> Seen(IEnumerable<Member> members) =>
        [.. members.Select(m => m.UniqueAddress)];
    private static IEnumerable<int> Ports(IEnumerable<UniqueAddress> nodes) => nodes.Select(n => n.Address.Port!.Value);

    /// <summary>A number, and j, w, l, e, d for a status other than Up, or r for a role.</summary>
    private static List<Member> Parse(string names) => [.. names.Split(' ').Select(name =>
    {
        var port = name[0] - '0';
        return name[1..] switch
        {
            "j" => Make(port, int.MaxValue, MemberStatus.Joining, false),
            "l" => Make(port, port, MemberStatus.Leaving, false),
            "e" => Make(port, port, MemberStatus.Exiting, false),
            "d" => Make(port, port, MemberStatus.Down, false),
            var role => Make(port, port, MemberStatus.Up, role == "r"),
        };
    })];

    private static Member Make(int port, int age, MemberStatus status, bool hasRole) => Member.Create(
        new UniqueAddress(new Address("akka.tcp", "c", "h", port), port), age, status, hasRole ? ["r"] : [], AppVersion.Zero);
}

using System.Collections.Immutable;
using ActorBroker.Core.Controller;
using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Controller;

public sealed class ControllerSeatProperties
{
    /// <summary>Brokers 0, 1, ... from the oldest on, each on its side of a split; the first ones are voters.</summary>
    private sealed record Split(int[] Sides, bool[] Full, int Voters)
    {
        public int Count => Sides.Length;

        public BrokerId[] VoterIds => [.. Enumerable.Range(0, Voters).Select(id => new BrokerId(id))];

        public ImmutableArray<SeenNode> SeenBy(int self) =>
        [
            .. Enumerable.Range(0, Count).Select(id => new SeenNode(
                new BrokerId(id), Sides[id] == Sides[self] ? NodeReach.InReach : NodeReach.Lost, Full[id])),
        ];

        public bool HasSeat(int self) => ControllerSeat.HolderOf(SeenBy(self), VoterIds) == self;

        public IEnumerable<int> Holders => Enumerable.Range(0, Count).Where(HasSeat);
    }

    private static readonly Arbitrary<Split> Splits = (
        from count in Gen.Choose(1, 7)
        from voters in Gen.Choose(1, count)
        from sides in Gen.Choose(0, 2).ArrayOf(count)
        from full in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false))).ArrayOf(count)
        select new Split(sides, full, voters)).ToArbitrary();

    [Fact]
    public void Nodes_that_agree_who_is_in_reach_give_the_controller_to_one_at_most() =>
        Prop.ForAll(Splits, split => Assert.InRange(split.Holders.Count(), 0, 1))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Where_a_majority_of_the_voters_is_the_oldest_that_is_in_for_good_has_it() =>
        Prop.ForAll(
            Splits,
            split =>
            {
                var side = Enumerable.Range(0, 3).FirstOrDefault(
                    s => split.Sides.Take(split.Voters).Count(v => v == s) > split.Voters / 2, -1);
                var oldest = Enumerable.Range(0, split.Count).FirstOrDefault(id => split.Sides[id] == side && split.Full[id], -1);
                Assert.Equal(oldest < 0 ? [] : [oldest], split.Holders);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Who_comes_later_does_not_take_it() => Prop.ForAll(
        Splits, Splits,
        (split, later) =>
        {
            var grown = new Split([.. split.Sides, .. later.Sides], [.. split.Full, .. later.Full], split.Voters);
            if (split.Holders.Any()) Assert.Equal(split.Holders, grown.Holders);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void It_does_not_run_on_a_node_that_joins_or_with_half_of_the_voters()
    {
        BrokerId[] voters = [new(0), new(1)];
        Assert.Equal(-1, ControllerSeat.HolderOf([new(new(0), NodeReach.InReach, true), new(new(1), NodeReach.Joins, false)], voters));
        Assert.Equal(
            1, ControllerSeat.HolderOf([new(new(0), NodeReach.InReach, false), new(new(1), NodeReach.InReach, true)], voters));
    }
}

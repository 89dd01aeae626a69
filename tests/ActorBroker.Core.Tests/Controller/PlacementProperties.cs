using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Controller;

public class PlacementProperties
{
    [Fact]
    public void With_racks_of_the_same_size_brokers_and_leaders_are_within_one_and_racks_as_different_as_can_be() =>
        Prop.ForAll(
            (from racks in Gen.Choose(1, 5)
             from size in Gen.Choose(1, 4)
             from factor in Gen.Choose(1, racks * size)
             from partitions in Gen.Choose(1, 50)
             from before in Gen.Choose(0, 7)
             select (racks, size, factor, partitions, before)).ToArbitrary(),
            c =>
            {
                var brokers = c.racks * c.size;
                var cluster = Clusters.Of(brokers, id => $"rack{id % c.racks}");
                if (c.before > 0) cluster.Create("before", c.before, 1);
                var topic = cluster.Create("t", c.partitions, c.factor).Topic!;
                foreach (var p in topic.Partitions)
                {
                    Assert.Equal(c.factor, p.Replicas.Distinct().Count());
                    var perRack = new int[c.racks];
                    foreach (var replica in p.Replicas) perRack[replica.Value % c.racks]++;
                    Assert.InRange(perRack.Max() - perRack.Min(), 0, 1);
                }
                Assert.InRange(Spread(brokers, topic.Partitions.SelectMany(p => p.Replicas)), 0, 1);
                Assert.InRange(Spread(brokers, topic.Partitions.Select(p => p.Leader)), 0, 1);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void With_racks_of_any_size_replicas_are_on_as_many_racks_as_there_are() =>
        Prop.ForAll(
            (from racks in Gen.Choose(0, 4).NonEmptyListOf()
             from factor in Gen.Choose(1, 4)
             from partitions in Gen.Choose(1, 30)
             select (racks: racks.ToArray(), factor: Math.Min(factor, racks.Count), partitions)).ToArbitrary(),
            c =>
            {
                // Rack 0 stands for none.
                var cluster = Clusters.Of(c.racks.Length, id => c.racks[id] == 0 ? null : $"rack{c.racks[id]}");
                var racks = c.racks.Select((r, id) => r == 0 ? -1 - id : r).ToArray();
                foreach (var p in cluster.Create("t", c.partitions, c.factor).Topic!.Partitions)
                    Assert.Equal(
                        Math.Min(c.factor, racks.Distinct().Count()), p.Replicas.Select(r => racks[r.Value]).Distinct().Count());
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_topic_that_grows_evens_out() =>
        Prop.ForAll(
            (from brokers in Gen.Choose(2, 6)
             from factor in Gen.Choose(1, brokers)
             from first in Gen.Choose(1, 10)
             from more in Gen.Choose(1, 20)
             select (brokers, factor, first, more)).ToArbitrary(),
            c =>
            {
                var cluster = Clusters.Of(c.brokers);
                cluster.Create("t", c.first, c.factor);
                var topic = cluster.Grow("t", c.first + c.more).Topic!;
                Assert.InRange(Spread(c.brokers, topic.Partitions.SelectMany(p => p.Replicas)), 0, 1);
                // Who leads the partitions that there were stays, so it can't always be better.
                Assert.InRange(Spread(c.brokers, topic.Partitions.Select(p => p.Leader)), 0, 2);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_a_broker_shares_it_shares_with_many()
    {
        var topic = Clusters.Of(4).Create("t", 12, 2).Topic!;
        Assert.Equal(
            [2, 2, 2, 2, 2, 2], topic.Partitions.CountBy(p => p.Replicas.Min().Value * 10 + p.Replicas.Max().Value)
                .Select(pair => pair.Value));
    }

    private static int Spread(int brokers, IEnumerable<BrokerId> ids)
    {
        var counts = new int[brokers];
        foreach (var id in ids) counts[id.Value]++;
        return counts.Max() - counts.Min();
    }
}

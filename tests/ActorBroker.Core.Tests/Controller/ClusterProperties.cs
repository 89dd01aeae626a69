using System.Collections.Immutable;
using ActorBroker.Core.Configs;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Controller;

public class ClusterProperties
{
    [Fact]
    public void A_new_topic_spreads_its_leaders_and_replicas_over_all_brokers() =>
        Prop.ForAll(
            (from brokers in Gen.Choose(1, 7)
             from replicas in Gen.Choose(1, brokers)
             from partitions in Gen.Choose(1, 40)
             from before in Gen.ListOf(Gen.Choose(1, 9))
             select (brokers, replicas, partitions, before: before.Take(5).ToArray())).ToArbitrary(),
            c =>
            {
                var cluster = Clusters.Of(c.brokers);
                foreach (var (count, i) in c.before.Select((count, i) => (count, i)))
                    cluster.Create($"before{i}", count, 1 + i % c.brokers);
                var topic = cluster.Create("t", c.partitions, c.replicas).Topic!;
                Assert.All(topic.Partitions, p => Assert.Equal(c.replicas, p.Replicas.Distinct().Count()));
                Assert.InRange(Spread(c.brokers, topic.Partitions.Select(p => p.Leader)), 0, 1);
                Assert.InRange(Spread(c.brokers, topic.Partitions.SelectMany(p => p.Replicas)), 0, 1);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Topics_of_one_partition_spread_too()
    {
        var cluster = Clusters.Of(3);
        for (var i = 0; i < 9; i++) cluster.Create($"t{i}", 1, 2);
        Assert.Equal(0, Spread(3, cluster.Image.Topics.Values.Select(t => t.Partitions[0].Leader)));
    }

    [Fact]
    public void Replicas_of_a_partition_are_on_different_racks_while_there_are_any() =>
        Prop.ForAll(
            Gen.Choose(1, 20).ToArbitrary(),
            partitions =>
            {
                var cluster = Clusters.Of(6, id => $"rack{id % 3}");
                Assert.All(
                    cluster.Create("t", partitions, 3).Topic!.Partitions,
                    p => Assert.Equal(3, p.Replicas.Select(r => r.Value % 3).Distinct().Count()));
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_events_give_the_same_state_whoever_applies_them() =>
        Prop.ForAll(AnyCommands.All.ToArbitrary(), commands =>
        {
            var cluster = Clusters.Of(3);
            foreach (var command in commands)
            {
                var before = cluster.Image;
                var count = cluster.Events.Count;
                cluster.Do(AnyCommands.Now(command, cluster.Image));
                var delta = new MetadataDelta(before.Version, [.. cluster.Events.Skip(count)]);
                Assert.Equal(Clusters.Show(cluster.State), Clusters.Show(cluster.State with { Image = before.Apply(delta) }));
            }
            var again = cluster.Events.Aggregate(ClusterState.Empty, (state, change) => state.Apply(change));
            Assert.Equal(Clusters.Show(cluster.State), Clusters.Show(again));
            Assert.Equal(cluster.Events.Count, again.Image.Version);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Events_and_snapshots_come_back_from_their_bytes() =>
        Prop.ForAll(AnyCommands.All.ToArbitrary(), commands =>
        {
            var cluster = Clusters.Of(3, id => id == 0 ? null : "r");
            foreach (var command in commands) cluster.Do(AnyCommands.Now(command, cluster.Image));

            var again = ClusterState.Empty;
            foreach (var change in cluster.Events)
            {
                using var wire = new WireWriter();
                MetadataEventCodec.Write(wire, change);
                var reader = new WireReader(wire.WrittenSpan);
                again = again.Apply(MetadataEventCodec.Read(MetadataEventCodec.KindOf(change), ref reader));
                Assert.Equal(0, reader.Remaining);
            }
            Assert.Equal(Clusters.Show(cluster.State), Clusters.Show(again));

            using var snapshot = new WireWriter();
            ClusterSnapshot.Of(cluster.State).Write(snapshot);
            var bytes = new WireReader(snapshot.WrittenSpan);
            Assert.Equal(Clusters.Show(cluster.State), Clusters.Show(ClusterSnapshot.Read(ref bytes).Restore()));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_event_of_a_later_version_is_refused_by_name()
    {
        Assert.Contains("7", Refused("topic-deleted", [0, 7]), StringComparison.Ordinal);
        Assert.Contains("moon-landed", Refused("moon-landed", [0, 0]), StringComparison.Ordinal);

        static string Refused(string kind, byte[] bytes) => Assert.Throws<WireException>(() =>
        {
            var wire = new WireReader(bytes.AsSpan());
            MetadataEventCodec.Read(kind, ref wire);
        }).Message;
    }

    [Fact]
    public void Partitions_and_brokers_of_the_first_version_are_still_read()
    {
        var wire = new WireReader((ReadOnlySpan<byte>)[
            0, 0, .. new byte[16], 2, 0, 0, 0, 3, 2, 0, 0, 0, 1, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 5, 0]);
        var changed = Assert.IsType<MetadataEvent.PartitionsChanged>(MetadataEventCodec.Read("partitions-changed", ref wire));
        Assert.Equal("3 [1] isr [1] elr [] +[] -[] 1(-1) 4 5", Clusters.Show(Assert.Single(changed.Partitions)));

        wire = new WireReader((ReadOnlySpan<byte>)[0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9, 1, 0, 0]);
        var registered = Assert.IsType<MetadataEvent.BrokerRegistered>(MetadataEventCodec.Read("broker-registered", ref wire));
        Assert.Equal((new BrokerId(7), 9, true), (registered.Broker.Id, registered.Broker.Epoch, registered.Broker.IsActive));
    }

    [Fact]
    public void Producer_ids_are_given_out_once()
    {
        var cluster = Clusters.Of(2);
        var first = (ClusterCommand.AllocateProducerIds.Answer)cluster.Do(new ClusterCommand.AllocateProducerIds(new(0), 1000));
        var second = (ClusterCommand.AllocateProducerIds.Answer)cluster.Do(new ClusterCommand.AllocateProducerIds(new(1), 500));
        Assert.Equal((0, 1000, 1000, 500), (first.First, first.Count, second.First, second.Count));
    }

    [Fact]
    public void A_broker_that_comes_back_starts_a_new_term_in_what_it_leads()
    {
        var cluster = Clusters.Of(2);
        cluster.Create("t", 2, 1);
        cluster.Register(1);
        var partitions = cluster.Image.Topic("t")!.Partitions;
        Assert.Equal([new Epoch(0), new Epoch(1)], partitions.OrderBy(p => p.Leader).Select(p => p.LeaderEpoch));
        Assert.Equal(2, cluster.Image.Brokers[new BrokerId(1)].Epoch);
    }

    [Fact]
    public void A_delta_applies_to_its_own_version_only() =>
        Assert.Throws<InvalidOperationException>(() => Clusters.Of(1).Image.Apply(new MetadataDelta(0, [])));

    private static int Spread(int brokers, IEnumerable<BrokerId> ids)
    {
        var counts = new int[brokers];
        foreach (var id in ids) counts[id.Value]++;
        return counts.Max() - counts.Min();
    }
}

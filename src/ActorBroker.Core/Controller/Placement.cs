using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>Chooses brokers for new partitions, so that a topic's leaders and replicas spread over all of them.</summary>
/// <remarks>Of one topic, no broker leads two partitions more than another; a partition's replicas are on different brokers,
/// and on different racks as long as there are any left.</remarks>
public static class Placement
{
    /// <param name="existing">The topic's partitions so far.</param>
    public static ImmutableArray<ImmutableArray<BrokerId>> Place(
        MetadataImage image, ImmutableArray<PartitionImage> existing, int count, int replicationFactor)
    {
        Invariant.Holds(replicationFactor >= 1 && replicationFactor <= image.Brokers.Count);
        if (image.Brokers.Count == 1) return [.. Enumerable.Repeat(ImmutableArray.Create(image.Brokers.Keys.First()), count)];

        var loads = Loads(image, existing);
        var placed = ImmutableArray.CreateBuilder<ImmutableArray<BrokerId>>(count);
        for (var i = 0; i < count; i++) placed.Add(PlaceOne(loads, replicationFactor));
        return placed.DrainToImmutable();
    }

    private static ImmutableArray<BrokerId> PlaceOne(List<Load> loads, int replicationFactor)
    {
        var leader = loads.MinBy(l => (l.TopicLeaders, l.TopicReplicas, l.Leaders, l.Replicas, l.Broker.Id))!;
        leader.TopicLeaders++;
        leader.Leaders++;
        var chosen = new List<Load>(replicationFactor) { leader };
        while (chosen.Count < replicationFactor)
            chosen.Add(loads.Except(chosen).MinBy(l => (RackTaken(l, chosen), l.TopicReplicas, l.Replicas, l.Broker.Id))!);
        foreach (var load in chosen)
        {
            load.TopicReplicas++;
            load.Replicas++;
        }
        return [.. chosen.Select(l => l.Broker.Id)];
    }

    private static bool RackTaken(Load load, List<Load> chosen) =>
        load.Broker.Rack is { } rack && chosen.Exists(c => c.Broker.Rack == rack);

    private static List<Load> Loads(MetadataImage image, ImmutableArray<PartitionImage> topic)
    {
        var loads = image.Brokers.Values.ToDictionary(b => b.Id, b => new Load(b));
        foreach (var partition in image.Topics.Values.SelectMany(t => t.Partitions))
        {
            if (loads.TryGetValue(partition.Leader, out var leader)) leader.Leaders++;
            foreach (var replica in partition.Replicas)
                if (loads.TryGetValue(replica, out var load)) load.Replicas++;
        }
        foreach (var partition in topic)
        {
            if (loads.TryGetValue(partition.Replicas[0], out var leader)) leader.TopicLeaders++;
            foreach (var replica in partition.Replicas)
                if (loads.TryGetValue(replica, out var load)) load.TopicReplicas++;
        }
        return [.. loads.Values];
    }

    /// <summary>How much a broker carries, of the topic in question and in all.</summary>
    private sealed class Load(BrokerImage broker)
    {
        public BrokerImage Broker { get; } = broker;
        public int TopicLeaders { get; set; }
        public int TopicReplicas { get; set; }
        public int Leaders { get; set; }
        public int Replicas { get; set; }
    }
}

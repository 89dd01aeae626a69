using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>
/// Picks brokers for the replicas of one partition after the other: the rack that holds the fewest replicas of the partition, of
/// those the one whose brokers have least of the topic, and in it the broker that has least of the topic; then the one that
/// shares the fewest partitions with those chosen, so that when a broker fails, its load goes to many; then that with least of
/// all topics.
/// </summary>
/// <remarks>
/// As long as racks have equally many brokers, no broker gets two replicas of a topic more than another: each partition takes
/// from the racks with the least, so racks stay within one of each other, and so do brokers in a rack. A broker without a rack is
/// a rack of its own.
/// </remarks>
internal sealed class ReplicaChooser
{
    private readonly List<Load> _loads;

    /// <summary>Partitions of the topic that two brokers share.</summary>
    private readonly Dictionary<(BrokerId, BrokerId), int> _shared = [];

    /// <param name="topic">The topic's partitions so far.</param>
    public ReplicaChooser(MetadataImage image, ImmutableArray<PartitionImage> topic, Func<BrokerImage, bool> isUsable)
    {
        var racks = new Dictionary<string, Rack>(StringComparer.Ordinal);
        _loads = [];
        foreach (var broker in image.Brokers.Values.Where(isUsable))
        {
            var rack = broker.Rack is { } name
                ? racks.TryGetValue(name, out var known) ? known : racks[name] = new Rack()
                : new Rack();
            rack.Brokers++;
            _loads.Add(new Load(broker.Id, rack));
        }
        foreach (var partition in image.Topics.Values.SelectMany(t => t.Partitions))
            foreach (var replica in partition.Replicas)
                if (Find(replica) is { } load) load.Replicas++;
        foreach (var partition in image.Topics.Values.SelectMany(t => t.Partitions))
            if (Find(partition.Replicas[0]) is { } load) load.Leaders++;
        StartTopic(topic);
    }

    public int Count => _loads.Count;

    /// <summary>From now on partitions are of a topic that has these so far.</summary>
    public void StartTopic(ImmutableArray<PartitionImage> topic)
    {
        foreach (var load in _loads) load.TopicReplicas = load.Rack.TopicReplicas = 0;
        foreach (var replica in topic.SelectMany(p => p.Replicas))
            if (Find(replica) is { } load)
            {
                load.TopicReplicas++;
                load.Rack.TopicReplicas++;
            }
        _shared.Clear();
        foreach (var partition in topic) Share(partition.Replicas);
    }

    /// <summary>Brokers for one more partition, in no order that matters.</summary>
    public ImmutableArray<BrokerId> Next(int replicationFactor)
    {
        Invariant.Holds(replicationFactor >= 1 && replicationFactor <= _loads.Count);
        foreach (var load in _loads) load.Rack.Taken = 0;
        ImmutableArray<BrokerId> chosen = [];
        while (chosen.Length < replicationFactor) chosen = chosen.Add(Pick(chosen)!.Value);
        Share(chosen);
        return chosen;
    }

    /// <summary>A broker that takes the place of another one in a partition; null: all are in it already.</summary>
    public BrokerId? Replacement(ImmutableArray<BrokerId> replicas, BrokerId gone)
    {
        foreach (var load in _loads) load.Rack.Taken = 0;
        foreach (var replica in replicas)
            if (replica != gone && Find(replica) is { } load) load.Rack.Taken++;
        return Pick(replicas);
    }

    private BrokerId? Pick(ImmutableArray<BrokerId> taken)
    {
        Load? best = null;
        foreach (var load in _loads)
        {
            if (taken.Contains(load.Broker)) continue;
            load.Shared = taken.Sum(other => _shared.GetValueOrDefault(Pair(load.Broker, other)));
            if (best is null || load.CompareTo(best) < 0) best = load;
        }
        if (best is null) return null;
        best.Replicas++;
        best.TopicReplicas++;
        best.Rack.TopicReplicas++;
        best.Rack.Taken++;
        return best.Broker;
    }

    private void Share(ImmutableArray<BrokerId> replicas)
    {
        for (var i = 0; i < replicas.Length; i++)
            for (var j = 0; j < i; j++)
            {
                var pair = Pair(replicas[i], replicas[j]);
                _shared[pair] = _shared.GetValueOrDefault(pair) + 1;
            }
    }

    private static (BrokerId, BrokerId) Pair(BrokerId a, BrokerId b) => a < b ? (a, b) : (b, a);

    private Load? Find(BrokerId broker)
    {
        foreach (var load in _loads)
            if (load.Broker == broker) return load;
        return null;
    }

    private sealed class Rack
    {
        public int Brokers { get; set; }
        public int TopicReplicas { get; set; }

        /// <summary>Replicas of the partition in question.</summary>
        public int Taken { get; set; }
    }

    private sealed class Load(BrokerId broker, Rack rack)
    {
        public BrokerId Broker { get; } = broker;
        public Rack Rack { get; } = rack;
        public int TopicReplicas { get; set; }
        public int Replicas { get; set; }

        /// <summary>Partitions of the topic that it shares with those chosen so far.</summary>
        public int Shared { get; set; }

        /// <summary>Partitions that it shall lead.</summary>
        public int Leaders { get; set; }

        public int CompareTo(Load other)
        {
            var order = Rack.Taken.CompareTo(other.Rack.Taken);
            // Replicas for each broker of the rack, as fractions with the same denominator.
            if (order == 0)
                order = ((long)Rack.TopicReplicas * other.Rack.Brokers).CompareTo((long)other.Rack.TopicReplicas * Rack.Brokers);
            if (order == 0) order = TopicReplicas.CompareTo(other.TopicReplicas);
            if (order == 0) order = Shared.CompareTo(other.Shared);
            if (order == 0) order = Replicas.CompareTo(other.Replicas);
            if (order == 0) order = Leaders.CompareTo(other.Leaders);
            return order != 0 ? order : Broker.CompareTo(other.Broker);
        }
    }
}

using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>Chooses brokers for new partitions, so that a topic's leaders and replicas spread over all of them.</summary>
/// <remarks>Of a new topic, no broker leads two partitions more than another, nor has two replicas more, as far as racks permit;
/// a partition's replicas are on different brokers, and spread over racks as evenly as can be. Brokers that are fenced, about to
/// stop, or being emptied get nothing.</remarks>
public static class Placement
{
    /// <param name="existing">The topic's partitions so far.</param>
    public static ImmutableArray<ImmutableArray<BrokerId>> Place(
        MetadataImage image, ImmutableArray<PartitionImage> existing, int count, int replicationFactor)
    {
        Invariant.Holds(replicationFactor >= 1 && replicationFactor <= UsableBrokers(image));
        if (image.Brokers.Count == 1) return [.. Enumerable.Repeat(ImmutableArray.Create(image.Brokers.Keys.First()), count)];

        var chooser = new ReplicaChooser(image, existing, IsUsable);
        var placed = ImmutableArray.CreateBuilder<ImmutableArray<BrokerId>>(count);
        for (var i = 0; i < count; i++) placed.Add(chooser.Next(replicationFactor));
        return LeaderBalance.Order(
            placed.DrainToImmutable(), Leaders(existing), Leaders(image.Topics.Values.SelectMany(t => t.Partitions)));
    }

    /// <summary>How many replicas a new partition can have.</summary>
    public static int UsableBrokers(MetadataImage image) => image.Brokers.Values.Count(IsUsable);

    /// <summary>Partitions placed here: those in sync are those that are there.</summary>
    internal static PartitionImage New(MetadataImage image, int index, ImmutableArray<BrokerId> replicas) =>
        PartitionImage.New(index, replicas, replicas.RemoveAll(replica => !image.IsActive(replica)));

    private static bool IsUsable(BrokerImage broker) => broker.IsActive && !broker.IsDraining;

    private static Dictionary<BrokerId, int> Leaders(IEnumerable<PartitionImage> partitions) =>
        partitions.CountBy(p => p.Replicas[0]).ToDictionary();
}

using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Metadata;

/// <summary>What happened to the cluster. The controller persists these; nothing else changes an image.</summary>
public abstract record MetadataEvent
{
    /// <summary>The cluster has its name; the first event of all.</summary>
    public sealed record ClusterCreated(string ClusterId) : MetadataEvent;

    /// <summary>A broker started, with the epoch that <paramref name="Broker"/> carries.</summary>
    public sealed record BrokerRegistered(BrokerImage Broker) : MetadataEvent;

    /// <summary>What may be asked of a broker changed; of no other registration than <paramref name="Epoch"/>.</summary>
    public sealed record BrokerChanged(
        BrokerId Broker, long Epoch, bool IsFenced, bool IsStopping, bool IsDraining) : MetadataEvent;

    /// <summary>The broker is gone for good; its id may come back as another one.</summary>
    public sealed record BrokerUnregistered(BrokerId Broker) : MetadataEvent;

    public sealed record TopicCreated(TopicImage Topic) : MetadataEvent;

    /// <summary>Partitions added behind those that the topic has.</summary>
    public sealed record PartitionsAdded(TopicId Topic, ImmutableArray<PartitionImage> Partitions) : MetadataEvent;

    /// <summary>New leaders, epochs or in-sync sets.</summary>
    public sealed record PartitionsChanged(TopicId Topic, ImmutableArray<PartitionImage> Partitions) : MetadataEvent;

    /// <summary>
    /// A replica leads that may lack committed records: those between its log's end at the start of that epoch and the high
    /// watermark before. Changes nothing by itself (that is in <see cref="PartitionsChanged"/>); it stays in the journal as the
    /// record of it. What it has cost is known when others that had more follow (<see cref="RecordsLost"/>).
    /// </summary>
    /// <param name="InSync">Who was known to have all: the ISR, or else the eligible leaders, or else the last leader.</param>
    public sealed record UncleanElection(
        TopicId Topic, int Partition, BrokerId Leader, Epoch LeaderEpoch, ImmutableArray<BrokerId> InSync) : MetadataEvent;

    /// <summary>A replica cut records from its log that a leader which was elected uncleanly does not have: see
    /// <see cref="Controller.LostRange"/>. Changes nothing; the record of it.</summary>
    public sealed record RecordsLost(
        TopicId Topic, int Partition, BrokerId Replica, Epoch LeaderEpoch, Offset From, Offset To, Offset HighWatermark)
        : MetadataEvent;

    /// <summary>The topic and its configs are gone; its id is never used again.</summary>
    public sealed record TopicDeleted(TopicId Topic) : MetadataEvent;

    /// <param name="Changes">Value by key; <c>null</c> removes the key, so that its default counts again.</param>
    public sealed record ConfigChanged(
        ConfigResource Resource, ImmutableSortedDictionary<string, string?> Changes) : MetadataEvent;

    /// <summary>Producer ids below <paramref name="NextProducerId"/> are given away.</summary>
    public sealed record ProducerIdsAllocated(BrokerId Broker, long NextProducerId) : MetadataEvent;
}

/// <summary>Events that turn the image of version <paramref name="From"/> into that of <paramref name="From"/> + their
/// number.</summary>
public sealed record MetadataDelta(long From, ImmutableArray<MetadataEvent> Events);

using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Metadata;

/// <summary>All that a broker knows of the cluster at one version. Immutable: hold one for as long as one request needs
/// it.</summary>
/// <remarks>Invariants: topics by name and by id are the same topics; a partition's index is its position; the version is the
/// number of events applied.</remarks>
public sealed record MetadataImage
{
    public static readonly MetadataImage Empty = new();

    private MetadataImage()
    {
    }

    /// <summary>Number of events that made this image.</summary>
    public long Version { get; private init; }

    /// <summary>Empty until the cluster was created.</summary>
    public string ClusterId { get; private init; } = "";

    public ImmutableSortedDictionary<BrokerId, BrokerImage> Brokers { get; private init; } =
        ImmutableSortedDictionary<BrokerId, BrokerImage>.Empty;

    public ImmutableDictionary<string, TopicImage> Topics { get; private init; } =
        ImmutableDictionary.Create<string, TopicImage>(StableHash.Names);

    public ImmutableDictionary<TopicId, TopicImage> TopicsById { get; private init; } =
        ImmutableDictionary<TopicId, TopicImage>.Empty;

    /// <summary>Configs set at run time, by what they belong to.</summary>
    public ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>> Configs { get; private init; } =
        ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>>.Empty;

    public TopicImage? Topic(string name) => Topics.GetValueOrDefault(name);

    public TopicImage? Topic(TopicId id) => TopicsById.GetValueOrDefault(id);

    public PartitionImage? Partition(TopicPartition partition) =>
        Topics.TryGetValue(partition.Topic, out var topic) && (uint)partition.Partition < (uint)topic.Partitions.Length
            ? topic.Partitions[partition.Partition]
            : null;

    /// <summary>Is the broker registered, within reach, and not about to stop?</summary>
    public bool IsActive(BrokerId id) => Brokers.TryGetValue(id, out var broker) && broker.IsActive;

    /// <summary>Brokers that clients can reach.</summary>
    public IEnumerable<BrokerImage> ServingBrokers => Brokers.Values.Where(b => !b.IsFenced);

    /// <summary>Is the broker registered, and can it be reached?</summary>
    public bool IsServing(BrokerId id) => Brokers.TryGetValue(id, out var broker) && !broker.IsFenced;

    /// <summary>Configs set at run time for that resource; empty when none are.</summary>
    public ImmutableSortedDictionary<string, string> ConfigsOf(ConfigResource resource) =>
        Configs.GetValueOrDefault(resource, ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>The topics and partitions of this image, and of each what a newer one knows: who leads, who is in sync; and its
    /// brokers. Still this version: it has not all of the newer one.</summary>
    public MetadataImage WithLeadersOf(MetadataImage newer)
    {
        Invariant.Holds(newer.Version >= Version);
        if (newer.Version == Version) return this;
        var image = this with { Brokers = newer.Brokers };
        foreach (var topic in Topics.Values)
            if (newer.Topic(topic.Id) is { } now && !ReferenceEquals(now, topic))
                image = image.WithTopic(topic with { Partitions = now.Partitions[..topic.Partitions.Length] });
        return image;
    }

    /// <exception cref="InvalidOperationException">The delta does not start at this version.</exception>
    public MetadataImage Apply(MetadataDelta delta)
    {
        Invariant.Holds(delta.From == Version);
        var image = this;
        foreach (var change in delta.Events) image = image.Apply(change);
        return image;
    }

    public MetadataImage Apply(MetadataEvent change) => With(change) with { Version = Version + 1 };

    private MetadataImage With(MetadataEvent change) => change switch
    {
        MetadataEvent.ClusterCreated e => this with { ClusterId = e.ClusterId },
        MetadataEvent.BrokerRegistered e => this with { Brokers = Brokers.SetItem(e.Broker.Id, e.Broker) },
        MetadataEvent.BrokerChanged e => WithBroker(e),
        MetadataEvent.BrokerUnregistered e => this with { Brokers = Brokers.Remove(e.Broker) },
        MetadataEvent.TopicCreated e => WithTopic(e.Topic),
        MetadataEvent.PartitionsAdded e =>
            WithTopic(TopicsById[e.Topic] with { Partitions = TopicsById[e.Topic].Partitions.AddRange(e.Partitions) }),
        MetadataEvent.PartitionsChanged e => WithTopic(Changed(TopicsById[e.Topic], e.Partitions)),
        MetadataEvent.TopicDeleted e => Without(TopicsById[e.Topic]),
        MetadataEvent.ConfigChanged e => WithConfigs(e),
        MetadataEvent.UncleanElection or MetadataEvent.RecordsLost => this, // History.
        MetadataEvent.ProducerIdsAllocated => this, // Only the controller counts producer ids.
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "An event that this version does not know."),
    };

    /// <summary>The same content at another version, for one that was restored from a snapshot.</summary>
    internal MetadataImage At(long version)
    {
        Invariant.Holds(version >= Version);
        return this with { Version = version };
    }

    private MetadataImage WithBroker(MetadataEvent.BrokerChanged e)
    {
        var broker = Brokers[e.Broker];
        Invariant.Holds(broker.Epoch == e.Epoch);
        broker = broker with { IsFenced = e.IsFenced, IsStopping = e.IsStopping, IsDraining = e.IsDraining };
        return this with { Brokers = Brokers.SetItem(e.Broker, broker) };
    }

    private MetadataImage WithTopic(TopicImage topic)
    {
        for (var i = 0; i < topic.Partitions.Length; i++) Invariant.Holds(topic.Partitions[i].Index == i);
        return this with { Topics = Topics.SetItem(topic.Name, topic), TopicsById = TopicsById.SetItem(topic.Id, topic) };
    }

    private static TopicImage Changed(TopicImage topic, ImmutableArray<PartitionImage> changes)
    {
        var partitions = topic.Partitions.ToBuilder();
        foreach (var change in changes) partitions[change.Index] = change;
        return topic with { Partitions = partitions.DrainToImmutable() };
    }

    private MetadataImage Without(TopicImage topic) => this with
    {
        Topics = Topics.Remove(topic.Name),
        TopicsById = TopicsById.Remove(topic.Id),
        Configs = Configs.Remove(ConfigResource.Topic(topic.Name)),
    };

    private MetadataImage WithConfigs(MetadataEvent.ConfigChanged e)
    {
        var configs = ConfigsOf(e.Resource).ToBuilder();
        foreach (var (key, value) in e.Changes)
            if (value is null) configs.Remove(key);
            else configs[key] = value;
        var all = configs.Count == 0 ? Configs.Remove(e.Resource) : Configs.SetItem(e.Resource, configs.ToImmutable());
        return this with { Configs = all };
    }
}

using System.Collections.Immutable;
using ActorBroker.Core.Configs;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Journal;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;

namespace ActorBroker.Metadata;

/// <summary>What one image asks of this broker's replicas: which there are, and what each of them is to be.</summary>
/// <remarks>Pure. What an image has not changed is taken over from the plan before, so that a change costs what it
/// changes.</remarks>
internal sealed class ReplicaPlan
{
    /// <summary>How much a batch may grow where the broker has to look into it.</summary>
    private const int MaxDecompressedBytes = 128 << 20;

    public static readonly ReplicaPlan Empty = new(ImmutableDictionary<TopicId, Topic>.Empty);

    private readonly ImmutableDictionary<TopicId, Topic> _topics;

    private ReplicaPlan(ImmutableDictionary<TopicId, Topic> topics) => _topics = topics;

    /// <summary>A topic's replicas here, and what they were made of.</summary>
    private sealed record Topic(
        TopicImage Image, ImmutableSortedDictionary<string, string> Configs, BrokerConfigsOf Brokers,
        ImmutableArray<Replica.Assign> Replicas)
    {
        public bool IsStillOf(TopicImage image, ImmutableSortedDictionary<string, string> configs, BrokerConfigsOf brokers) =>
            ReferenceEquals(Image, image) && ReferenceEquals(Configs, configs)
            && ReferenceEquals(Brokers.Own, brokers.Own) && ReferenceEquals(Brokers.All, brokers.All);
    }

    /// <summary>Dynamic configs of this broker, and of all brokers.</summary>
    private readonly record struct BrokerConfigsOf(
        ImmutableSortedDictionary<string, string> Own, ImmutableSortedDictionary<string, string> All);

    public IEnumerable<Replica.Assign> Replicas => _topics.Values.SelectMany(t => t.Replicas);

    /// <summary>The plan for an image that comes after the one of this plan.</summary>
    public ReplicaPlan Next(MetadataImage image, BrokerId broker, BrokerSettings settings)
    {
        var brokers = new BrokerConfigsOf(
            image.ConfigsOf(ConfigResource.Broker(broker)), image.ConfigsOf(ConfigResource.AllBrokers));
        var topics = _topics.ToBuilder();
        foreach (var id in _topics.Keys)
            if (!image.TopicsById.ContainsKey(id)) topics.Remove(id);
        foreach (var topic in image.Topics.Values)
        {
            var configs = image.ConfigsOf(ConfigResource.Topic(topic.Name));
            if (_topics.TryGetValue(topic.Id, out var before) && before.IsStillOf(topic, configs, brokers)) continue;
            topics[topic.Id] = new Topic(topic, configs, brokers, Assigns(topic, image, broker, settings));
        }
        return new ReplicaPlan(topics.ToImmutable());
    }

    /// <summary>What is to be told, now that <paramref name="before"/> no longer holds.</summary>
    public (ImmutableArray<Replica.Assign> Assigned, ImmutableArray<ReplicaId> Gone) Since(ReplicaPlan before)
    {
        var assigned = ImmutableArray.CreateBuilder<Replica.Assign>();
        var gone = ImmutableArray.CreateBuilder<ReplicaId>();
        foreach (var (id, topic) in _topics)
        {
            var old = before._topics.GetValueOrDefault(id);
            if (ReferenceEquals(old, topic)) continue;
            var told = old?.Replicas.ToDictionary(r => r.Id) ?? [];
            foreach (var replica in topic.Replicas)
                if (!told.Remove(replica.Id, out var last) || !Same(replica, last)) assigned.Add(replica);
            gone.AddRange(told.Keys); // Moved away from this broker.
        }
        foreach (var (id, topic) in before._topics)
            if (!_topics.ContainsKey(id)) gone.AddRange(topic.Replicas.Select(r => r.Id));
        return (assigned.ToImmutable(), gone.ToImmutable());
    }

    private static ImmutableArray<Replica.Assign> Assigns(
        TopicImage topic, MetadataImage image, BrokerId broker, BrokerSettings settings)
    {
        if (!topic.Partitions.Any(p => p.Replicas.Contains(broker))) return [];
        var values = TopicSettings.Of(topic.Name, image, broker, settings);
        var (log, rules) = (LogOf(values, settings), RulesOf(values));
        return
        [
            .. topic.Partitions.Where(p => p.Replicas.Contains(broker)).Select(p => new Replica.Assign(
                new TopicPartition(topic.Name, p.Index), topic.Id, p, log, rules, values.MinInSyncReplicas)
            {
                Throttle = ThrottleOf(image.ConfigsOf(ConfigResource.Topic(topic.Name)), p.Index, broker),
            }),
        ];
    }

    private static ReplicaThrottle ThrottleOf(
        ImmutableSortedDictionary<string, string> configs, int partition, BrokerId broker) =>
        (ThrottledReplicas.Contain(configs.GetValueOrDefault(ThrottledReplicas.OfLeaders), partition, broker)
            ? ReplicaThrottle.Leader : ReplicaThrottle.None)
        | (ThrottledReplicas.Contain(configs.GetValueOrDefault(ThrottledReplicas.OfFollowers), partition, broker)
            ? ReplicaThrottle.Follower : ReplicaThrottle.None);

    private static bool Same(Replica.Assign a, Replica.Assign b) =>
        a.Image.PartitionEpoch == b.Image.PartitionEpoch && a.Log == b.Log && a.Rules == b.Rules && a.MinInSync == b.MinInSync
        && a.Throttle == b.Throttle;

    private static LogConfig LogOf(TopicSettings topic, BrokerSettings settings) => new()
    {
        SegmentBytes = topic.SegmentBytes,
        SegmentMs = topic.SegmentMs,
        SegmentJitterMs = topic.SegmentJitterMs,
        SegmentIndexBytes = topic.SegmentIndexBytes,
        IndexIntervalBytes = topic.IndexIntervalBytes,
        RetentionMs = topic.RetentionMs,
        RetentionBytes = topic.RetentionBytes,
        CleanupDelete = topic.Delete,
        CleanupCompact = topic.Compact,
        FileDeleteDelayMs = topic.FileDeleteDelayMs,
        FlushMessages = topic.FlushMessages,
        FlushMs = topic.FlushMs,
        TimestampType = TypeOf(topic),
        ProducerIdExpirationMs = settings.Long("producer.id.expiration.ms"),
    };

    private static TopicRecordRules RulesOf(TopicSettings topic) => new(
        topic.MaxMessageBytes,
        topic.SegmentBytes,
        RequiresKeys: topic.Compact,
        TypeOf(topic),
        topic.TimestampBeforeMaxMs,
        topic.TimestampAfterMaxMs,
        MaxDecompressedBytes,
        topic.Compression);

    private static TimestampType TypeOf(TopicSettings topic) =>
        topic.LogAppendTime ? TimestampType.LogAppendTime : TimestampType.CreateTime;
}

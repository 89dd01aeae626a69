using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients;

/// <summary>What a broker said about brokers and topics at one moment.</summary>
internal sealed class ClusterMetadata
{
    public static readonly ClusterMetadata Empty = new(new MetadataResponse());

    private readonly Dictionary<BrokerId, HostAndPort> _brokers;
    private readonly Dictionary<string, MetadataResponse.Topic> _topics;

    /// <param name="older">Where the response is about some topics only: what is known of the others.</param>
    public ClusterMetadata(MetadataResponse response, ClusterMetadata? older = null)
    {
        Response = response;
        _brokers = response.Brokers.ToDictionary(b => b.NodeId, b => new HostAndPort(b.Host, b.Port));
        _topics = response.Topics.Where(t => t.Name is not null).ToDictionary(t => t.Name!);
        foreach (var (name, topic) in older?._topics ?? []) _topics.TryAdd(name, topic);
        foreach (var topic in response.Topics) Array.Sort(topic.Partitions, static (a, b) => a.Index.CompareTo(b.Index));
    }

    public MetadataResponse Response { get; }

    public IReadOnlyCollection<HostAndPort> Brokers => _brokers.Values;

    public HostAndPort? AddressOf(BrokerId broker) => _brokers.TryGetValue(broker, out var address) ? address : null;

    /// <summary>Null where nobody asked for it, or it has no name.</summary>
    public MetadataResponse.Topic? Topic(string name) => _topics.GetValueOrDefault(name);

    /// <summary>The topic, if it can be used.</summary>
    /// <exception cref="KafkaException">It does not exist or cannot be reached.</exception>
    public MetadataResponse.Topic RequireTopic(string name)
    {
        var topic = Topic(name) ?? throw new KafkaException(ErrorCode.UnknownTopicOrPartition, $"Topic {name} does not exist");
        if (topic.ErrorCode == ErrorCode.UnknownTopicOrPartition)
            throw new KafkaException(topic.ErrorCode, $"Topic {name} does not exist");
        KafkaException.ThrowIfError(topic.ErrorCode, $"{name}: {ErrorTexts.SentenceOf(topic.ErrorCode)}");
        return topic;
    }

    public MetadataResponse.Partition? Partition(TopicPartition partition) =>
        Topic(partition.Topic) is { } topic ? Array.Find(topic.Partitions, p => p.Index == partition.Partition) : null;

    /// <summary><see cref="BrokerId.None"/> where there is no leader, or nothing is known of the partition.</summary>
    public BrokerId LeaderOf(TopicPartition partition) => Partition(partition)?.LeaderId ?? BrokerId.None;
}

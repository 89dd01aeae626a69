using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Protocol;

namespace ActorBroker.Controller;

/// <summary>How the broker makes the topics that it keeps for its own use.</summary>
internal static class InternalTopics
{
    /// <summary>A topic that clients' first use of it makes: internal ones as they have to be, others by the broker's
    /// defaults.</summary>
    public static NewTopic Auto(string name, TopicId id, BrokerOptions options, int brokers) => name switch
    {
        TopicImage.ConsumerOffsets => ConsumerOffsets(id, options.Groups, brokers),
        _ => NewTopic.Named(name, id),
    };

    /// <summary>__consumer_offsets: compacted, in small segments, since it is read as a whole when a coordinator
    /// starts.</summary>
    public static NewTopic ConsumerOffsets(TopicId id, GroupOptions options, int brokers) => NewTopic.Named(
        TopicImage.ConsumerOffsets, id,
        options.OffsetsPartitions, Math.Min(options.OffsetsReplicationFactor, Math.Max(brokers, 1)),
        new KeyValuePair<string, string?>("cleanup.policy", "compact"),
        new KeyValuePair<string, string?>(
            "segment.bytes", options.OffsetsSegmentBytes.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new KeyValuePair<string, string?>("compression.type", "producer"));
}

using System.Buffers.Binary;
using System.Text;

namespace ActorBroker.Core.Groups;

/// <summary>What members of protocol type "consumer" say with each protocol: a version and the topics that they subscribe
/// to, before much else that is between the clients. The broker needs the topics: committed offsets of subscribed topics
/// neither expire nor may be deleted.</summary>
public static class ConsumerSubscription
{
    public const string ProtocolType = "consumer";

    /// <returns>False when the bytes are something else; clients may put there what they like.</returns>
    public static bool TryReadTopics(ReadOnlySpan<byte> metadata, ICollection<string> topics)
    {
        ArgumentNullException.ThrowIfNull(topics);
        const int headerBytes = 2 + 4; // version, number of topics
        if (metadata.Length < headerBytes || BinaryPrimitives.ReadInt16BigEndian(metadata) < 0) return false;
        var count = BinaryPrimitives.ReadInt32BigEndian(metadata[2..]);
        metadata = metadata[headerBytes..];
        for (; count > 0; count--)
        {
            if (metadata.Length < 2) return false;
            var length = BinaryPrimitives.ReadInt16BigEndian(metadata);
            if (length < 0 || length > metadata.Length - 2) return false;
            topics.Add(Encoding.UTF8.GetString(metadata.Slice(2, length)));
            metadata = metadata[(2 + length)..];
        }
        return true;
    }
}

using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Controller;

/// <summary>Whether preferred replicas should be made leaders again.</summary>
public static class LeaderImbalance
{
    /// <param name="image">As it is now.</param>
    /// <param name="percentage">Of the partitions that a broker is the preferred leader of; above it, something is to be
    /// done.</param>
    public static bool IsAbove(MetadataImage image, int percentage)
    {
        var preferred = new Dictionary<BrokerId, (int All, int NotLed)>();
        foreach (var topic in image.Topics.Values)
        {
            foreach (var partition in topic.Partitions)
            {
                var (all, notLed) = preferred.GetValueOrDefault(partition.Replicas[0]);
                preferred[partition.Replicas[0]] = (all + 1, notLed + (partition.Leader == partition.Replicas[0] ? 0 : 1));
            }
        }
        return preferred.Any(b => image.IsActive(b.Key) && b.Value.NotLed * 100L > (long)percentage * b.Value.All);
    }
}

using System.Globalization;
using ActorBroker.Core.Configs;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;

namespace ActorBroker.Replicas;

/// <summary>A broker's two rates for throttled replicas (KIP-73), as its dynamic configs say.</summary>
internal sealed class ReplicationQuotas(BrokerId broker, BrokerSettings settings)
{
    /// <summary><c>leader.replication.throttled.rate</c>: what others copy from here.</summary>
    public ReplicationQuota Leader { get; } = new();

    /// <summary><c>follower.replication.throttled.rate</c>: what is copied to here.</summary>
    public ReplicationQuota Follower { get; } = new();

    public void Follow(MetadataImage image)
    {
        Leader.BytesPerSecond = RateOf(ThrottledReplicas.LeaderRate, image);
        Follower.BytesPerSecond = RateOf(ThrottledReplicas.FollowerRate, image);
    }

    private long RateOf(string key, MetadataImage image) =>
        ConfigLayers.OfBroker(key, image, broker, settings) is [var strongest, ..]
            ? long.Parse(strongest.Value, CultureInfo.InvariantCulture)
            : ReplicationQuota.Unlimited;
}

/// <summary>How a replica is throttled while it is not in sync.</summary>
[Flags]
internal enum ReplicaThrottle
{
    None = 0,
    Leader = 1,
    Follower = 2,
}

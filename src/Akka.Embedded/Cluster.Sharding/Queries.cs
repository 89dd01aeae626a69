using Akka.Actor;
using Akka.Util;

namespace Akka.Cluster.Sharding;

/// <summary>What a shard region can be asked.</summary>
public interface IShardRegionQuery;

/// <summary>Which regions are there? Answered by <see cref="CurrentRegions"/>.</summary>
public sealed class GetCurrentRegions : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetCurrentRegions Instance = new();

    private GetCurrentRegions() { }

    public override string ToString() => nameof(GetCurrentRegions);
}

/// <summary>How many entities are there in which shards of the whole cluster? Answered by <see cref="ClusterShardingStats"/>,
/// without the regions that did not answer in time.</summary>
public sealed class GetClusterShardingStats(TimeSpan timeout)
    : IShardRegionQuery, IClusterShardingSerializable, IEquatable<GetClusterShardingStats>
{
    public readonly TimeSpan Timeout = timeout;

    public bool Equals(GetClusterShardingStats? other) => other is not null && Timeout == other.Timeout;
    public override bool Equals(object? obj) => obj is GetClusterShardingStats other && Equals(other);
    public override int GetHashCode() => Timeout.GetHashCode();
    public override string ToString() => $"GetClusterShardingStats({Timeout})";
}

/// <summary>How many entities are there in the shards of this region? Answered by <see cref="ShardRegionStats"/>.</summary>
public sealed class GetShardRegionStats : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetShardRegionStats Instance = new();

    private GetShardRegionStats() { }

    public override string ToString() => nameof(GetShardRegionStats);
}

/// <summary>Which entities are there in the shards of this region? Answered by <see cref="CurrentShardRegionState"/>.</summary>
public sealed class GetShardRegionState : IShardRegionQuery, IClusterShardingSerializable
{
    public static readonly GetShardRegionState Instance = new();

    private GetShardRegionState() { }

    public override string ToString() => nameof(GetShardRegionState);
}

/// <summary>Where does an entity live, and does it? Answered by <see cref="EntityLocation"/>; nothing is started.</summary>
public sealed class GetEntityLocation(string entityId, TimeSpan timeout) : IShardRegionQuery
{
    public string EntityId { get; } = entityId;
    public TimeSpan Timeout { get; } = timeout;

    public override string ToString() => $"GetEntityLocation({EntityId}, {Timeout})";
}

/// <summary>Where an entity lives.</summary>
/// <param name="entityId">The entity.</param>
/// <param name="shardId">Its shard.</param>
/// <param name="shardRegion">Whose region hosts the shard; null where this region doesn't know.</param>
/// <param name="entityRef">The entity, if it runs.</param>
public sealed class EntityLocation(string entityId, string shardId, Address? shardRegion, Option<IActorRef> entityRef)
{
    public string EntityId { get; } = entityId;
    public string ShardId { get; } = shardId;
    public Address? ShardRegion { get; } = shardRegion;
    public Option<IActorRef> EntityRef { get; } = entityRef;

    public override string ToString() => $"EntityLocation({EntityId}, shard {ShardId}, region {ShardRegion}, {EntityRef})";
}

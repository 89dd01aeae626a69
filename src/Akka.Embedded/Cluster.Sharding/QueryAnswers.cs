using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Addresses of all regions.</summary>
public sealed class CurrentRegions(IImmutableSet<Address> regions) : IClusterShardingSerializable, IEquatable<CurrentRegions>
{
    public readonly IImmutableSet<Address> Regions = regions;

    public bool Equals(CurrentRegions? other) => other is not null && Regions.SetEquals(other.Regions);
    public override bool Equals(object? obj) => obj is CurrentRegions other && Equals(other);
    public override int GetHashCode() => Regions.Count;
    public override string ToString() => $"CurrentRegions({string.Join(", ", Regions.Order())})";
}

/// <summary>The statistics of each region, by address.</summary>
public sealed class ClusterShardingStats(IImmutableDictionary<Address, ShardRegionStats> regions)
    : IClusterShardingSerializable, IEquatable<ClusterShardingStats>
{
    public readonly IImmutableDictionary<Address, ShardRegionStats> Regions = regions;

    public bool Equals(ClusterShardingStats? other) =>
        other is not null && Regions.Count == other.Regions.Count
        && Regions.All(r => other.Regions.TryGetValue(r.Key, out var stats) && r.Value.Equals(stats));

    public override bool Equals(object? obj) => obj is ClusterShardingStats other && Equals(other);
    public override int GetHashCode() => Regions.Count;

    public override string ToString() =>
        $"ClusterShardingStats({string.Join(", ", Regions.OrderBy(r => r.Key).Select(r => $"{r.Key}: {r.Value}"))})";
}

/// <summary>How many entities are in each shard of a region.</summary>
/// <param name="stats">By shard.</param>
/// <param name="failed">Shards that did not answer in time.</param>
public sealed class ShardRegionStats(IImmutableDictionary<string, int> stats, IImmutableSet<string> failed)
    : IClusterShardingSerializable, IEquatable<ShardRegionStats>
{
    public readonly IImmutableDictionary<string, int> Stats = stats;
    public readonly IImmutableSet<string> Failed = failed;

    public ShardRegionStats(IImmutableDictionary<string, int> stats) : this(stats, ImmutableHashSet<string>.Empty) { }

    public bool Equals(ShardRegionStats? other) =>
        other is not null && Failed.SetEquals(other.Failed) && Stats.Count == other.Stats.Count
        && Stats.All(s => other.Stats.TryGetValue(s.Key, out var count) && count == s.Value);

    public override bool Equals(object? obj) => obj is ShardRegionStats other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Stats.Count, Failed.Count);

    public override string ToString()
    {
        var sorted = Stats.OrderBy(s => s.Key, StringComparer.Ordinal);
        return $"ShardRegionStats({string.Join(", ", sorted.Select(s => $"{s.Key}: {s.Value}"))})";
    }
}

/// <summary>The shards of a region and their entities.</summary>
/// <param name="shards">Those that have answered.</param>
/// <param name="failed">Those that did not in time.</param>
public sealed class CurrentShardRegionState(IImmutableSet<ShardState> shards, IImmutableSet<string> failed)
    : IClusterShardingSerializable, IEquatable<CurrentShardRegionState>
{
    public readonly IImmutableSet<ShardState> Shards = shards;
    public readonly IImmutableSet<string> Failed = failed;

    public CurrentShardRegionState(IImmutableSet<ShardState> shards) : this(shards, ImmutableHashSet<string>.Empty) { }

    public bool Equals(CurrentShardRegionState? other) =>
        other is not null && Shards.SetEquals(other.Shards) && Failed.SetEquals(other.Failed);

    public override bool Equals(object? obj) => obj is CurrentShardRegionState other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(Shards.Count, Failed.Count);

    public override string ToString() =>
        $"CurrentShardRegionState({string.Join(", ", Shards.OrderBy(s => s.ShardId, StringComparer.Ordinal))})";
}

/// <summary>A shard and its entities.</summary>
public sealed class ShardState(string shardId, IImmutableSet<string> entityIds)
    : IClusterShardingSerializable, IEquatable<ShardState>
{
    public readonly string ShardId = shardId;
    public readonly IImmutableSet<string> EntityIds = entityIds;

    public bool Equals(ShardState? other) =>
        other is not null && ShardId == other.ShardId && EntityIds.SetEquals(other.EntityIds);

    public override bool Equals(object? obj) => obj is ShardState other && Equals(other);
    public override int GetHashCode() => ShardId.GetHashCode(StringComparison.Ordinal);
    public override string ToString() => $"{ShardId}: [{string.Join(", ", EntityIds.Order(StringComparer.Ordinal))}]";
}

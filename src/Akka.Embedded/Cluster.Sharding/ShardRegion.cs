namespace Akka.Cluster.Sharding;

/// <summary>
/// The actor through which messages go to entities: it finds out where each shard lives, hosts some, and keeps messages for
/// shards that have no home yet. Got by <see cref="ClusterSharding"/>.
/// </summary>
public sealed class ShardRegion
{
    private ShardRegion() { }

    /// <summary>Starts an entity without giving it a message. Sent to a region.</summary>
    public sealed class StartEntity(string entityId) : IClusterShardingSerializable, IEquatable<StartEntity>
    {
        public readonly string EntityId = entityId;

        public bool Equals(StartEntity? other) => other is not null && EntityId == other.EntityId;
        public override bool Equals(object? obj) => obj is StartEntity other && Equals(other);
        public override int GetHashCode() => EntityId.GetHashCode(StringComparison.Ordinal);
        public override string ToString() => $"StartEntity({EntityId})";
    }
}

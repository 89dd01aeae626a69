using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Marks messages of sharding that cross nodes.</summary>
public interface IClusterShardingSerializable;

/// <summary>A message with the id of its entity, for extractors that want it so.</summary>
public sealed class ShardingEnvelope(string entityId, object message)
    : IClusterShardingSerializable, IWrappedMessage, IEquatable<ShardingEnvelope>
{
    public string EntityId { get; } = entityId;
    public object Message { get; } = message;

    public bool Equals(ShardingEnvelope? other) =>
        other is not null && EntityId == other.EntityId && Equals(Message, other.Message);

    public override bool Equals(object? obj) => obj is ShardingEnvelope other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(EntityId, Message);
    public override string ToString() => $"ShardingEnvelope({EntityId}, {Message})";
}

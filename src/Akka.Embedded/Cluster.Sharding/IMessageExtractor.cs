using Akka.Util;

namespace Akka.Cluster.Sharding;

/// <summary>Says to which entity a message goes, and in which shard that entity lives. Must say the same on all nodes.</summary>
public interface IMessageExtractor
{
    /// <summary>The entity a message is for; null: the message is not for sharding.</summary>
    string? EntityId(object message);

    /// <summary>What the entity gets to see of the message.</summary>
    object? EntityMessage(object message);

    /// <summary>The shard of the entity that a message is for.</summary>
    string? ShardId(object message);

    /// <summary>The shard of an entity; the message, where there is one, may help.</summary>
    string ShardId(string entityId, object? messageHint = null);
}

/// <summary>The entity a message is for, and what it gets to see of it; nothing: the message is not for sharding.</summary>
public delegate Option<(string, object)> ExtractEntityId(object message);

/// <summary>The shard of the entity that a message is for; also asked with a <see cref="ShardRegion.StartEntity"/>.</summary>
public delegate string ExtractShardId(object message);

/// <summary>The older way to say the same, by two functions.</summary>
internal sealed class DelegatingExtractor(ExtractEntityId entityId, ExtractShardId shardId) : IMessageExtractor
{
    public string? EntityId(object message) => entityId(message) is { HasValue: true } found ? found.Value.Item1 : null;

    public object? EntityMessage(object message) => entityId(message) is { HasValue: true } found ? found.Value.Item2 : null;

    public string? ShardId(object message) => shardId(message);

    public string ShardId(string id, object? messageHint = null) => shardId(messageHint ?? new ShardRegion.StartEntity(id));
}

using System.Globalization;
using Akka.Util;

namespace Akka.Cluster.Sharding;

/// <summary>Spreads entities over a fixed number of shards by a hash of their id.</summary>
/// <param name="maxNumberOfShards">The same on all nodes, for ever. Ten times the number of nodes is a good choice.</param>
public abstract class HashCodeMessageExtractor(int maxNumberOfShards) : IMessageExtractor
{
    public readonly int MaxNumberOfShards = maxNumberOfShards;

    /// <summary>An extractor made of functions. Without the second, entities get messages as they are.</summary>
    public static HashCodeMessageExtractor Create(int maxNumberOfShards, Func<object, string?> entityIdExtractor,
        Func<object, object>? messageExtractor = null) =>
        new Functions(maxNumberOfShards, entityIdExtractor, messageExtractor);

    /// <inheritdoc/>
    public abstract string? EntityId(object message);

    /// <summary>The message itself, unless overridden: a <see cref="ShardingEnvelope"/> is not unwrapped.</summary>
    public virtual object? EntityMessage(object message) => message;

    /// <inheritdoc/>
    public virtual string? ShardId(object message) => EntityId(message) is { } id ? ShardId(id, message) : null;

    /// <inheritdoc/>
    public virtual string ShardId(string entityId, object? messageHint = null) =>
        // As a long: the lowest int has no absolute value.
        (Math.Abs((long)MurmurHash.StringHash(entityId)) % MaxNumberOfShards).ToString(CultureInfo.InvariantCulture);

    private sealed class Functions(int maxNumberOfShards, Func<object, string?> entityId, Func<object, object>? message)
        : HashCodeMessageExtractor(maxNumberOfShards)
    {
        public override string? EntityId(object m) => entityId(m);

        public override object? EntityMessage(object m) => message is null ? m : message(m);
    }
}

using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Metadata;

/// <param name="Name">Topic name, or broker id in decimal; empty for the default of all brokers.</param>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name)
{
    /// <summary>Dynamic defaults of every broker.</summary>
    public static readonly ConfigResource AllBrokers = new(ConfigResourceType.Broker, "");

    /// <inheritdoc cref="StableHash"/>
    public override int GetHashCode() => Name is null ? (int)Type : StableHash.Of(Name) + (int)Type;

    public static ConfigResource Topic(string name) => new(ConfigResourceType.Topic, name);

    public static ConfigResource Broker(BrokerId id) => new(ConfigResourceType.Broker, id.ToString());
}

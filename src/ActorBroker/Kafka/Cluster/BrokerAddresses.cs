using ActorBroker.Core.Metadata;
using ActorBroker.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Kafka.Cluster;

/// <summary>Which address of a broker a client is told: that of the listener it came through.</summary>
internal static class BrokerAddresses
{
    public static (string Host, int Port) Of(BrokerImage broker, ClientConnection client)
    {
        var endpoint = broker.EndpointFor(client.Listener);
        if (endpoint is null) return ("", 0);
        // A listener on all interfaces that nobody gave an address: what the client came to is one that works for it.
        return (endpoint.Host.Length == 0 ? client.LocalAddress : endpoint.Host, endpoint.Port);
    }

    /// <summary>
    /// The broker that a client is told to be the controller: where it runs, if that broker serves; else this one. Every broker
    /// takes what is meant for the controller (as Kafka's do since KRaft, which name any broker that is alive), so a client that
    /// comes to another one, since the controller has moved, is served all the same.
    /// </summary>
    public static BrokerId Controller(MetadataCache metadata, BrokerId self) =>
        metadata.Shown.IsServing(metadata.Controller) ? metadata.Controller : self;

    /// <summary>Replicas whose broker is not there, or whose storage has failed.</summary>
    public static BrokerId[] Offline(PartitionImage partition, MetadataImage image) =>
        [.. partition.Replicas.Where(r => !image.IsServing(r) || partition.Offline.Contains(r))];
}

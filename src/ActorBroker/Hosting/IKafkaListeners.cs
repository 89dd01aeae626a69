using System.Collections.Immutable;
using ActorBroker.Core.Metadata;

namespace ActorBroker.Hosting;

/// <summary>Where Kafka clients are served: bound first, so that the ports are known, opened when the broker is ready, closed by
/// disposal.</summary>
internal interface IKafkaListeners : IAsyncDisposable
{
    /// <summary>What the broker tells others. No host: the address that the client came to.</summary>
    ImmutableArray<BrokerEndpoint> Endpoints { get; }

    /// <summary><c>host:port</c> of the first listener, for a client on this machine.</summary>
    string LocalAddress { get; }

    void Open();
}

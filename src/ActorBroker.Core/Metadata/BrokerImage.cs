using System.Collections.Immutable;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Metadata;

/// <summary>Where clients reach a broker through the listener of this name, for example <c>PLAINTEXT</c>.</summary>
public sealed record BrokerEndpoint(string Listener, string Host, int Port);

/// <summary>One registered broker.</summary>
/// <param name="Epoch">Number of this registration: a broker that starts again gets a higher one.</param>
/// <param name="Endpoints">Advertised addresses, one for each listener.</param>
public sealed record BrokerImage(BrokerId Id, long Epoch, ImmutableArray<BrokerEndpoint> Endpoints, string? Rack)
{
    /// <summary>The address for clients of that listener; of the first listener where there is none of that name.</summary>
    public BrokerEndpoint? EndpointFor(string listener)
    {
        foreach (var endpoint in Endpoints)
            if (string.Equals(endpoint.Listener, listener, StringComparison.OrdinalIgnoreCase)) return endpoint;
        return Endpoints.IsDefaultOrEmpty ? null : Endpoints[0];
    }
}

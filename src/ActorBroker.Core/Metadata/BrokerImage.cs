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
    /// <summary>Names one life of the broker's process, so that a repeated registration is known from another broker with the
    /// same id; 0: not given.</summary>
    public UInt128 Incarnation { get; init; }

    /// <summary>Out of reach: it is in no ISR and leads nothing.</summary>
    public bool IsFenced { get; init; }

    /// <summary>It is about to stop: it gives away what it leads and gets nothing new.</summary>
    public bool IsStopping { get; init; }

    /// <summary>It is being emptied (decommission): nothing new is placed on it, but it serves what it has.</summary>
    public bool IsDraining { get; init; }

    /// <summary>May it lead, and be in sync?</summary>
    public bool IsActive => !IsFenced && !IsStopping;

    /// <summary>The address for clients of that listener; of the first listener where there is none of that name.</summary>
    public BrokerEndpoint? EndpointFor(string listener)
    {
        foreach (var endpoint in Endpoints)
            if (string.Equals(endpoint.Listener, listener, StringComparison.OrdinalIgnoreCase)) return endpoint;
        return Endpoints.IsDefaultOrEmpty ? null : Endpoints[0];
    }
}

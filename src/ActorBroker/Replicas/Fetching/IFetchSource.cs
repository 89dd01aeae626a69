using ActorBroker.Core.Metadata;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Replicas.Fetching;

/// <summary>Another broker as one that replicas are copied from. One request at a time.</summary>
internal interface IFetchSource : IDisposable
{
    /// <summary>Connects where that is needed, asks and waits.</summary>
    /// <exception cref="IOException">No broker answers there, or not in time; the next request connects anew.</exception>
    Task<Fetched> FetchAsync(FetchRequest request);
}

/// <summary>Opens connections to other brokers: sockets, or what a simulator has in their place.</summary>
internal interface IFetchSources
{
    IFetchSource Open(BrokerEndpoint broker);
}

/// <param name="Frame">What the response's records lie in.</param>
internal sealed record Fetched(FetchResponse Response, FetchedFrame Frame);

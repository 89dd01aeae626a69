namespace ActorBroker.Server.Clients;

/// <summary>No address of the bootstrap list is a broker's. Not tried again: mostly the address is wrong.</summary>
internal sealed class NoBrokerException(IReadOnlyList<HostAndPort> tried, Exception? last)
    : Exception(tried.Count == 1 ? last?.Message : $"No broker of {string.Join(',', tried)} answers. {last?.Message}", last);

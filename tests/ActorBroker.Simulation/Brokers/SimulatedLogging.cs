using Akka.Embedded.Simulation;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Simulation.Brokers;

/// <summary>What a broker logs goes into the world's trace; that a replica leads and a voter counts, also to the checks.</summary>
internal sealed class SimulatedLogging(SimulatedNode node, LeaderLog leaders, VoterLog voter) : ILoggerFactory
{
    private const string ReplicaCategory = "ReplicaActor";
    private const string VoterCategory = "QuorumVoterActor";

    public ILogger CreateLogger(string categoryName)
    {
        var name = categoryName[(categoryName.LastIndexOf('.') + 1)..];
        return new Entry(node, name, name == ReplicaCategory ? leaders : null, name == VoterCategory ? voter : null);
    }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class Entry(SimulatedNode node, string name, LeaderLog? leaders, VoterLog? voter) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel >= (node.World.Trace is not null ? LogLevel.Debug
                : leaders is not null || voter is not null ? LogLevel.Information
                : LogLevel.None);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (leaders is not null && eventId.Id == LeaderLog.LeadsEvent && state is IReadOnlyList<KeyValuePair<string, object?>> values)
                leaders.Leads(node, values);
            voter?.Logs(eventId.Id);
            if (node.World.Trace is { } trace)
                trace($"{node.World.Now.TotalSeconds,12:F6} {node.Name} {logLevel} {name}: {formatter(state, exception)} {exception}");
        }
    }
}

using Akka.Configuration;

namespace Akka.Actor;

/// <summary>The phases of a shutdown in order: each after those it depends on.</summary>
internal sealed class ShutdownPhases
{
    public sealed record Phase(string[] DependsOn, TimeSpan Timeout, bool Recover, bool Enabled);

    private readonly Dictionary<string, Phase> _phases;

    private ShutdownPhases(Dictionary<string, Phase> phases)
    {
        _phases = phases;
        Order = Sort(phases);
    }

    public IReadOnlyList<string> Order { get; }

    public static ShutdownPhases From(Config config)
    {
        var defaultTimeout = config.GetTimeSpan("default-phase-timeout", TimeSpan.FromSeconds(5));
        var phases = config.GetConfig("phases")!;
        return new ShutdownPhases(phases.Root!.GetObject()!.Items.Keys.ToDictionary(name => name, name =>
        {
            var phase = phases.GetConfig(name) ?? Config.Empty;
            return new Phase([.. phase.GetStringList("depends-on", [])], phase.GetTimeSpan("timeout", defaultTimeout),
                phase.GetBoolean("recover", true), phase.GetBoolean("enabled", true));
        }));
    }

    /// <exception cref="ArgumentException">No such phase.</exception>
    public Phase Of(string phase) => _phases.GetValueOrDefault(phase)
        ?? throw new ArgumentException(
            $"Unknown phase [{phase}]: akka.coordinated-shutdown.phases has {string.Join(", ", _phases.Keys)}.", nameof(phase));

    private static List<string> Sort(Dictionary<string, Phase> phases)
    {
        var order = new List<string>();
        var visiting = new HashSet<string>();
        foreach (var phase in phases.Keys) Visit(phase);
        return order;

        void Visit(string phase)
        {
            if (order.Contains(phase)) return;
            if (!visiting.Add(phase))
                throw new ArgumentException($"Phase [{phase}] of akka.coordinated-shutdown depends on itself, directly or not.");
            if (phases.TryGetValue(phase, out var entry))
                foreach (var before in entry.DependsOn) Visit(before);
            order.Add(phase);
        }
    }
}

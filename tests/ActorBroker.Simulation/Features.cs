using System.Collections.Immutable;

namespace ActorBroker.Simulation;

/// <summary>What a run has besides brokers, producers, consumers and faults: by its seed, as a run with all would take too long.
/// </summary>
/// <param name="Flushes">Brokers flush before they acknowledge, so all may lose power at once.</param>
/// <param name="Members">So many consumers come into a group and go.</param>
internal sealed record Features(bool Flushes, int Members)
{
    public static Features Of(int seed) => new(
        Flushes: seed % 4 == 3,
        Members: seed % 3 == 1 ? 2 + (seed / 3 % 2) : 0);

    public override string ToString()
    {
        ImmutableArray<string> all = [.. Flushes ? ["log.flush.interval.messages=1"] : (string[])[], .. Members > 0 ? ["members"] : (string[])[]];
        return all.IsEmpty ? "" : $" ({string.Join(", ", all)})";
    }
}

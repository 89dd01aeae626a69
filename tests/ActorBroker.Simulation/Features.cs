using System.Collections.Immutable;

namespace ActorBroker.Simulation;

/// <summary>What a run has besides brokers, producers, consumers and faults: by its seed, as a run with all would take too long.
/// </summary>
/// <param name="Flushes">Brokers flush before they acknowledge, so all may lose power at once.</param>
/// <param name="Members">So many consumers come into a group and go.</param>
/// <param name="Administrator">Somebody changes topics, configs and who has which partition.</param>
/// <param name="Disks">Of each broker; those of brokers with two of them fail, fill up and are replaced.</param>
/// <param name="Racks">Each broker has its own, and one more consumer, in the second's, reads from there (KIP-392).</param>
internal sealed record Features(bool Flushes, int Members, bool Administrator, int Disks, bool Racks)
{
    public static readonly Features None = new(Flushes: false, Members: 0, Administrator: false, Disks: 1, Racks: false);

    public static Features Of(int seed) => new(
        Flushes: seed % 4 == 3,
        Members: seed % 3 == 1 ? 2 + (seed / 3 % 2) : 0,
        Administrator: seed % 5 is 1 or 2,
        Disks: seed % 7 is 2 or 5 ? 2 : 1,
        Racks: seed % 11 is 2 or 6 or 9);

    public override string ToString()
    {
        var all = ImmutableArray.CreateBuilder<string>();
        if (Flushes) all.Add("log.flush.interval.messages=1");
        if (Members > 0) all.Add("members");
        if (Disks > 1) all.Add("disks");
        if (Racks) all.Add("racks");
        if (Administrator) all.Add("administrator");
        return all.Count == 0 ? "" : $" ({string.Join(", ", all)})";
    }
}

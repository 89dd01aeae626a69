namespace ActorBroker.Simulation.Faults;

/// <summary>Faults at random, by seed: a plan can be printed, and says all about a run together with the seed.</summary>
internal static class FaultPlan
{
    /// <summary>How long faults go on; then all is healed.</summary>
    public const double LastFaultSeconds = 60;

    /// <summary>The broker that runs the controller.</summary>
    public const string Controller = "controller";

    /// <summary>The broker that leads the first partition.</summary>
    public const string Leader = "leader";

    public static IReadOnlyList<Fault> Of(Random random, IReadOnlyList<string> brokers, IReadOnlyList<string> clients, bool withDisks = false)
    {
        var plan = new List<Fault>();
        for (var at = 1 + (random.NextDouble() * 8); at < LastFaultSeconds; at += 0.5 + (random.NextDouble() * 12))
            plan.Add(withDisks && random.Next(3) == 0 ? OfDisk(at, random, brokers) : One(at, random, brokers, clients));
        return plan;
    }

    private static Fault OfDisk(double at, Random random, IReadOnlyList<string> brokers)
    {
        string[] one = [random.Next(4) switch { 0 => Controller, 1 => Leader, _ => brokers[random.Next(brokers.Count)] }];
        return random.Next(10) switch
        {
            < 3 => new Fault(at, FaultKind.DiskFull, one, [], 0.5 + (random.NextDouble() * 12)),
            < 7 => new Fault(at, FaultKind.DiskFails, one, [], 0.5 + (random.NextDouble() * 12)),
            _ => new Fault(at, FaultKind.DiskReplaced, one, [], 0.5 + (random.NextDouble() * 10)),
        };
    }

    private static Fault One(double at, Random random, IReadOnlyList<string> brokers, IReadOnlyList<string> clients)
    {
        string[] mixed = [.. brokers];
        random.Shuffle(mixed);
        IReadOnlyList<string> one = random.Next(10) switch
        {
            < 3 => [Controller],
            < 7 => [Leader],
            _ => mixed[..1],
        };
        // Clients are on either side of a split.
        string[] all = [.. brokers, .. clients];
        random.Shuffle(all);
        var size = 1 + random.Next(all.Length - 1);
        return random.Next(100) switch
        {
            < 12 => new Fault(at, FaultKind.Split, all[..size], all[size..]),
            < 17 => new Fault(at, FaultKind.Split, mixed[..1], mixed[1..]),
            < 21 => new Fault(at, FaultKind.Split, mixed[..1], mixed[1..2]),
            < 26 => new Fault(at, FaultKind.CutOneWay, mixed[..1], mixed[1..]),
            < 31 => new Fault(at, FaultKind.CutOneWay, mixed[..1], mixed[1..2]),
            < 49 => new Fault(at, FaultKind.Heal, [], []),
            < 53 => new Fault(at, FaultKind.Reset, mixed[..1], mixed[1..2]),
            < 58 => new Fault(at, FaultKind.Slow, mixed[..1], all.Where(h => h != mixed[0]).ToArray(), 2 + (random.NextDouble() * 8)),
            < 70 => new Fault(at, FaultKind.Crash, one, [], 0.5 + (random.NextDouble() * 15)),
            < 76 => new Fault(at, FaultKind.PowerLoss, random.Next(5) == 0 ? mixed : one, [], 0.5 + (random.NextDouble() * 15)),
            < 81 => new Fault(at, FaultKind.PowerLossWhileWriting, one, [], random.NextDouble() * 0.5),
            < 90 => new Fault(at, FaultKind.Pause, one, [], 0.5 + (random.NextDouble() * random.NextDouble() * 25)),
            < 95 => new Fault(at, FaultKind.Stop, one, [], 0.5 + (random.NextDouble() * 10)),
            _ => new Fault(at, FaultKind.ClockJump, one, [], (random.NextDouble() - 0.5) * 20_000),
        };
    }
}

namespace ActorBroker.ClientTests.Chaos;

/// <summary>What befalls the cluster.</summary>
internal enum Fault
{
    KillLeader,
    KillController,
    KillCoordinator,
    KillAny,

    /// <summary>SIGSTOP for 15 s: longer than it takes to give its partitions other leaders. It comes back as a zombie.</summary>
    PauseLeader,

    /// <summary>All brokers one by one, each stopped in order.</summary>
    RollingRestart,

    /// <summary>A broker and the others hear nothing of each other; clients reach all of them.</summary>
    CutOff,

    /// <summary>A broker hears the others, and they don't hear it.</summary>
    CutFrom,

    /// <summary>The others hear a broker, and it does not hear them.</summary>
    CutTo,

    /// <summary>There is no room left in a broker's data directory for a while.</summary>
    FillDisk,

    /// <summary>kill -9 of any broker, and a bit of its log that was not flushed for sure is another one when it starts
    /// again.</summary>
    FlipBit,
}

/// <summary>A fault, and what decides its details.</summary>
internal sealed record PlannedFault(Fault Fault, int Seed);

/// <summary>Faults without end that follow from a seed. Every kind comes once before any comes again.</summary>
internal static class FaultPlan
{
    /// <summary>Each kind; of those that a harsher one includes, only that.</summary>
    public static readonly IReadOnlyCollection<Fault> Short = [.. Enum.GetValues<Fault>().Except([Fault.KillAny])];

    public static IEnumerable<PlannedFault> Of(int seed)
    {
        var random = new Random(seed);
        while (true)
        {
            var faults = Enum.GetValues<Fault>();
            random.Shuffle(faults);
            foreach (var fault in faults) yield return new(fault, random.Next());
        }
    }
}

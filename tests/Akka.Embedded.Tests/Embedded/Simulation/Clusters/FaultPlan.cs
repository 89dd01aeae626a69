using System.Globalization;

namespace Akka.Embedded.Tests.Embedded.Simulation.Clusters;

/// <summary>Something bad that happens to the cluster at a time.</summary>
public sealed record Fault(double AtSeconds, FaultKind Kind, IReadOnlyList<string> Hosts, IReadOnlyList<string> Others,
    double Seconds)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{AtSeconds,6:F1}s {Kind} {string.Join(',', Hosts)}{(Others.Count > 0 ? " | " + string.Join(',', Others) : "")}"
        + $"{(Seconds > 0 ? $" for {Seconds:F1}s" : "")}");
}

public enum FaultKind
{
    Split,
    CutOneWay,
    Heal,
    Reset,
    Slow,

    /// <summary>All links lose, repeat and reorder frames, which no TCP does. Not in plans by seed: Akka promises order.</summary>
    Bad,
    Crash,
    Pause,
    Leave,
}

/// <summary>Faults at random, by seed: a plan can be printed, and says all about a run together with the seed.</summary>
public static class FaultPlan
{
    /// <summary>How long faults go on; then all is healed.</summary>
    public const double LastFaultSeconds = 60;

    public static IReadOnlyList<Fault> Of(Random random, IReadOnlyList<string> hosts)
    {
        var plan = new List<Fault>();
        for (var at = 1 + (random.NextDouble() * 10); at < LastFaultSeconds; at += 1 + (random.NextDouble() * 15))
            plan.Add(One(at, random, hosts));
        return plan;
    }

    private static Fault One(double at, Random random, IReadOnlyList<string> hosts)
    {
        string[] mixed = [.. hosts];
        random.Shuffle(mixed);
        var size = 1 + random.Next(mixed.Length - 1);
        var (side, others) = (mixed[..size], mixed[size..]);
        return random.Next(100) switch
        {
            < 25 => new Fault(at, FaultKind.Split, side, others, 0),
            < 35 => new Fault(at, FaultKind.CutOneWay, side, others, 0),
            < 40 => new Fault(at, FaultKind.CutOneWay, mixed[..1], mixed[1..2], 0),
            < 60 => new Fault(at, FaultKind.Heal, [], [], 0),
            < 65 => new Fault(at, FaultKind.Reset, mixed[..1], mixed[1..2], 0),
            < 70 => new Fault(at, FaultKind.Slow, mixed[..1], mixed[1..], 2 + (random.NextDouble() * 10)),
            < 82 => new Fault(at, FaultKind.Crash, mixed[..1], [], 0),
            < 92 => new Fault(at, FaultKind.Pause, mixed[..1], [], 1 + (random.NextDouble() * random.NextDouble() * 30)),
            _ => new Fault(at, FaultKind.Leave, mixed[..1], [], 0),
        };
    }
}

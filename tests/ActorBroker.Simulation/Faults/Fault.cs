using System.Globalization;

namespace ActorBroker.Simulation.Faults;

/// <summary>Something bad that happens to the cluster at a time.</summary>
/// <param name="Hosts">Whom it happens to; <see cref="FaultPlan.Controller"/> or <see cref="FaultPlan.Leader"/>: who is that
/// then.</param>
/// <param name="Others">From whom, where two sides matter.</param>
/// <param name="Seconds">How long, or by how much.</param>
internal sealed record Fault(double AtSeconds, FaultKind Kind, IReadOnlyList<string> Hosts, IReadOnlyList<string> Others, double Seconds = 0)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{AtSeconds,6:F1}s {Kind} {string.Join(',', Hosts)}{(Others.Count > 0 ? " | " + string.Join(',', Others) : "")}"
        + $"{(Seconds != 0 ? $" {Seconds:F1}s" : "")}");
}

internal enum FaultKind
{
    /// <summary>Both ways.</summary>
    Split,

    CutOneWay,
    Heal,

    /// <summary>Connections end with an error.</summary>
    Reset,

    Slow,

    /// <summary>kill -9.</summary>
    Crash,

    /// <summary>The machine goes out: what was not flushed is lost or torn. Of one at a time, until it is in sync again; where
    /// brokers flush before they acknowledge, also of all at once.</summary>
    PowerLoss,

    /// <summary>The same in the middle of what it does with its disk then, <see cref="Fault.Seconds"/> hundred changes later.</summary>
    PowerLossWhileWriting,

    /// <summary>SIGSTOP, and SIGCONT later.</summary>
    Pause,

    /// <summary>SIGTERM.</summary>
    Stop,

    /// <summary>No space is left on any disk of a broker.</summary>
    DiskFull,

    /// <summary>One of a broker's disks answers writes or flushes with errors; the process is started again when it is mended.</summary>
    DiskFails,

    /// <summary>The process is killed, and finds one of its disks, or all, empty when it starts again: when all others are in sync.</summary>
    DiskReplaced,

    /// <summary>An administrator sets the time of day.</summary>
    ClockJump,
}

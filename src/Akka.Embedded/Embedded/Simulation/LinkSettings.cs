namespace Akka.Embedded.Simulation;

/// <summary>How a network treats what goes from one host to another.</summary>
/// <remarks>The probabilities are of a fault mode that no TCP has: frames of a connection vanish, come twice or overtake each
/// other. What is built on a connection has to survive it, as it can't tell a broken peer from a broken link.</remarks>
public sealed record LinkSettings
{
    public TimeSpan MinDelay { get; init; } = TimeSpan.FromMicroseconds(200);
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Probability that a frame vanishes.</summary>
    public double Drop { get; init; }

    /// <summary>Probability that a frame comes twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>Probability that a frame is late, so that others overtake it.</summary>
    public double Reorder { get; init; }

    /// <summary>How late such a frame is at most.</summary>
    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    internal bool HasFaults => Drop > 0 || Duplicate > 0 || Reorder > 0;
}

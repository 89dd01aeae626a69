namespace Akka.Remote;

/// <summary>A clock in milliseconds, from any fixed point; never goes back.</summary>
public delegate long Clock();

/// <summary>Judges by the heartbeats of one resource whether it can be taken to be there. Safe for any thread.</summary>
public abstract class FailureDetector
{
    /// <summary>The process's own clock. Detectors that a system makes have that system's clock instead.</summary>
    public static readonly Clock DefaultClock = static () => Environment.TickCount64;

    /// <summary>False: it has been silent for too long. True also before the first heartbeat.</summary>
    public abstract bool IsAvailable { get; }

    /// <summary>There has been a heartbeat.</summary>
    public abstract bool IsMonitoring { get; }

    /// <summary>A sign of life has come, just now.</summary>
    public abstract void HeartBeat();
}

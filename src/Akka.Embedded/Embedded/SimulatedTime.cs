using Akka.Actor;

namespace Akka.Embedded;

/// <summary>The clock of the simulated node whose work this thread does, for what knows no system. Null: real time.</summary>
internal static class SimulatedTime
{
    [ThreadStatic]
    private static ITimeProvider? s_clock;

    public static ITimeProvider? Clock
    {
        get => s_clock;
        set => s_clock = value;
    }

    public static DateTime UtcNow => s_clock is { } clock ? clock.Now.UtcDateTime : DateTime.UtcNow;
}

/// <summary>A scheduler all of whose work is done by one thread, which nothing may leave.</summary>
internal interface ISingleThreadedScheduler : IScheduler;

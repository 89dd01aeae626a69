using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Util;

namespace Akka.Remote;

/// <summary>Makes the detectors whose classes configuration names.</summary>
public static class FailureDetectorLoader
{
    /// <param name="context">Of an actor of the system that uses the detector.</param>
    /// <param name="fqcn">Class of a <see cref="FailureDetector"/> with a constructor for (Config, EventStream).</param>
    /// <param name="config">The detector's section.</param>
    public static FailureDetector LoadFailureDetector(this IActorContext context, string fqcn, Config config) =>
        Load(fqcn, config, context.System);

    /// <exception cref="ArgumentException">There is no such class, or it is no detector.</exception>
    public static FailureDetector Load(string fqcn, Config config, ActorSystem system)
    {
        var type = TypeNames.Find(fqcn);
        if (type is null || !typeof(FailureDetector).IsAssignableFrom(type))
            throw new ArgumentException($"[{fqcn}] is no class of a failure detector.", nameof(fqcn));
        // Ours measure by the system's clock, which a simulation may hold in its hand.
        Clock clock = () => (long)system.Scheduler.MonotonicClock.TotalMilliseconds;
        var withClock = type.GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic,
            [typeof(Config), typeof(EventStream), typeof(Clock)]);
        return (FailureDetector)(withClock is not null
            ? withClock.Invoke(BindingFlags.DoNotWrapExceptions, null, [config, system.EventStream, clock], null)
            : Activator.CreateInstance(type, config, system.EventStream)!);
    }
}

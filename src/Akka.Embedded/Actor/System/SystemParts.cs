using Akka.Event;
using Akka.Util;

namespace Akka.Actor.Internal;

/// <summary>Parts of a system whose classes configuration names.</summary>
internal static class SystemParts
{
    public static IScheduler CreateScheduler(Settings settings, ILoggingAdapter log)
    {
        var type = TypeNames.Require(settings.SchedulerClass, "akka.scheduler.implementation");
        return (IScheduler)Activator.CreateInstance(type, settings.Config.GetConfig("akka.scheduler"), log)!;
    }

    public static IActorRefProvider CreateProvider(Settings settings, EventStream eventStream)
    {
        var type = TypeNames.Require(settings.ProviderClass, "akka.actor.provider");
        return (IActorRefProvider)Activator.CreateInstance(type, settings.System.Name, settings, eventStream)!;
    }
}

using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Dispatch;
using Akka.Embedded.Transports;

namespace Akka.Embedded;

/// <summary>What the world outside is to a system: network, time, threads and chance. What is left out is the real thing.</summary>
/// <remarks>Given to <see cref="ActorSystem.Create(string, ActorSystemSetup)"/> by tests that want all of it in their hand.</remarks>
public sealed class EmbeddedSetup : Setup
{
    /// <summary>Makes the network; default: TCP, as <c>akka.remote.dot-netty.tcp</c> says.</summary>
    public Func<ExtendedActorSystem, ITransport>? Transport { get; init; }

    /// <summary>The scheduler, instead of <c>akka.scheduler.implementation</c>. All of the runtime's time is this one's.</summary>
    public IScheduler? Scheduler { get; init; }

    /// <summary>Makes the executor of each dispatcher (by its id), instead of what the dispatcher's section says.</summary>
    public Func<string, ExecutorService>? Executor { get; init; }

    /// <summary>Source of uids, jitter and choices. Must bear calls from several threads unless the executor uses only one.</summary>
    public Random? Random { get; init; }
}

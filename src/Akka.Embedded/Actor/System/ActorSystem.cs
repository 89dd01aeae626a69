using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>A tree of actors with its scheduler, dispatchers, event stream and extensions.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    private readonly long _started = System.Diagnostics.Stopwatch.GetTimestamp();

    public abstract Settings Settings { get; }
    public abstract string Name { get; }
    public abstract Akka.Serialization.Serialization Serialization { get; }
    public abstract EventStream EventStream { get; }
    public abstract IActorRef DeadLetters { get; }
    public abstract IActorRef IgnoreRef { get; }
    public abstract Dispatchers Dispatchers { get; }
    public abstract Mailboxes Mailboxes { get; }
    public abstract IScheduler Scheduler { get; }
    public abstract ILoggingAdapter Log { get; }

    /// <summary>Completes when all actors have stopped.</summary>
    public abstract Task WhenTerminated { get; }

    public TimeSpan StartTime => TimeSpan.FromSeconds((double)_started / System.Diagnostics.Stopwatch.Frequency);
    public TimeSpan Uptime => System.Diagnostics.Stopwatch.GetElapsedTime(_started);

    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);
    public static ActorSystem Create(string name, Config config) => Create(name, BootstrapSetup.Create().WithConfig(config));
    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var bootstrap = setup.Get<BootstrapSetup>();
        var config = bootstrap.HasValue
            && bootstrap.Value.Config.HasValue ? bootstrap.Value.Config.Value : ConfigurationFactory.Load();
        var system = new ActorSystemImpl(name, config, setup, Option<Props>.None);
        system.Start();
        return system;
    }

    public abstract IActorRef ActorOf(Props props, string? name = null);
    public abstract ActorSelection ActorSelection(ActorPath actorPath);
    public abstract ActorSelection ActorSelection(string actorPath);
    public abstract void Stop(IActorRef actor);

    /// <summary>Runs the coordinated shutdown, at whose end all actors stop.</summary>
    public abstract Task Terminate();

    /// <summary>Runs <paramref name="code"/> when all actors have stopped; later registrations first.</summary>
    public abstract void RegisterOnTermination(Action code);

    public abstract object RegisterExtension(IExtensionId extension);
    public abstract object GetExtension(IExtensionId extensionId);
    public abstract T GetExtension<T>() where T : class, IExtension;
    public abstract bool HasExtension(Type type);
    public abstract bool HasExtension<T>() where T : class, IExtension;
    public abstract bool TryGetExtension(Type extensionType, out object extension);
    public abstract bool TryGetExtension<T>(out T extension) where T : class, IExtension;

    public void Dispose()
    {
        Terminate().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }
}

/// <summary>What extensions and serializers may see of a system.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    public abstract IActorRefProvider Provider { get; }
    public abstract IInternalActorRef Guardian { get; }
    public abstract IInternalActorRef LookupRoot { get; }
    public abstract IInternalActorRef SystemGuardian { get; }
    public abstract ActorProducerPipelineResolver ActorPipelineResolver { get; }

    /// <summary>Makes an actor below /system: it lives until after all of /user.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);
    public abstract IActorRef SystemActorOf<TActor>(string? name = null) where TActor : ActorBase, new();

    /// <summary>Stops all actors at once, without the coordinated shutdown.</summary>
    public abstract void Abort();
    public abstract string PrintTree();
}

using Akka.Actor.Internal;
using Akka.Serialization;

namespace Akka.Actor;

/// <summary>Makes references and finds them by path: the difference between a local system and one on a network.</summary>
public interface IActorRefProvider
{
    IInternalActorRef RootGuardian { get; }
    LocalActorRef Guardian { get; }
    LocalActorRef SystemGuardian { get; }
    IActorRef DeadLetters { get; }
    IActorRef IgnoreRef { get; }
    ActorPath RootPath { get; }
    Settings Settings { get; }
    IInternalActorRef TempContainer { get; }
    Task TerminationTask { get; }

    /// <summary>How others reach this system.</summary>
    Address DefaultAddress { get; }

    /// <summary>What serializers need to write references that others understand.</summary>
    Information SerializationInformation { get; }

    void Init(ActorSystemImpl system);
    ActorPath TempPath();
    void RegisterTempActor(IInternalActorRef actorRef, ActorPath path);
    void UnregisterTempActor(ActorPath path);
    IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        bool systemService, Deploy? deploy, bool lookupDeploy, bool async);
    IActorRef ResolveActorRef(string path);
    IActorRef ResolveActorRef(ActorPath actorPath);
    IActorRef RootGuardianAt(Address address);

    /// <summary>Own address as seen by <paramref name="address"/>; null if that one can't see it.</summary>
    Address? GetExternalAddressFor(Address address);
}

using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Associations;

namespace Akka.Remote;

/// <summary>The network side of a system: listens, and knows the way to others.</summary>
internal sealed class Remoting
{
    public Remoting(ActorSystemImpl system, RemoteActorRefProvider provider)
    {
        System = system;
        Provider = provider;
        Uid = AddressUidExtension.Uid(system);
    }

    public ActorSystemImpl System { get; }
    public RemoteActorRefProvider Provider { get; }

    /// <summary>Tells this incarnation of the system from others.</summary>
    public int Uid { get; }

    /// <summary>Where others reach this system.</summary>
    public Address Address { get; private set; } = null!;

    /// <summary>Starts to listen; inbound connections wait until <see cref="Open"/>.</summary>
    public void Listen() => throw new NotSupportedException("Not built yet.");

    public void Open() { }
    public Association AssociationWith(Address remote) => throw new NotSupportedException("Not built yet.");
    public void Send(object message, IActorRef? sender, RemoteActorRef recipient) => throw new NotSupportedException("Not built yet.");
    public void SendSystem(ISystemMessage message, RemoteActorRef recipient) => throw new NotSupportedException("Not built yet.");
    public void Quarantine(Address address, int? uid) => throw new NotSupportedException("Not built yet.");

    /// <summary>Says goodbye to all, sends what is queued, closes; <paramref name="done"/> is called once, in bounded time.</summary>
    public void Shutdown(Action done) => done();
}

using Akka.Actor;

namespace Akka.Remote;

/// <summary>A provider whose references may lead to other systems.</summary>
public interface IRemoteActorRefProvider : IActorRefProvider
{
    RemoteSettings RemoteSettings { get; }

    /// <summary>Whether <paramref name="address"/> is this system's.</summary>
    bool HasAddress(Address address);

    IInternalActorRef ResolveActorRefWithLocalAddress(string path, Address localAddress);

    /// <summary>As <see cref="IActorRefProvider.ResolveActorRef(string)"/>, without a cache.</summary>
    IActorRef InternalResolveActorRef(string path);

    /// <summary>Gives up an incarnation of another system: its messages and connections are refused until it restarts.</summary>
    /// <param name="uid">Null: only its connections are closed.</param>
    void Quarantine(Address address, int? uid);
}

/// <summary>A reference that leads to another system.</summary>
public interface IRemoteRef : IActorRefScope;

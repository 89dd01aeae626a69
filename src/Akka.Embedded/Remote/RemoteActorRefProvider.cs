using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>Actors live in this process, and can be reached from others; paths of other systems lead there.</summary>
/// <remarks>The tree is a <see cref="LocalActorRefProvider"/>'s. Its paths have no host; one is put in where they are
/// serialized.</remarks>
public partial class RemoteActorRefProvider : IRemoteActorRefProvider, INetworkedProvider
{
    private readonly LocalActorRefProvider _local;
    private ActorSystemImpl _system = null!;
    private Information? _information;

    public RemoteActorRefProvider(string systemName, Settings settings, EventStream eventStream)
    {
        settings.InjectTopLevelFallback(Serialization.RemoteSerialization.DefaultConfig());
        settings.InjectTopLevelFallback(
            ConfigurationFactory.FromResource("Akka.Remote.remote.conf", typeof(RemoteActorRefProvider).Assembly));
        RemoteSettings = new RemoteSettings(settings.Config);
        _local = new LocalActorRefProvider(systemName, settings, eventStream);
    }

    public RemoteSettings RemoteSettings { get; }
    public ActorPath RootPath => _local.RootPath;
    public Settings Settings => _local.Settings;
    public IActorRef DeadLetters => _local.DeadLetters;
    public IActorRef IgnoreRef => _local.IgnoreRef;
    public IInternalActorRef RootGuardian => _local.RootGuardian;
    public LocalActorRef Guardian => _local.Guardian;
    public LocalActorRef SystemGuardian => _local.SystemGuardian;
    public IInternalActorRef TempContainer => _local.TempContainer;
    public Task TerminationTask => _local.TerminationTask;

    /// <summary>Where others reach this system; before it listens, its local address.</summary>
    public Address DefaultAddress => Remoting?.Address ?? _local.DefaultAddress;
    public Information SerializationInformation => _information ?? _local.SerializationInformation;

    /// <summary>Null before <see cref="Init"/>.</summary>
    internal Remoting? Remoting { get; private set; }

    public virtual void Init(ActorSystemImpl system)
    {
        _system = system;
        _local.Init(system);
        var remoting = new Remoting(system, this);
        remoting.Listen();
        Remoting = remoting;
        _information = new Information(remoting.Address, system);
        var terminator = system.SystemActorOf(
            RemoteSettings.ConfigureDispatcher(RemotingTerminator.Props(remoting)), "remoting-terminator");
        SystemGuardian.Tell(Dispatch.SysMsg.RegisterTerminationHook.Instance, terminator);
        RemoteWatcher = CreateRemoteWatcher(system);
    }

    void INetworkedProvider.Open() => Remoting?.Open();

    public ActorPath TempPath() => _local.TempPath();
    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) => _local.RegisterTempActor(actorRef, path);
    public void UnregisterTempActor(ActorPath path) => _local.UnregisterTempActor(path);

    public IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path,
        bool systemService, Deploy? deploy, bool lookupDeploy, bool async) =>
        _local.ActorOf(system, props, supervisor, path, systemService, deploy, lookupDeploy, async);

    public bool HasAddress(Address address) =>
        address.Equals(Remoting?.Address) || address.Equals(_local.RootPath.Address);

    public IActorRef RootGuardianAt(Address address) =>
        HasAddress(address) ? RootGuardian : CreateRemoteRef(new RootActorPath(address), DefaultAddress);

    public IActorRef ResolveActorRef(string path) => InternalResolveActorRef(path);

    public IActorRef InternalResolveActorRef(string path) => ResolveActorRefWithLocalAddress(path, DefaultAddress);

    public IInternalActorRef ResolveActorRefWithLocalAddress(string path, Address localAddress) =>
        ActorPath.TryParse(path, out var actorPath) ? Resolve(actorPath, localAddress) : DeadLetters.AsInternal();

    public IActorRef ResolveActorRef(ActorPath actorPath) => Resolve(actorPath, DefaultAddress);

    public Address? GetExternalAddressFor(Address address)
    {
        if (HasAddress(address)) return _local.RootPath.Address;
        return address.HasGlobalScope && Remoting is { } remoting && address.Protocol == remoting.Address.Protocol
            ? remoting.Address : null;
    }

    public void Quarantine(Address address, int? uid) => Remoting?.Quarantine(address, uid);

    protected virtual IInternalActorRef CreateRemoteRef(ActorPath actorPath, Address localAddress) =>
        new RemoteActorRef(Remoting!, localAddress, actorPath);

    private IInternalActorRef Resolve(ActorPath path, Address localAddress) =>
        HasAddress(path.Address) ? _local.ResolveLocal(path)
        : path.Address.HasGlobalScope && Remoting is not null ? CreateRemoteRef(path, localAddress)
        : DeadLetters.AsInternal(); // Without a host it is another system's local path.
}

using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Remote;

public partial class RemoteActorRefProvider
{
    /// <summary>The actor that watches actors of other systems for those of this one.</summary>
    internal IActorRef RemoteWatcher { get; private set; } = ActorRefs.Nobody;

    private protected virtual IActorRef CreateRemoteWatcher(ActorSystemImpl system) => system.SystemActorOf(
        RemoteSettings.ConfigureDispatcher(Akka.Remote.RemoteWatcher.Props(CreateRemoteWatcherFailureDetector(system),
            RemoteSettings.WatchHeartBeatInterval, RemoteSettings.WatchUnreachableReaperInterval,
            RemoteSettings.WatchHeartbeatExpectedResponseAfter)), "remote-watcher");

    protected DefaultFailureDetectorRegistry<Address> CreateRemoteWatcherFailureDetector(ActorSystem system) =>
        new(() => FailureDetectorLoader.Load(RemoteSettings.WatchFailureDetectorImplementationClass,
            RemoteSettings.WatchFailureDetectorConfig, system));

    /// <summary>A local actor watches an actor of another system: the remote watcher does it in its stead.</summary>
    internal void WatchRemote(IInternalActorRef watchee, IInternalActorRef watcher) =>
        RemoteWatcher.Tell(new RemoteWatcher.WatchRemote(watchee, watcher), ActorRefs.NoSender);

    /// <summary>Undoes <see cref="WatchRemote"/>.</summary>
    internal void UnwatchRemote(IInternalActorRef watchee, IInternalActorRef watcher) =>
        RemoteWatcher.Tell(new RemoteWatcher.UnwatchRemote(watchee, watcher), ActorRefs.NoSender);

    /// <summary>All actors of another system, or of an incarnation of it, are gone: who watches them is told, who is watched by
    /// them forgets it. To be called before anything of a new incarnation arrives.</summary>
    internal void SystemLost(Address address) => _system.AddressTerminatedTopic.Publish(address);
}

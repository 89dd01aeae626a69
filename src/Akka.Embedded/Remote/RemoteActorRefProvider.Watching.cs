using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Remote;

public partial class RemoteActorRefProvider
{
    /// <summary>The actor that watches actors of other systems for those of this one.</summary>
    internal IActorRef RemoteWatcher { get; private set; } = ActorRefs.Nobody;

    private protected virtual IActorRef CreateRemoteWatcher(ActorSystemImpl system) => ActorRefs.Nobody;

    /// <summary>A local actor watches an actor of another system: the remote watcher does it in its stead.</summary>
    internal void WatchRemote(IInternalActorRef watchee, IInternalActorRef watcher)
    {
    }

    /// <summary>Undoes <see cref="WatchRemote"/>.</summary>
    internal void UnwatchRemote(IInternalActorRef watchee, IInternalActorRef watcher)
    {
    }
}

using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote.Associations;

namespace Akka.Remote;

/// <summary>Reference to an actor of another system.</summary>
public class RemoteActorRef : InternalActorRefBase, IRemoteRef
{
    private readonly Remoting _remoting;
    private Association? _association;
    private byte[]? _encodedPath;

    internal RemoteActorRef(Remoting remoting, Address localAddressToUse, ActorPath path)
    {
        _remoting = remoting;
        LocalAddressToUse = localAddressToUse;
        Path = path;
    }

    public Address LocalAddressToUse { get; }
    public override ActorPath Path { get; }
    public override IInternalActorRef Parent => Nobody.Instance;
    public override IActorRefProvider Provider => _remoting.Provider;
    public override bool IsLocal => false;
    public override bool IsTerminated => false;

    /// <summary>The path as it stands on the wire.</summary>
    internal byte[] EncodedPath => _encodedPath ??= System.Text.Encoding.UTF8.GetBytes(Path.ToSerializationFormat());

    /// <summary>The way to the actor's system.</summary>
    internal Association Association
    {
        get
        {
            var known = _association;
            return known is { IsForgotten: false } ? known : _association = _remoting.AssociationWith(Path.Address);
        }
    }

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        var path = Path;
        foreach (var element in name)
            path = element switch { "" => path, ".." => path.Parent, _ => path / element };
        return new RemoteActorRef(_remoting, LocalAddressToUse, path);
    }

    /// <summary>Whether the remote watcher takes the place of <paramref name="watcher"/>.</summary>
    public bool IsWatchIntercepted(IActorRef watchee, IActorRef watcher) =>
        !watcher.Equals(_remoting.Provider.RemoteWatcher) && watchee.Equals(this);

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch watch when IsWatchIntercepted(watch.Watchee, watch.Watcher):
                _remoting.Provider.WatchRemote(watch.Watchee, watch.Watcher);
                break;
            case Unwatch unwatch when IsWatchIntercepted(unwatch.Watchee, unwatch.Watcher):
                _remoting.Provider.UnwatchRemote(unwatch.Watchee, unwatch.Watcher);
                break;
            default:
                _remoting.SendSystem(message, this);
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is ISystemMessage system) SendSystemMessage(system);
        else _remoting.Send(message, sender, this);
    }

    public override void Start() { } // It has been started where it lives.
    public override void Resume(Exception? causedByFailure = null) => SendSystemMessage(new Resume(causedByFailure));
    public override void Stop() => SendSystemMessage(new Terminate());
    public override void Restart(Exception cause) => SendSystemMessage(new Recreate(cause));
    public override void Suspend() => SendSystemMessage(new Suspend());
}

namespace Akka.Actor;

/// <summary>Watching across systems: an actor of a lost system can't tell of its end, nor take back its watch.</summary>
public partial class ActorCell
{
    // How many references to other systems are watched or watch us; while there are any, we are told of lost systems.
    private int _foreignRefs;

    protected void AddressTerminated(Address address)
    {
        // Else a long-lived actor would remember watchers of all the systems that ever came and went.
        foreach (var watcher in InSystem(_watchedBy, address)) RemWatcher(Self, watcher);
        foreach (var watched in InSystem(_watching?.Keys, address))
            WatchedActorTerminated(watched, existenceConfirmed: _children.Find(watched) is not null, addressTerminated: true);
    }

    private void ForeignRefAdded(IActorRef other)
    {
        if (!IsForeign(other)) return;
        if (_foreignRefs++ == 0) SystemImpl.AddressTerminatedTopic.Subscribe(this);
    }

    private void ForeignRefRemoved(IActorRef other)
    {
        if (!IsForeign(other)) return;
        if (--_foreignRefs == 0) SystemImpl.AddressTerminatedTopic.Unsubscribe(this);
    }

    /// <summary>Forgets that we watch it.</summary>
    private bool TryStopWatching(IActorRef actor, out object? customMessage)
    {
        customMessage = null;
        if (_watching is null) return false;
        if (!_watching.Remove(actor, out customMessage))
        {
            // Another system's actor may have been watched before its incarnation was known.
            if (!IsForeign(actor) || actor.Path.Uid == UndefinedUid) return false;
            var anyIncarnation = new EmptyLocalActorRef(SystemImpl.Provider, actor.Path.WithUid(UndefinedUid),
                SystemImpl.EventStream);
            if (!_watching.Remove(anyIncarnation, out customMessage)) return false;
        }
        ForeignRefRemoved(actor);
        return true;
    }

    private static bool IsForeign(IActorRef other) => other is IActorRefScope { IsLocal: false };

    private static IActorRef[] InSystem(IEnumerable<IActorRef>? refs, Address address) =>
        refs is null ? [] : [.. refs.Where(r => r.Path.Address == address)];
}

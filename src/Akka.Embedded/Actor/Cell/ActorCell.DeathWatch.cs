using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.Actor;

public partial class ActorCell
{
    // Whom we watch, with the message to get instead of Terminated (null: Terminated itself).
    private Dictionary<IActorRef, object?>? _watching;
    private HashSet<IActorRef>? _watchedBy;
    // Terminated messages that are in our mailbox; one that was unwatched since is dropped.
    private Dictionary<IActorRef, object?>? _terminatedQueued;

    public IActorRef Watch(IActorRef subject) => StartWatching(subject, null);
    public IActorRef WatchWith(IActorRef subject, object message) => StartWatching(subject, message);

    public IActorRef Unwatch(IActorRef subject)
    {
        if (_watching is not null && _watching.Remove(subject) && !Self.Equals(subject))
        {
            ForeignRefRemoved(subject);
            subject.AsInternal().SendSystemMessage(new Unwatch(subject.AsInternal(), Self.AsInternal()));
        }
        _terminatedQueued?.Remove(subject);
        return subject;
    }

    /// <summary>Lets one Terminated pass though it is not watched: used where a death is known by other means.</summary>
    public void TerminatedQueuedFor(IActorRef subject, Option<object> customMessage) =>
        (_terminatedQueued ??= []).TryAdd(subject, customMessage.HasValue ? customMessage.Value : null);

    private IActorRef StartWatching(IActorRef subject, object? message)
    {
        if (Self.Equals(subject) || !(_watching ??= []).TryAdd(subject, message)) return subject;
        ForeignRefAdded(subject);
        subject.AsInternal().SendSystemMessage(new Watch(subject.AsInternal(), Self.AsInternal()));
        return subject;
    }

    protected void ReceivedTerminated(Terminated t)
    {
        if (_terminatedQueued is null || !_terminatedQueued.Remove(t.ActorRef, out var custom)) return;
        if (custom is null) ReceiveMessage(t);
        else Unwrapped(custom);
    }

    protected void WatchedActorTerminated(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    {
        if (TryStopWatching(actor, out var custom) && !IsTerminating)
        {
            (_terminatedQueued ??= [])[actor] = custom;
            Self.Tell(new Terminated(actor, existenceConfirmed, addressTerminated), actor);
        }
        if (_children.Find(actor) is not null) HandleChildTerminated(actor);
    }

    protected void AddWatcher(IActorRef watchee, IActorRef watcher)
    {
        if (Self.Equals(watchee) && !Self.Equals(watcher))
        {
            if ((_watchedBy ??= []).Add(watcher)) ForeignRefAdded(watcher);
        }
        else if (Self.Equals(watcher)) Watch(watchee); // An order from outside to watch somebody.
    }

    protected void RemWatcher(IActorRef watchee, IActorRef watcher)
    {
        if (Self.Equals(watchee) && _watchedBy is not null && _watchedBy.Remove(watcher)) ForeignRefRemoved(watcher);
    }

    protected void TellWatchersWeDied()
    {
        if (_watchedBy is null) return;
        foreach (var watcher in _watchedBy)
        {
            ForeignRefRemoved(watcher);
            if (!watcher.Equals(Parent)) // The parent is told anyway.
                watcher.AsInternal().SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true,
                    addressTerminated: false));
        }
        _watchedBy = null;
    }

    private void UnwatchWatchedActors()
    {
        if (_watching is not null)
            foreach (var subject in _watching.Keys)
            {
                ForeignRefRemoved(subject);
                subject.AsInternal().SendSystemMessage(new Unwatch(subject.AsInternal(), Self.AsInternal()));
            }
        _watching = null;
        _terminatedQueued = null;
    }
}

using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Reference to a path where nobody lives: what it gets are dead letters.</summary>
public class EmptyLocalActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;
    public override IActorRefProvider Provider { get; } = provider;
    public override bool IsTerminated => true;

    private protected EventStream EventStream { get; } = eventStream;

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is ISystemMessage system) SendSystemMessage(system);
        else if (message is DeadLetter letter) { if (!SpecialHandle(letter.Message, letter.Sender)) EventStream.Publish(letter); }
        else if (!SpecialHandle(message, sender)) Publish(message, sender);
    }

    public override void SendSystemMessage(ISystemMessage message) => SpecialHandle(message, Provider.DeadLetters);

    /// <summary>Answers what even the dead answer: watching and identifying.</summary>
    /// <returns>False: an ordinary message.</returns>
    protected virtual bool SpecialHandle(object message, IActorRef sender)
    {
        switch (message)
        {
            case Watch watch:
                if (watch.Watchee.Equals(this) && !watch.Watcher.Equals(this))
                    watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false,
                        addressTerminated: false));
                return true;
            case ISystemMessage:
                return true;
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                return true;
            case ActorSelectionMessage selection:
                if (selection.Message is Identify asked)
                {
                    if (!selection.WildCardFanOut) sender?.Tell(new ActorIdentity(asked.MessageId, null), ActorRefs.NoSender);
                }
                else
                {
                    Publish(selection.Message, sender);
                }
                return true;
            case IDeadLetterSuppression suppressed:
                EventStream.Publish(new SuppressedDeadLetter(suppressed, sender ?? Provider.DeadLetters, this));
                return true;
            default:
                return false;
        }
    }

    private protected void Publish(object message, IActorRef? sender) =>
        EventStream.Publish(message as AllDeadLetters ?? new DeadLetter(message, sender ?? Provider.DeadLetters, this));
}

/// <summary>The end of all messages that couldn't be delivered.</summary>
public class DeadLetterActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream)
    : EmptyLocalActorRef(provider, path, eventStream)
{
    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is AllDeadLetters letter)
        {
            if (!SpecialHandle(letter.Message, letter.Sender)) EventStream.Publish(letter);
        }
        else if (!SpecialHandle(message, sender))
        {
            Publish(message, sender);
        }
    }

    protected override bool SpecialHandle(object message, IActorRef sender)
    {
        // A watcher of an actor that has stopped meanwhile has to hear of it, whoever it watches.
        if (message is not Watch watch) return base.SpecialHandle(message, sender);
        if (!watch.Watchee.Equals(this) && !watch.Watcher.Equals(this))
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false,
                addressTerminated: false));
        return true;
    }
}

/// <summary>Swallows everything, without a dead letter.</summary>
internal sealed class IgnoreActorRef(IActorRefProvider provider, ActorPath path) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;
    public override IActorRefProvider Provider { get; } = provider;
}

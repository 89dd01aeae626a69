using Akka.Event;

namespace Akka.Actor;

/// <summary>A handler of messages; false: not handled.</summary>
public delegate bool Receive(object message);

/// <summary>A handler that takes every message.</summary>
public delegate void UntypedReceive(object message);

/// <summary>The runtime's view of an actor.</summary>
public interface IInternalActor
{
    IActorContext ActorContext { get; }
}

/// <summary>Base of all actors.</summary>
public abstract class ActorBase : IInternalActor
{
    private IActorRef? _releasedFrom;
    private SupervisorStrategy? _supervisorStrategy;

    protected ActorBase()
    {
        if (ActorCell.Current is not { } cell)
            throw new ActorInitializationException(
                $"A {GetType().Name} is made from its Props by a context or system, not by its constructor.");
        cell.Become(Receive);
    }

    IActorContext IInternalActor.ActorContext => Context;

    protected static IActorContext Context => ActorCell.Current ?? throw new NotSupportedException(
        "No actor runs on this thread: a context can be used by its actor only, while that handles a message.");

    protected static Receive EmptyReceive => static _ => false;

    protected IActorRef Self => _releasedFrom ?? Context.Self;
    protected IActorRef Sender => Context.Sender;

    internal bool IsReleased => _releasedFrom is not null;

    internal SupervisorStrategy SupervisorStrategyInternal
    {
        get => _supervisorStrategy ??= ActorCell.Current?.Props.SupervisorStrategy
            ?? SupervisorStrategy() ?? Actor.SupervisorStrategy.DefaultStrategy;
        set => _supervisorStrategy = value;
    }

    internal void Handle(Receive receive, object message) => AroundReceive(receive, message);

    internal void ReleaseFrom(IActorRef self) => _releasedFrom = self;

    /// <returns>False: not handled.</returns>
    protected abstract bool Receive(object message);

    /// <summary>Wraps the handling of each message.</summary>
    protected virtual bool AroundReceive(Receive receive, object message)
    {
        if (receive(message)) return true;
        Unhandled(message);
        return false;
    }

    /// <summary>Message that no handler took: a death that nobody handles is fatal, anything else is published.</summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated) throw new DeathPactException(terminated.ActorRef);
        Context.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    protected void Become(Receive receive) => Context.Become(receive);
    protected void BecomeStacked(Receive receive) => Context.BecomeStacked(receive);
    protected void UnbecomeStacked() => Context.UnbecomeStacked();
    protected void SetReceiveTimeout(TimeSpan? timeout) => Context.SetReceiveTimeout(timeout);

    /// <summary>How failures of children are handled; null: as by default. The strategy of the Props goes first.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => null!;

    /// <summary>Before the first message of the first incarnation and, by <see cref="PostRestart"/>, of later ones.</summary>
    protected virtual void PreStart() { }

    /// <summary>
    /// In the failed incarnation, before the new one is made: stops all children and calls <see cref="PostStop"/>.
    /// </summary>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in Context.GetChildren().ToArray())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }
        PostStop();
    }

    /// <summary>In the new incarnation: calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    protected virtual void PostStop() { }

    public virtual void AroundPreStart() => PreStart();
    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);
    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);
    public virtual void AroundPostStop() => PostStop();
}

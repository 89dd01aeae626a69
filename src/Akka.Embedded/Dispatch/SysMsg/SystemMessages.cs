using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch.SysMsg;

/// <summary>Messages of the runtime to a cell: never lost on the way, handled before ordinary ones.</summary>
public interface ISystemMessage : INoSerializationVerificationNeeded;

/// <summary>Base of system messages. One object goes to one mailbox, once: it is a link of that mailbox's list.</summary>
public abstract class SystemMessage : ISystemMessage
{
    /// <summary>Next in a <see cref="SystemMessageQueue"/>; owned by that queue.</summary>
    internal SystemMessage? Next { get; set; }
}

/// <summary>First message of a cell: make the actor, or fail as given.</summary>
public sealed class Create(ActorInitializationException? failure = null) : SystemMessage
{
    public ActorInitializationException? Failure { get; } = failure;
    public override string ToString() => $"<Create>{(Failure is null ? "" : $": {Failure}")}";
}

/// <summary>Restart.</summary>
public sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;
    public override string ToString() => $"<Recreate>: {Cause}";
}

/// <summary>Stop taking ordinary messages until a <see cref="Resume"/>; counted.</summary>
public sealed class Suspend : SystemMessage
{
    public override string ToString() => "<Suspend>";
}

/// <summary>Undoes one <see cref="Suspend"/>.</summary>
public sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure { get; set; } = causedByFailure;
    public override string ToString() => $"<Resume>{(CausedByFailure is null ? "" : $": {CausedByFailure}")}";
}

/// <summary>Stop for good.</summary>
public sealed class Terminate : SystemMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    public override string ToString() => "<Terminate>";
}

/// <summary>A child makes itself known.</summary>
public sealed class Supervise(IActorRef child, bool async) : SystemMessage
{
    public IActorRef Child { get; } = child;
    public bool Async { get; } = async;
    public override string ToString() => $"<Supervise>: {Child}";
}

/// <summary>A child failed, and waits suspended for its parent's decision.</summary>
public sealed class Failed(IActorRef child, Exception cause, long uid) : SystemMessage
{
    public IActorRef Child { get; } = child;
    public Exception Cause { get; } = cause;
    public long Uid { get; } = uid;
    public override string ToString() => $"<Failed>: {Child} ({Uid}): {Cause}";
}

/// <summary>Tell me when you die.</summary>
public class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;
    public IInternalActorRef Watcher { get; } = watcher;
    public override string ToString() => $"<Watch>: {Watcher} wants to watch {Watchee}";
}

/// <summary>Undoes <see cref="Watch"/>.</summary>
public sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;
    public IInternalActorRef Watcher { get; } = watcher;
    public override string ToString() => $"<Unwatch>: {Watcher} wants to unwatch {Watchee}";
}

/// <summary>An actor has died: to its parent and its watchers.</summary>
public sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    : SystemMessage, IDeadLetterSuppression
{
    public IActorRef Actor { get; } = actor;
    public bool ExistenceConfirmed { get; } = existenceConfirmed;
    public bool AddressTerminated { get; } = addressTerminated;
    public override string ToString() => $"<DeathWatchNotification>: {Actor} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>A system on the network is gone for good, and all its actors with it.</summary>
internal sealed class AddressTerminated(Address address) : SystemMessage, IDeadLetterSuppression
{
    public Address Address { get; } = address;
    public override string ToString() => $"<AddressTerminated>: {Address}";
}

/// <summary>The next piece of an actor's async handler, to run in the actor.</summary>
internal sealed class RunContinuation(ActorTaskScheduler scheduler, Task task) : SystemMessage
{
    public void Run() => scheduler.RunQueued(task);
    public override string ToString() => "<RunContinuation>";
}

/// <summary>An actor's async handler has ended; open the mailbox again or fail.</summary>
internal sealed class HandlerEnded(object? incarnation, Exception? failure) : SystemMessage
{
    public object? Incarnation { get; } = incarnation;
    public Exception? Failure { get; } = failure;
    public override string ToString() => $"<HandlerEnded>{(Failure is null ? "" : $": {Failure}")}";
}

/// <summary>To a guardian: stop a child.</summary>
public sealed class StopChild(IActorRef child)
{
    public IActorRef Child { get; } = child;
    public override string ToString() => $"<StopChild> {Child}";
}

/// <summary>To the system guardian: the sender wants to work on between the end of /user and that of /system.</summary>
public sealed class RegisterTerminationHook
{
    private RegisterTerminationHook() { }

    public static RegisterTerminationHook Instance { get; } = new();

    public override string ToString() => "<RegisterTerminationHook>";
}

/// <summary>To who registered: /user has stopped.</summary>
public sealed class TerminationHook
{
    private TerminationHook() { }

    public static TerminationHook Instance { get; } = new();

    public override string ToString() => "<TerminationHook>";
}

/// <summary>From who registered: done.</summary>
public sealed class TerminationHookDone
{
    private TerminationHookDone() { }

    public static TerminationHookDone Instance { get; } = new();

    public override string ToString() => "<TerminationHookDone>";
}

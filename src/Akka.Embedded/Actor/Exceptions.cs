namespace Akka.Actor;

/// <summary>The name is not a legal actor name, or is taken.</summary>
public class InvalidActorNameException : AkkaException
{
    public InvalidActorNameException(string message) : base(message) { }
    public InvalidActorNameException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A message that can't be sent.</summary>
public class InvalidMessageException : AkkaException
{
    public InvalidMessageException() : this("Message is null") { }
    public InvalidMessageException(string message) : base(message) { }
}

/// <summary>No answer to an Ask within its time.</summary>
public class AskTimeoutException(string message) : AkkaException(message);

/// <summary>No actor answered to an Identify.</summary>
public class ActorNotFoundException : AkkaException
{
    public ActorNotFoundException() { }
    public ActorNotFoundException(string message, Exception? innerException = null) : base(message, innerException) { }
}

/// <summary>The actor got a <see cref="Kill"/>.</summary>
public class ActorKilledException : AkkaException
{
    public ActorKilledException() { }
    public ActorKilledException(string message) : base(message) { }
}

/// <summary>The state of the actor doesn't allow what was asked.</summary>
public class IllegalActorStateException(string message) : AkkaException(message);

/// <summary>A watched actor died, and the watcher didn't handle the <see cref="Terminated"/>.</summary>
public class DeathPactException(IActorRef deadActor)
    : AkkaException($"{deadActor}, which was watched, has died, and that was not handled.")
{
    public IActorRef DeadActor { get; } = deadActor;
}

/// <summary>Constructor or PreStart failed.</summary>
public class ActorInitializationException : AkkaException
{
    public ActorInitializationException() { }
    public ActorInitializationException(string message) : base(message) { }
    public ActorInitializationException(string message, Exception cause) : base(message, cause) { }
    public ActorInitializationException(IActorRef actor, string message, Exception? cause = null)
        : base(message, cause) => Actor = actor;

    public IActorRef? Actor { get; set; }

    public override string ToString() => Actor is null ? base.ToString() : $"{Actor}: {base.ToString()}";
}

/// <summary>PreRestart failed.</summary>
public class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
    : ActorInitializationException(actor,
        $"PreRestart failed, after {cause?.GetType().Name} while handling {optionalMessage?.GetType().Name ?? "nothing"}.",
            restartException)
{
    public Exception RestartException { get; } = restartException;
    public object? OptionalMessage { get; } = optionalMessage;
}

/// <summary>Constructor or PostRestart of the new incarnation failed.</summary>
public class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor, $"The restart after {originalCause?.GetType().Name} failed.", cause)
{
    public Exception OriginalCause { get; } = originalCause;
}

/// <summary>A bounded stash is full.</summary>
public class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);

/// <summary>A logger didn't start in time.</summary>
public class LoggerInitializationException : AkkaException
{
    public LoggerInitializationException() { }
    public LoggerInitializationException(string message) : base(message) { }
    public LoggerInitializationException(string message, Exception? cause = null) : base(message, cause) { }
}

/// <summary>The scheduler can't take the task.</summary>
public sealed class SchedulerException(string message) : AkkaException(message);

using Akka.Event;

namespace Akka.Actor;

/// <summary>Messages that the cell handles before the actor sees them.</summary>
public interface IAutoReceivedMessage;

/// <summary>Messages that a remote peer may not send to just any actor.</summary>
public interface IPossiblyHarmful;

/// <summary>Messages that don't count as activity for the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>Messages that never cross a process.</summary>
public interface INoSerializationVerificationNeeded;

/// <summary>A message that carries another one.</summary>
public interface IWrappedMessage
{
    object Message { get; }
}

/// <summary>Stops the actor when its turn in the mailbox comes.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    private PoisonPill() { }

    public static PoisonPill Instance { get; } = new();

    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor fail with <see cref="ActorKilledException"/> when its turn in the mailbox comes.</summary>
public sealed class Kill : IAutoReceivedMessage
{
    private Kill() { }

    public static Kill Instance { get; } = new();

    public override string ToString() => "<Kill>";
}

/// <summary>A watched actor has stopped, or its node is gone.</summary>
public sealed class Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression, INoSerializationVerificationNeeded, IEquatable<Terminated>
{
    public IActorRef ActorRef { get; } = actorRef;

    /// <summary>False when the actor may never have existed.</summary>
    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    /// <summary>True when the whole node was lost.</summary>
    public bool AddressTerminated { get; } = addressTerminated;

    public bool Equals(Terminated? other) =>
        other is not null && Equals(ActorRef, other.ActorRef) && AddressTerminated == other.AddressTerminated
            && ExistenceConfirmed == other.ExistenceConfirmed;

    public override bool Equals(object? obj) => obj is Terminated other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(ActorRef, ExistenceConfirmed, AddressTerminated);
    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>Asks whoever is there to answer with an <see cref="ActorIdentity"/>.</summary>
public sealed class Identify(object? messageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    public object? MessageId { get; } = messageId;

    public override bool Equals(object? obj) => obj is Identify other && Equals(MessageId, other.MessageId);
    public override int GetHashCode() => MessageId?.GetHashCode() ?? 0;
    public override string ToString() => $"<Identify>: {MessageId}";
}

/// <summary>Answer to <see cref="Identify"/>; the subject is null where nobody is.</summary>
public sealed class ActorIdentity(object? messageId, IActorRef? subject)
{
    public object? MessageId { get; } = messageId;
    public IActorRef? Subject { get; } = subject;

    public override bool Equals(object? obj) =>
        obj is ActorIdentity other && Equals(MessageId, other.MessageId) && Equals(Subject, other.Subject);

    public override int GetHashCode() => HashCode.Combine(MessageId, Subject);
    public override string ToString() => $"<ActorIdentity>: {MessageId} - {Subject?.ToString() ?? "<null>"}";
}

/// <summary>No message came for as long as the actor set.</summary>
public class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout() { }

    public static ReceiveTimeout Instance { get; } = new();

    public override string ToString() => "<ReceiveTimeout>";
}

/// <summary>Common answers; a <see cref="Failure"/> faults the task of an Ask.</summary>
public abstract class Status
{
    /// <summary>It worked.</summary>
    public sealed class Success(object status) : Status
    {
        public static readonly Success Instance = new(new object());

        public readonly object Status = status;

        public override string ToString() => $"Success: {Status}";
    }

    /// <summary>It failed, and why.</summary>
    public sealed class Failure(Exception cause, object? state) : Status
    {
        public readonly Exception Cause = cause;
        public readonly object? State = state;

        public Failure(Exception cause) : this(cause, null) { }

        public override string ToString() => $"Failure: {Cause}";
    }
}

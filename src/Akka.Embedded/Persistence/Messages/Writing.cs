using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// Store these envelopes in order. Answered by <see cref="WriteMessagesSuccessful"/> or <see cref="WriteMessagesFailed"/>, then
/// one message per event.
/// </summary>
public sealed class WriteMessages(IEnumerable<IPersistentEnvelope> messages, IActorRef persistentActor, int actorInstanceId)
    : IJournalRequest, IEquatable<WriteMessages>
{
    public IEnumerable<IPersistentEnvelope> Messages { get; } = messages;

    public IActorRef PersistentActor { get; } = persistentActor;

    public int ActorInstanceId { get; } = actorInstanceId;

    public bool Equals(WriteMessages? other) => other is not null && Equals(Messages, other.Messages)
        && Equals(PersistentActor, other.PersistentActor) && ActorInstanceId == other.ActorInstanceId;

    public override bool Equals(object? obj) => Equals(obj as WriteMessages);

    public override int GetHashCode() => HashCode.Combine(Messages, PersistentActor, ActorInstanceId);

    public override string ToString() => $"WriteMessages({Messages}, {PersistentActor}, {ActorInstanceId})";
}

/// <summary>A batch was stored; a message per event follows.</summary>
public sealed class WriteMessagesSuccessful : IJournalResponse
{
    private WriteMessagesSuccessful()
    {
    }

    public static WriteMessagesSuccessful Instance { get; } = new();
}

/// <summary>A batch failed: it is not known whether its events are stored.</summary>
public sealed class WriteMessagesFailed(Exception cause, int writeCount) : IJournalResponse, IEquatable<WriteMessagesFailed>
{
    public Exception Cause { get; } = cause;

    public int WriteCount { get; } = writeCount;

    public bool Equals(WriteMessagesFailed? other) =>
        other is not null && Equals(Cause, other.Cause) && WriteCount == other.WriteCount;

    public override bool Equals(object? obj) => Equals(obj as WriteMessagesFailed);

    public override int GetHashCode() => HashCode.Combine(Cause, WriteCount);

    public override string ToString() => $"WriteMessagesFailed({Cause}, {WriteCount})";
}

/// <summary>An event is stored.</summary>
public sealed class WriteMessageSuccess(IPersistentRepresentation persistent, int actorInstanceId)
    : IJournalResponse, IEquatable<WriteMessageSuccess>
{
    public IPersistentRepresentation Persistent { get; } = persistent;

    public int ActorInstanceId { get; } = actorInstanceId;

    public bool Equals(WriteMessageSuccess? other) =>
        other is not null && Equals(Persistent, other.Persistent) && ActorInstanceId == other.ActorInstanceId;

    public override bool Equals(object? obj) => Equals(obj as WriteMessageSuccess);

    public override int GetHashCode() => HashCode.Combine(Persistent, ActorInstanceId);

    public override string ToString() => $"WriteMessageSuccess({Persistent}, {ActorInstanceId})";
}

/// <summary>The journal refused an event before it tried to store it, for example because it cannot be serialized.</summary>
public sealed class WriteMessageRejected(IPersistentRepresentation persistent, Exception cause, int actorInstanceId)
    : IJournalResponse, IEquatable<WriteMessageRejected>
{
    public IPersistentRepresentation Persistent { get; } = persistent;

    public Exception Cause { get; } = cause;

    public int ActorInstanceId { get; } = actorInstanceId;

    public bool Equals(WriteMessageRejected? other) => other is not null && Equals(Persistent, other.Persistent)
        && Equals(Cause, other.Cause) && ActorInstanceId == other.ActorInstanceId;

    public override bool Equals(object? obj) => Equals(obj as WriteMessageRejected);

    public override int GetHashCode() => HashCode.Combine(Persistent, Cause, ActorInstanceId);

    public override string ToString() => $"WriteMessageRejected({Persistent}, {Cause}, {ActorInstanceId})";
}

/// <summary>An event could not be stored; the persistent actor stops.</summary>
public sealed class WriteMessageFailure(IPersistentRepresentation persistent, Exception cause, int actorInstanceId)
    : IJournalResponse, IEquatable<WriteMessageFailure>
{
    public IPersistentRepresentation Persistent { get; } = persistent;

    public Exception Cause { get; } = cause;

    public int ActorInstanceId { get; } = actorInstanceId;

    public bool Equals(WriteMessageFailure? other) => other is not null && Equals(Persistent, other.Persistent)
        && Equals(Cause, other.Cause) && ActorInstanceId == other.ActorInstanceId;

    public override bool Equals(object? obj) => Equals(obj as WriteMessageFailure);

    public override int GetHashCode() => HashCode.Combine(Persistent, Cause, ActorInstanceId);

    public override string ToString() => $"WriteMessageFailure({Persistent}, {Cause}, {ActorInstanceId})";
}

/// <summary>A deferred message, which is not stored, came to its turn.</summary>
public sealed class LoopMessageSuccess(object message, int actorInstanceId) : IJournalResponse, IEquatable<LoopMessageSuccess>
{
    public object Message { get; } = message;

    public int ActorInstanceId { get; } = actorInstanceId;

    public bool Equals(LoopMessageSuccess? other) =>
        other is not null && Equals(Message, other.Message) && ActorInstanceId == other.ActorInstanceId;

    public override bool Equals(object? obj) => Equals(obj as LoopMessageSuccess);

    public override int GetHashCode() => HashCode.Combine(Message, ActorInstanceId);

    public override string ToString() => $"LoopMessageSuccess({Message}, {ActorInstanceId})";
}

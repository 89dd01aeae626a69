using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>
/// Replay events in order, both bounds inclusive, at most <see cref="Max"/>. Answered by <see cref="ReplayedMessage"/>s, then
/// <see cref="RecoverySuccess"/> or <see cref="ReplayMessagesFailure"/>.
/// </summary>
public sealed class ReplayMessages(long fromSequenceNr, long toSequenceNr, long max, string persistenceId,
    IActorRef persistentActor) : IJournalRequest, IEquatable<ReplayMessages>
{
    public long FromSequenceNr { get; } = fromSequenceNr;

    public long ToSequenceNr { get; } = toSequenceNr;

    public long Max { get; } = max;

    public string PersistenceId { get; } = persistenceId;

    public IActorRef PersistentActor { get; } = persistentActor;

    public bool Equals(ReplayMessages? other) =>
        other is not null && FromSequenceNr == other.FromSequenceNr && ToSequenceNr == other.ToSequenceNr && Max == other.Max
        && PersistenceId == other.PersistenceId && Equals(PersistentActor, other.PersistentActor);

    public override bool Equals(object? obj) => Equals(obj as ReplayMessages);

    public override int GetHashCode() => HashCode.Combine(FromSequenceNr, ToSequenceNr, Max, PersistenceId, PersistentActor);

    public override string ToString() =>
        $"ReplayMessages({FromSequenceNr}, {ToSequenceNr}, {Max}, {PersistenceId}, {PersistentActor})";
}

/// <summary>A replayed event.</summary>
public sealed class ReplayedMessage(IPersistentRepresentation persistent)
    : IJournalResponse, IDeadLetterSuppression, IEquatable<ReplayedMessage>
{
    public IPersistentRepresentation Persistent { get; } = persistent;

    public bool Equals(ReplayedMessage? other) => other is not null && Equals(Persistent, other.Persistent);

    public override bool Equals(object? obj) => Equals(obj as ReplayedMessage);

    public override int GetHashCode() => HashCode.Combine(Persistent);

    public override string ToString() => $"ReplayedMessage({Persistent})";
}

/// <summary>The replay is at its end.</summary>
public sealed class RecoverySuccess(long highestSequenceNr)
    : IJournalResponse, IDeadLetterSuppression, IEquatable<RecoverySuccess>
{
    public long HighestSequenceNr { get; } = highestSequenceNr;

    public bool Equals(RecoverySuccess? other) => other is not null && HighestSequenceNr == other.HighestSequenceNr;

    public override bool Equals(object? obj) => Equals(obj as RecoverySuccess);

    public override int GetHashCode() => HashCode.Combine(HighestSequenceNr);

    public override string ToString() => $"RecoverySuccess({HighestSequenceNr})";
}

/// <summary>The replay failed.</summary>
public sealed class ReplayMessagesFailure(Exception cause)
    : IJournalResponse, IDeadLetterSuppression, IEquatable<ReplayMessagesFailure>
{
    public Exception Cause { get; } = cause;

    public bool Equals(ReplayMessagesFailure? other) => other is not null && Equals(Cause, other.Cause);

    public override bool Equals(object? obj) => Equals(obj as ReplayMessagesFailure);

    public override int GetHashCode() => HashCode.Combine(Cause);

    public override string ToString() => $"ReplayMessagesFailure({Cause})";
}

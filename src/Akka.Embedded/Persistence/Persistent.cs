using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>
/// Something a persistent actor hands to its journal: events to store, or a deferred message that only keeps its turn.
/// </summary>
public interface IPersistentEnvelope
{
    object Payload { get; }

    IActorRef Sender { get; }

    /// <summary>How many answers of the journal belong to it.</summary>
    int Size { get; }
}

/// <summary>A message that is not stored: it comes back in its turn.</summary>
internal sealed class NonPersistentMessage(object payload, IActorRef sender) : IPersistentEnvelope
{
    public object Payload { get; } = payload;

    public IActorRef Sender { get; } = sender;

    public int Size => 1;
}

/// <summary>Events of one actor that are stored all or not at all.</summary>
public sealed class AtomicWrite : IPersistentEnvelope, Serialization.IMessage
{
    public AtomicWrite(IPersistentRepresentation @event)
        : this(ImmutableArray.Create(@event))
    {
    }

    /// <exception cref="ArgumentException">No event, or events of more than one persistence id.</exception>
    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        if (payload.Count == 0) throw new ArgumentException("an atomic write has at least one event", nameof(payload));
        var first = payload[0];
        LowestSequenceNr = long.MaxValue;
        foreach (var persistent in payload)
        {
            if (persistent.PersistenceId != first.PersistenceId)
                throw new ArgumentException(
                    $"an atomic write is of one actor: {first.PersistenceId} and {persistent.PersistenceId}", nameof(payload));
            LowestSequenceNr = Math.Min(LowestSequenceNr, persistent.SequenceNr);
            HighestSequenceNr = Math.Max(HighestSequenceNr, persistent.SequenceNr);
        }

        Payload = payload;
        Sender = ActorRefs.NoSender;
        PersistenceId = first.PersistenceId;
        Size = payload.Count;
    }

    /// <summary>An <see cref="IImmutableList{T}"/> of <see cref="IPersistentRepresentation"/>.</summary>
    public object Payload { get; }

    public IActorRef Sender { get; }

    public int Size { get; }

    public string PersistenceId { get; }

    public long LowestSequenceNr { get; }

    public long HighestSequenceNr { get; }

    internal IImmutableList<IPersistentRepresentation> Events => (IImmutableList<IPersistentRepresentation>)Payload;

    public bool Equals(AtomicWrite? other) =>
        other is not null && PersistenceId == other.PersistenceId && Size == other.Size && Events.SequenceEqual(other.Events);

    public override bool Equals(object? obj) => Equals(obj as AtomicWrite);

    public override int GetHashCode() => HashCode.Combine(PersistenceId, LowestSequenceNr, HighestSequenceNr);

    public override string ToString() => $"AtomicWrite({PersistenceId}, {LowestSequenceNr}..{HighestSequenceNr})";
}

/// <summary>An event with all that a journal keeps of it.</summary>
public interface IPersistentRepresentation : Serialization.IMessage
{
    object Payload { get; }

    /// <summary>What an event adapter said of the payload; empty where none did.</summary>
    string Manifest { get; }

    string PersistenceId { get; }

    /// <summary>1 for an actor's first event.</summary>
    long SequenceNr { get; }

    /// <summary>When it was stored, in UTC ticks; 0 before that.</summary>
    long Timestamp { get; }

    bool IsDeleted { get; }

    /// <summary>Who sent the command; not stored.</summary>
    IActorRef Sender { get; }

    /// <summary>Which incarnation of the actor wrote it.</summary>
    string WriterGuid { get; }

    IPersistentRepresentation WithPayload(object payload);

    IPersistentRepresentation WithManifest(string manifest);

    IPersistentRepresentation WithTimestamp(long timestamp);

    IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef sender, string writerGuid);
}

/// <inheritdoc cref="IPersistentRepresentation"/>
public class Persistent(
    object payload,
    long sequenceNr = 0L,
    string? persistenceId = null,
    string? manifest = null,
    bool isDeleted = false,
    IActorRef? sender = null,
    string? writerGuid = null,
    long timestamp = 0L) : IPersistentRepresentation, IEquatable<IPersistentRepresentation>
{
    public static string Undefined { get; } = string.Empty;

    public object Payload { get; } = payload;

    public string Manifest { get; } = manifest ?? Undefined;

    public string PersistenceId { get; } = persistenceId ?? Undefined;

    public long SequenceNr { get; } = sequenceNr;

    public long Timestamp { get; } = timestamp;

    public bool IsDeleted { get; } = isDeleted;

    public IActorRef Sender { get; } = sender!; // Null is Akka's "no sender".

    public string WriterGuid { get; } = writerGuid ?? Undefined;

    public IPersistentRepresentation WithPayload(object payload) =>
        new Persistent(payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    public IPersistentRepresentation WithManifest(string manifest) => manifest == Manifest
        ? this
        : new Persistent(Payload, SequenceNr, PersistenceId, manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    public IPersistentRepresentation WithTimestamp(long newTimestamp) => newTimestamp == Timestamp
        ? this
        : new Persistent(Payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, newTimestamp);

    public IPersistentRepresentation Update(
        long sequenceNr, string persistenceId, bool isDeleted, IActorRef sender, string writerGuid) =>
        new Persistent(Payload, sequenceNr, persistenceId, Manifest, isDeleted, sender, writerGuid, Timestamp);

    public bool Equals(Persistent? other) => Equals((IPersistentRepresentation?)other);

    public bool Equals(IPersistentRepresentation? other) =>
        other is not null && Equals(Payload, other.Payload) && Manifest == other.Manifest && PersistenceId == other.PersistenceId
        && SequenceNr == other.SequenceNr && IsDeleted == other.IsDeleted && Equals(Sender, other.Sender)
            && WriterGuid == other.WriterGuid;

    public override bool Equals(object? obj) => Equals(obj as IPersistentRepresentation);

    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, Manifest, WriterGuid);

    public override string ToString() => $"Persistent({PersistenceId}, {SequenceNr}, {Payload})";
}

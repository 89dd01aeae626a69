using Akka.Actor;

namespace Akka.Persistence;

/// <summary>How a persistent actor recovers: from which snapshot, up to which event, how many events at most.</summary>
public sealed class Recovery
{
    public Recovery()
        : this(SnapshotSelectionCriteria.Latest, long.MaxValue, long.MaxValue)
    {
    }

    public Recovery(SnapshotSelectionCriteria fromSnapshot)
        : this(fromSnapshot, long.MaxValue, long.MaxValue)
    {
    }

    public Recovery(SnapshotSelectionCriteria fromSnapshot, long toSequenceNr)
        : this(fromSnapshot, toSequenceNr, long.MaxValue)
    {
    }

    public Recovery(SnapshotSelectionCriteria? fromSnapshot = null, long toSequenceNr = long.MaxValue,
        long replayMax = long.MaxValue)
    {
        FromSnapshot = fromSnapshot ?? SnapshotSelectionCriteria.Latest;
        ToSequenceNr = toSequenceNr;
        ReplayMax = replayMax;
    }

    /// <summary>From the latest snapshot through all events.</summary>
    public static Recovery Default { get; } = new(SnapshotSelectionCriteria.Latest);

    /// <summary>No snapshot and no event; the sequence number goes on where it was.</summary>
    public static Recovery None { get; } = new(SnapshotSelectionCriteria.Latest, 0L);

    public SnapshotSelectionCriteria FromSnapshot { get; }

    public long ToSequenceNr { get; }

    public long ReplayMax { get; }
}

/// <summary>Says with which <see cref="Recovery"/> it starts.</summary>
public interface IPersistenceRecovery
{
    Recovery Recovery { get; }
}

/// <summary>The last message of a recovery: what follows are commands.</summary>
public sealed class RecoveryCompleted
{
    public static readonly RecoveryCompleted Instance = new();

    private RecoveryCompleted()
    {
    }
}

/// <summary>Looks whether a recovery still moves.</summary>
public sealed class RecoveryTick(bool snapshot)
{
    /// <summary>Whether the snapshot, or else the events, were waited for.</summary>
    public bool Snapshot { get; } = snapshot;
}

/// <summary>No snapshot or event came within <c>recovery-event-timeout</c>.</summary>
public sealed class RecoveryTimedOutException : AkkaException
{
    public RecoveryTimedOutException()
    {
    }

    public RecoveryTimedOutException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>Has an identity whose events and snapshots are kept.</summary>
public interface IPersistentIdentity
{
    /// <summary>Unique among all persistent actors that share a journal.</summary>
    string PersistenceId { get; }

    /// <summary>Config path of the journal plugin; null or empty for <c>akka.persistence.journal.plugin</c>.</summary>
    string JournalPluginId { get; }

    /// <summary>
    /// Config path of the snapshot-store plugin; null or empty for <c>akka.persistence.snapshot-store.plugin</c>.
    /// </summary>
    string SnapshotPluginId { get; }
}

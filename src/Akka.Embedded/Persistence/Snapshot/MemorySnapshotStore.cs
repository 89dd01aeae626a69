namespace Akka.Persistence.Snapshot;

/// <summary>
/// A snapshot store in memory (<c>akka.persistence.snapshot-store.inmem</c>): its snapshots are gone with the actor system.
/// </summary>
public class MemorySnapshotStore : SnapshotStore
{
    private readonly List<SelectedSnapshot> _snapshots = [];

    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Task.FromResult(
        _snapshots.Where(snapshot => IsOf(snapshot, persistenceId) && criteria.Matches(snapshot.Metadata))
            .MaxBy(snapshot => snapshot.Metadata.SequenceNr));

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        _snapshots.RemoveAll(other => IsOf(other, metadata.PersistenceId) && other.Metadata.SequenceNr == metadata.SequenceNr);
        _snapshots.Add(new(metadata, snapshot));
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        _snapshots.RemoveAll(snapshot => IsOf(snapshot, metadata.PersistenceId)
            && snapshot.Metadata.SequenceNr == metadata.SequenceNr
            && (metadata.Timestamp == DateTime.MinValue || snapshot.Metadata.Timestamp <= metadata.Timestamp));
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        _snapshots.RemoveAll(snapshot => IsOf(snapshot, persistenceId) && criteria.Matches(snapshot.Metadata));
        return Task.CompletedTask;
    }

    private static bool IsOf(SelectedSnapshot snapshot, string persistenceId) => snapshot.Metadata.PersistenceId == persistenceId;
}

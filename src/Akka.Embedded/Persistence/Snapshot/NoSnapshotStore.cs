namespace Akka.Persistence.Snapshot;

/// <summary>Stands where no snapshot store is configured: it has no snapshot, and refuses to save one.</summary>
public sealed class NoSnapshotStore : SnapshotStore
{
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Task.FromResult<SelectedSnapshot?>(null);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) => Refused();

    protected override Task DeleteAsync(SnapshotMetadata metadata) => Refused();

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Refused();

    private static Task Refused() => Task.FromException(
        new NoSnapshotStoreException("No snapshot store is configured (akka.persistence.snapshot-store.plugin)."));

    /// <summary>A snapshot was to be saved or deleted where no snapshot store is configured.</summary>
    public class NoSnapshotStoreException : Exception
    {
        public NoSnapshotStoreException()
        {
        }

        public NoSnapshotStoreException(string message)
            : base(message)
        {
        }

        public NoSnapshotStoreException(string message, Exception innerException)
            : base(message, innerException)
        {
        }
    }
}

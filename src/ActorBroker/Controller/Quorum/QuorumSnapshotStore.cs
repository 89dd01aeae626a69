using ActorBroker.Journal.Persistence;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace ActorBroker.Controller.Quorum;

/// <summary>
/// Akka.Persistence's snapshot store beside the quorum journal, <c>akka.persistence.snapshot-store.quorum</c>: a snapshot takes
/// the place of the entries that it stands for, on each voter. There is one at a time.
/// </summary>
internal sealed class QuorumSnapshotStore : SnapshotStore
{
    private readonly QuorumPersistence _quorum = QuorumPersistence.Get(Context.System);
    private readonly PayloadCodec _payloads = new((ExtendedActorSystem)Context.System);

    /// <summary>A recovery asks for the snapshot first: it waits here until the proposer is elected.</summary>
    protected override async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var won = await _quorum.Current.Won.ConfigureAwait(false);
        if (won.Snapshot is not { State.IsEmpty: false } snapshot) return null;
        var sequenceNr = QuorumSession.SequenceNrOf(snapshot.State);
        if (sequenceNr > criteria.MaxSequenceNr || sequenceNr < criteria.MinSequenceNr) return null;
        using var from = new BinaryReader(new MemoryStream(QuorumSession.ContentOf(snapshot.State).ToArray(), writable: false));
        var metadata = new SnapshotMetadata(persistenceId, sequenceNr, new DateTime(from.ReadInt64(), DateTimeKind.Utc));
        return new SelectedSnapshot(metadata, _payloads.Read(from));
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        using var content = new MemoryStream();
        using var to = new BinaryWriter(content);
        to.Write(metadata.Timestamp.Ticks);
        _payloads.Write(to, snapshot);
        to.Flush();
        return _quorum.Current.CompactAsync(metadata.SequenceNr, content.ToArray());
    }

    /// <summary>The next one takes its place.</summary>
    protected override Task DeleteAsync(SnapshotMetadata metadata) => Task.CompletedTask;

    /// <inheritdoc cref="DeleteAsync(SnapshotMetadata)"/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Task.CompletedTask;
}

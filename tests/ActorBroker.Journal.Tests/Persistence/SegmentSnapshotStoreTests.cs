using ActorBroker.Journal.Files;
using Akka.Actor;
using Akka.Persistence;

namespace ActorBroker.Journal.Tests.Persistence;

/// <summary>
/// What Akka.Persistence's compatibility kit expects of a snapshot store, and what one on disk must do besides.
/// </summary>
public sealed class SegmentSnapshotStoreTests : IDisposable
{
    private const string Id = "user/42 - \"ä\"";

    private readonly FaultyFileSystem _disk = new(TimeProvider.System);
    private readonly List<SnapshotMetadata> _saved = [];
    private PersistenceKit _kit;

    public SegmentSnapshotStoreTests()
    {
        _kit = new(_disk);
        for (var i = 1; i <= 5; i++)
            _saved.Add(Save(new SnapshotMetadata(Id, 10 + i, new DateTime(2024, 1, i, 0, 0, 0, DateTimeKind.Utc)), $"s-{i}"));
    }

    public void Dispose() => _kit.Dispose();

    [Fact]
    public void The_newest_snapshot_is_loaded() => Assert.Equal((15L, "s-5"), Load(SnapshotSelectionCriteria.Latest));

    [Fact]
    public void An_unknown_persistence_id_has_none() => Assert.Null(Load(SnapshotSelectionCriteria.Latest, id: "invalid"));

    [Fact]
    public void Criteria_that_fit_none_give_none()
    {
        Assert.Null(Load(new SnapshotSelectionCriteria(100, new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc))));
        Assert.Null(Load(new SnapshotSelectionCriteria(7)));
        Assert.Null(Load(SnapshotSelectionCriteria.Latest, toSequenceNr: 7));
        Assert.Null(Load(SnapshotSelectionCriteria.None));
    }

    [Fact]
    public void Bounds_of_sequence_number_and_time_hold_together_and_alone()
    {
        Assert.Equal((13L, "s-3"), Load(new SnapshotSelectionCriteria(13)));
        Assert.Equal((13L, "s-3"), Load(SnapshotSelectionCriteria.Latest, toSequenceNr: 13));
        Assert.Equal((13L, "s-3"), Load(new SnapshotSelectionCriteria(100, _saved[2].Timestamp)));
        Assert.Equal((12L, "s-2"), Load(new SnapshotSelectionCriteria(100, _saved[2].Timestamp.AddTicks(-1))));
        Assert.Equal((12L, "s-2"), Load(new SnapshotSelectionCriteria(12, _saved[4].Timestamp, 11, _saved[0].Timestamp)));
        Assert.Null(Load(new SnapshotSelectionCriteria(100, DateTime.MaxValue, 16)));
    }

    [Fact]
    public void One_snapshot_is_deleted_by_its_metadata_with_or_without_time()
    {
        Delete(_saved[4]);
        Assert.Equal((14L, "s-4"), Load(SnapshotSelectionCriteria.Latest));
        Delete(new SnapshotMetadata(Id, 14));
        Assert.Equal((13L, "s-3"), Load(SnapshotSelectionCriteria.Latest));
        // It was saved after that time.
        Delete(new SnapshotMetadata(Id, 13, _saved[2].Timestamp.AddTicks(-1)));
        Assert.Equal((13L, "s-3"), Load(SnapshotSelectionCriteria.Latest));
    }

    [Fact]
    public void All_snapshots_that_criteria_take_are_deleted()
    {
        DeleteAll(new SnapshotSelectionCriteria(13, _saved[2].Timestamp.AddTicks(-1)));
        Assert.Equal((13L, "s-3"), Load(new SnapshotSelectionCriteria(13)));
        Assert.Null(Load(new SnapshotSelectionCriteria(12)));
        DeleteAll(new SnapshotSelectionCriteria(13, _saved[2].Timestamp));
        Assert.Null(Load(new SnapshotSelectionCriteria(13)));
        Assert.Equal((15L, "s-5"), Load(SnapshotSelectionCriteria.Latest));
    }

    [Fact]
    public void A_snapshot_with_the_same_sequence_number_takes_the_place_of_the_older()
    {
        Save(new SnapshotMetadata(Id, 15, _saved[4].Timestamp.AddDays(1)), "s-5-modified");
        Assert.Equal((15L, "s-5-modified"), Load(SnapshotSelectionCriteria.Latest));
        Save(new SnapshotMetadata(Id, 15, _saved[4].Timestamp.AddDays(1)), "again");
        Assert.Equal((15L, "again"), Load(SnapshotSelectionCriteria.Latest));
        Assert.Equal(5, _disk.List(Path.Combine("/snapshots", _disk.List("/snapshots").Single().Name)).Count);
    }

    [Fact]
    public void Large_snapshots_and_bursts_are_saved()
    {
        Save(new SnapshotMetadata("large", 1), new byte[100_000]);
        for (var i = 1; i <= 50; i++)
            _kit.Snapshots.Tell(new SaveSnapshot(new SnapshotMetadata("burst", i), $"b-{i}"), _kit.TestActor);
        for (var i = 1; i <= 50; i++) _kit.ExpectMsg<SaveSnapshotSuccess>(TimeSpan.FromSeconds(30));
        Assert.Equal((50L, "b-50"), Load(SnapshotSelectionCriteria.Latest, "burst"));
    }

    [Fact]
    public void Snapshots_are_stamped_and_come_back_by_their_serializers_after_a_power_cut()
    {
        var metadata = Save(new SnapshotMetadata("stamped", 3), new Person("Grace", 85));
        Assert.InRange(DateTime.UtcNow - metadata.Timestamp, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        _disk.CutPower();
        _kit.Dispose();
        _kit = new(_disk);
        Assert.Equal((3L, new Person("Grace", 85)), Load(SnapshotSelectionCriteria.Latest, "stamped"));
    }

    [Fact]
    public void A_damaged_snapshot_fails_the_recovery_that_needs_it()
    {
        var folder = Path.Combine("/snapshots", _disk.List("/snapshots").Single().Name);
        var newest = _disk.List(folder).Select(file => file.Name).Order(StringComparer.Ordinal).Last();
        _disk.FlipBit(Path.Combine(folder, newest), 600);
        _kit.Snapshots.Tell(new LoadSnapshot(Id, SnapshotSelectionCriteria.Latest, long.MaxValue), _kit.TestActor);
        Assert.Contains("damaged", _kit.ExpectMsg<LoadSnapshotFailed>().Cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_older_snapshot()
    {
        _disk.FreeBytes = 20;
        _kit.Snapshots.Tell(new SaveSnapshot(new SnapshotMetadata(Id, 16), "s-6"), _kit.TestActor);
        _kit.ExpectMsg<SaveSnapshotFailure>();
        _kit.Snapshots.Tell(new SaveSnapshot(new SnapshotMetadata(Id, 17), new Unserializable()), _kit.TestActor);
        _kit.ExpectMsg<SaveSnapshotFailure>();
        Assert.Equal((15L, "s-5"), Load(SnapshotSelectionCriteria.Latest));
    }

    [Fact]
    public void Any_persistence_id_has_a_folder_of_its_own()
    {
        string[] ids = ["a", "A", "a/b", "a%2Fb", "..", new('x', 1000), new('x', 1001)];
        foreach (var id in ids) Save(new SnapshotMetadata(id, 1), id);
        foreach (var id in ids) Assert.Equal((1L, id), Load(SnapshotSelectionCriteria.Latest, id));
    }

    private SnapshotMetadata Save(SnapshotMetadata metadata, object snapshot)
    {
        _kit.Snapshots.Tell(new SaveSnapshot(metadata, snapshot), _kit.TestActor);
        return _kit.ExpectMsg<SaveSnapshotSuccess>().Metadata;
    }

    private (long SequenceNr, object Snapshot)? Load(
        SnapshotSelectionCriteria criteria, string id = Id, long toSequenceNr = long.MaxValue)
    {
        _kit.Snapshots.Tell(new LoadSnapshot(id, criteria, toSequenceNr), _kit.TestActor);
        return _kit.ExpectMsg<LoadSnapshotResult>().Snapshot is { } selected
            ? (selected.Metadata.SequenceNr, selected.Snapshot)
            : null;
    }

    private void Delete(SnapshotMetadata metadata)
    {
        _kit.Snapshots.Tell(new DeleteSnapshot(metadata), _kit.TestActor);
        _kit.ExpectMsg<DeleteSnapshotSuccess>();
    }

    private void DeleteAll(SnapshotSelectionCriteria criteria)
    {
        _kit.Snapshots.Tell(new DeleteSnapshots(Id, criteria), _kit.TestActor);
        _kit.ExpectMsg<DeleteSnapshotsSuccess>();
    }
}

using ActorBroker.Journal.Files;
using Akka.Actor;
using Akka.Persistence;
using static ActorBroker.Journal.Tests.Persistence.PersistenceKit;

namespace ActorBroker.Journal.Tests.Persistence;

/// <summary>What Akka.Persistence's compatibility kit expects of a journal, and what a journal on disk must do besides.</summary>
public sealed class SegmentJournalTests : IDisposable
{
    private const string Id = "p-1";

    private readonly FaultyFileSystem _disk = new(TimeProvider.System);
    private PersistenceKit _kit;

    public SegmentJournalTests() => _kit = new(_disk);

    public void Dispose() => _kit.Dispose();

    [Fact]
    public void Events_are_acknowledged_in_order_with_their_writers_instance()
    {
        _kit.Journal.Tell(new WriteMessages([Write(Id, 1, "a-1"), Write(Id, 2, "a-2")], _kit.TestActor, 17));
        _kit.ExpectMsg<WriteMessagesSuccessful>();
        foreach (var number in new[] { 1, 2 })
        {
            var stored = _kit.ExpectMsg<WriteMessageSuccess>();
            Assert.Equal((number, 17, $"a-{number}"),
                (stored.Persistent.SequenceNr, stored.ActorInstanceId, stored.Persistent.Payload));
        }
    }

    [Theory]
    [InlineData(1, long.MaxValue, long.MaxValue, "a-1 a-2 a-3 a-4 a-5")]
    [InlineData(3, long.MaxValue, long.MaxValue, "a-3 a-4 a-5")]
    [InlineData(1, 3, long.MaxValue, "a-1 a-2 a-3")]
    [InlineData(1, long.MaxValue, 3, "a-1 a-2 a-3")]
    [InlineData(2, 3, long.MaxValue, "a-2 a-3")]
    [InlineData(2, 5, 2, "a-2 a-3")]
    [InlineData(2, 2, long.MaxValue, "a-2")]
    [InlineData(5, long.MaxValue, 1, "a-5")]
    [InlineData(2, 4, 1, "a-2")]
    [InlineData(2, 4, 0, "")]
    [InlineData(3, 2, long.MaxValue, "")]
    [InlineData(6, long.MaxValue, long.MaxValue, "")]
    public void Replays_are_bounded_below_above_and_in_number_and_tell_the_true_highest(
        long from, long to, long max, string expected)
    {
        StoreFive();
        var (events, highest) = _kit.Replay(Id, from, to, max);
        Assert.Equal(expected, string.Join(' ', events.Select(persistent => persistent.Payload)));
        Assert.Equal(5, highest);
    }

    [Fact]
    public void An_unknown_persistence_id_has_no_events_and_no_highest()
    {
        StoreFive();
        var (events, highest) = _kit.Replay("unknown");
        Assert.Empty(events);
        Assert.Equal(0, highest);
    }

    [Fact]
    public void Deleted_events_are_not_replayed_and_the_deletion_is_published()
    {
        StoreFive();
        _kit.Sys.EventStream.Subscribe(_kit.TestActor, typeof(DeleteMessagesTo));
        _kit.Journal.Tell(new DeleteMessagesTo(Id, 3, _kit.TestActor));
        _kit.ExpectMsg<DeleteMessagesSuccess>();
        Assert.Equal(Id, _kit.ExpectMsg<DeleteMessagesTo>().PersistenceId);
        Assert.Equal(["a-4", "a-5"], _kit.Payloads(Id));
        Assert.Equal(["a-4", "a-5"], _kit.Payloads(Id, from: 2));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(long.MaxValue)]
    public void The_highest_sequence_number_survives_deletion_and_restart(long to)
    {
        StoreFive();
        _kit.DeleteTo(Id, to);
        Assert.Equal(5, _kit.Replay(Id).Highest);
        Restart();
        Assert.Equal((to >= 5 ? 0 : 5 - (int)to, 5L), (_kit.Replay(Id).Events.Count, _kit.Replay(Id).Highest));
        _kit.Store(Write(Id, 6, "a-6"));
        Assert.Equal(6, _kit.Replay(Id).Highest);
    }

    [Fact]
    public void A_deletion_within_an_atomic_write_deletes_a_part_of_it()
    {
        _kit.Store(Write(Id, 1, "a-1", "a-2", "a-3"));
        _kit.DeleteTo(Id, 2);
        Restart();
        Assert.Equal(["a-3"], _kit.Payloads(Id));
    }

    [Fact]
    public void An_event_that_cannot_be_serialized_is_rejected_and_its_neighbours_are_stored()
    {
        StoreFive();
        AtomicWrite[] writes = [Write(Id, 6, "b-6"), Write(Id, 7, new Unserializable()), Write(Id, 8, "b-8")];
        _kit.Journal.Tell(new WriteMessages(writes, _kit.TestActor, 1));
        _kit.ExpectMsg<WriteMessagesSuccessful>();
        Assert.Equal(6, _kit.ExpectMsg<WriteMessageSuccess>().Persistent.SequenceNr);
        var rejected = _kit.ExpectMsg<WriteMessageRejected>();
        Assert.Equal(7, rejected.Persistent.SequenceNr);
        Assert.IsType<System.Runtime.Serialization.SerializationException>(rejected.Cause);
        Assert.Equal(8, _kit.ExpectMsg<WriteMessageSuccess>().Persistent.SequenceNr);
        Assert.Equal(["b-6", "b-8"], _kit.Payloads(Id, from: 6));
    }

    [Fact]
    public void An_atomic_write_with_one_event_that_cannot_be_serialized_is_rejected_as_a_whole()
    {
        _kit.Journal.Tell(new WriteMessages([Write(Id, 1, "a-1", new Unserializable(), "a-3")], _kit.TestActor, 1));
        _kit.ExpectMsg<WriteMessagesSuccessful>();
        for (var i = 0; i < 3; i++) _kit.ExpectMsg<WriteMessageRejected>();
        Assert.Empty(_kit.Payloads(Id));
    }

    [Fact]
    public void Payloads_come_back_by_their_serializers_and_manifests()
    {
        _kit.Store(Write(Id, 1, new Person("Ada", 36)), Write(Id, 2, new Referring(_kit.TestActor)),
            Write(Id, 3, new byte[] { 1, 2, 3 }));
        Assert.Equal([new Person("Ada", 36), new Referring(_kit.TestActor)], _kit.Payloads(Id, to: 2));
        Restart();
        Assert.Equal(new Person("Ada", 36), _kit.Payloads(Id, to: 1)[0]);
        Assert.Equal(new byte[] { 1, 2, 3 }, _kit.Payloads(Id, from: 3)[0]);
    }

    [Fact]
    public void All_that_a_journal_keeps_of_an_event_comes_back()
    {
        var before = DateTime.UtcNow.Ticks;
        _kit.Store(Write(Id, 1, "a-1"));
        Restart();
        var persistent = Assert.Single(_kit.Replay(Id).Events);
        Assert.Equal((Id, 1L, "writer", ""),
            (persistent.PersistenceId, persistent.SequenceNr, persistent.WriterGuid, persistent.Manifest));
        Assert.False(persistent.IsDeleted);
        Assert.InRange(persistent.Timestamp, before, DateTime.UtcNow.Ticks);
    }

    [Fact]
    public void Events_survive_a_power_cut_as_soon_as_they_are_acknowledged()
    {
        for (var i = 1; i <= 20; i++) _kit.Store(Write(Id, i, $"a-{i}"));
        _kit.DeleteTo(Id, 4);
        Restart(powerCut: true);
        Assert.Equal(Enumerable.Range(5, 16).Select(i => $"a-{i}"), _kit.Payloads(Id));
    }

    [Fact]
    public void Without_flush_events_survive_a_crash_of_the_process_but_no_power_cut()
    {
        _kit.Dispose();
        _kit = new(_disk, "akka.persistence.journal.segment.flush = off");
        _kit.Store(Write(Id, 1, "a-1"));
        _disk.CutPower();
        _kit.Dispose();
        _kit = new(_disk);
        Assert.Equal(0, _kit.Replay(Id).Highest);
    }

    [Fact]
    public void A_full_disk_fails_the_write_and_the_journal_goes_on_when_there_is_space()
    {
        StoreFive();
        _disk.FreeBytes = 40;
        _kit.Journal.Tell(new WriteMessages([Write(Id, 6, "b-6")], _kit.TestActor, 1));
        Assert.IsType<LogStorageException>(_kit.ExpectMsg<WriteMessagesFailed>().Cause);
        _kit.ExpectMsg<WriteMessageFailure>();
        _disk.FreeBytes = long.MaxValue;

        _kit.Store(Write(Id, 6, "c-6"));
        Assert.Equal(["a-5", "c-6"], _kit.Payloads(Id, from: 5));
        Restart();
        Assert.Equal(["a-5", "c-6"], _kit.Payloads(Id, from: 5));
    }

    [Fact]
    public void After_a_failed_flush_the_journal_finds_out_what_is_stored()
    {
        StoreFive();
        _disk.FailFlush = path => path.EndsWith(".log", StringComparison.Ordinal);
        _kit.Journal.Tell(new WriteMessages([Write(Id, 6, "b-6")], _kit.TestActor, 1));
        _kit.ExpectMsg<WriteMessagesFailed>();
        _kit.ExpectMsg<WriteMessageFailure>();
        _disk.FailFlush = null;
        // Failed means unknown: here it is stored.
        Assert.Equal(6, _kit.Replay(Id).Highest);
        _kit.Store(Write(Id, 7, "b-7"));
        Assert.Equal(["b-6", "b-7"], _kit.Payloads(Id, from: 6));
    }

    [Fact]
    public void Writes_that_wait_for_the_disk_share_its_next_flush()
    {
        StoreFive();
        var before = _disk.Flushes;
        for (var i = 0; i < 200; i++) _kit.Journal.Tell(new WriteMessages([Write($"q-{i}", 1, "x")], _kit.TestActor, 1));
        for (var i = 0; i < 200; i++)
        {
            _kit.ExpectMsg<WriteMessagesSuccessful>(TimeSpan.FromSeconds(30));
            _kit.ExpectMsg<WriteMessageSuccess>();
        }
        Assert.InRange(_disk.Flushes - before, 1, 200);
        Assert.Equal(["x"], _kit.Payloads("q-199"));
    }

    [Fact]
    public void Segments_whose_events_are_all_deleted_go_and_what_must_survive_them_does()
    {
        _kit.Dispose();
        _kit = new(_disk, "akka.persistence.journal.segment.segment-bytes = 4 KiB");
        _kit.Store(Write("silent", 1, "s-1"));
        _kit.DeleteTo("silent", 1);
        for (var i = 1; i <= 300; i++) _kit.Store(Write(Id, i, $"event number {i} with some text that fills the segments"));
        var full = Segments();
        Assert.True(full > 5);
        _kit.DeleteTo(Id, 295);
        Assert.InRange(Segments(), 1, 3);
        Assert.Equal(5, _kit.Payloads(Id).Length);

        Restart(powerCut: true);
        Assert.Equal(1, _kit.Replay("silent").Highest);
        Assert.Equal((5, 300L), (_kit.Replay(Id).Events.Count, _kit.Replay(Id).Highest));

        int Segments() => _disk.List("/journal/events-0").Count(file => file.Name.EndsWith(".log", StringComparison.Ordinal));
    }

    [Fact]
    public void A_journal_on_the_operating_systems_disk_is_found_again()
    {
        var folder = Directory.CreateTempSubdirectory("journal-").FullName;
        try
        {
            for (var round = 0; round < 3; round++)
            {
                using var kit = new PersistenceKit(PhysicalFileSystem.Instance, $$"""
                    akka.persistence.journal.segment { dir = "{{folder}}/journal", segment-bytes = 2 KiB }
                    akka.persistence.snapshot-store.segment.dir = "{{folder}}/snapshots"
                    """);
                Assert.Equal(round * 40, kit.Replay(Id).Highest);
                for (var i = 1; i <= 40; i++) kit.Store(Write(Id, round * 40 + i, $"event {i}"));
                kit.DeleteTo(Id, round * 40 + 35);
                Assert.Equal(5, kit.Payloads(Id).Length);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Two_journals_cannot_have_the_same_folder()
    {
        StoreFive();
        using var second = new PersistenceKit(_disk);
        second.Journal.Tell(new ReplayMessages(1, 5, 5, Id, second.TestActor));
        Assert.Contains("in use", second.ExpectMsg<ReplayMessagesFailure>().Cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_persistent_actor_goes_on_where_it_was()
    {
        for (var round = 0; round < 3; round++)
        {
            var counter = _kit.Sys.ActorOf(Props.Create(() => new Counter()));
            for (var i = 0; i < 10; i++) counter.Tell("add", _kit.TestActor);
            for (var i = 1; i <= 10; i++) Assert.Equal(round * 10 + i, _kit.ExpectMsg<int>());
            if (round == 1)
            {
                counter.Tell("snapshot", _kit.TestActor);
                _kit.ExpectMsg("saved");
            }
            Restart(powerCut: true);
        }
    }

    private void StoreFive() =>
        _kit.Store(Write(Id, 1, "a-1"), Write(Id, 2, "a-2"), Write(Id, 3, "a-3"), Write(Id, 4, "a-4", "a-5"));

    /// <summary>The process ends, properly or not, and another one starts on the same disk.</summary>
    private void Restart(bool powerCut = false)
    {
        // Whoever dies of a power cut writes nothing on its way out.
        if (powerCut) _disk.FailWrite = _disk.FailFlush = _ => true;
        _kit.Dispose();
        _disk.FailWrite = _disk.FailFlush = null;
        if (powerCut) _disk.CutPower();
        _kit = new(_disk);
    }

    private sealed class Counter : ReceivePersistentActor
    {
        private int _count;

        public Counter()
        {
            Recover<string>(_ => _count++);
            Recover<SnapshotOffer>(offer => _count = int.Parse((string)offer.Snapshot, null));
            Command<string>(text => text == "add", text => Persist(text, _ => Sender.Tell(++_count)));
            Command<string>(text =>
            {
                SaveSnapshot(_count.ToString(System.Globalization.CultureInfo.InvariantCulture));
                var asker = Sender;
                Become(() => Command<SaveSnapshotSuccess>(saved =>
                {
                    DeleteMessages(saved.Metadata.SequenceNr);
                    Become(() => Command<DeleteMessagesSuccess>(_ => asker.Tell("saved")));
                }));
            });
        }

        public override string PersistenceId => "counter";
    }
}

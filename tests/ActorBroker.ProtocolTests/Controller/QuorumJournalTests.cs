using System.Collections.Immutable;
using ActorBroker.Controller.Quorum;
using ActorBroker.Core.Quorum;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Persistence;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.ProtocolTests.Controller;

/// <summary>A persistent actor on the quorum journal, its proposer, and three voters on disks of their own.</summary>
public class QuorumJournalTests : TestKit
{
    private const string VotesAgain = "The controller's journal can be written in 3 again";

    private static readonly ImmutableArray<BrokerId> Voters = [new(1), new(2), new(3)];
    private const int MaxEntryBytes = 10_000;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private readonly InMemoryFileSystem _files = new(TimeProvider.System);
    private readonly Dictionary<BrokerId, IActorRef> _voters = [];
    private readonly LogLines _log = new();
    private long _unique;

    public QuorumJournalTests() : base(ConfigurationFactory.ParseString($$"""
        akka.persistence.journal.plugin = "{{QuorumPersistence.JournalId}}"
        akka.persistence.snapshot-store.plugin = "{{QuorumPersistence.SnapshotStoreId}}"
        # Nobody here waits for that long.
        akka.persistence.journal-plugin-fallback.circuit-breaker.call-timeout = 10m
        akka.test.single-expect-default = 30s
        """)
        .WithFallback(Reference.Document.Akka).WithFallback(SegmentPersistence.DefaultConfig()))
    {
        foreach (var voter in Voters) StartVoter(voter);
    }

    [Fact]
    public void What_was_stored_is_there_for_the_next_one_elsewhere()
    {
        var (proposer, actor) = Start(1);
        Store(actor, "a", "b", "c");
        Stop(actor, proposer);
        (proposer, actor) = Start(2);
        Assert.Equal("a b c", Told(actor));
        Store(actor, "d");
        Stop(actor, proposer);
        Assert.Equal("a b c d", Told(Start(3).Actor));
    }

    [Fact]
    public void Any_minority_may_be_missing_and_catches_up()
    {
        var (proposer, actor) = Start(1);
        Store(actor, "a");
        StopVoter(Voters[1]);
        Store(actor, "b");
        StartVoter(Voters[1]);
        StopVoter(Voters[2]);
        Store(actor, "c"); // Which the second voter can only take with what it missed.
        Stop(actor, proposer);
        Assert.Equal("a b c", Told(Start(2).Actor));
    }

    [Fact]
    public void Without_a_majority_nothing_is_stored_until_there_is_one()
    {
        var (_, actor) = Start(1);
        Store(actor, "a");
        StopVoter(Voters[1]);
        StopVoter(Voters[2]);
        actor.Tell("b", TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(300));
        StartVoter(Voters[2]);
        ExpectMsg("stored b");
    }

    [Fact]
    public void Who_is_replaced_stops_and_what_it_stored_since_is_refused()
    {
        var (first, old) = Start(1);
        Store(old, "a");
        Watch(first);
        var (_, actor) = Start(2);
        ExpectTerminated(first);
        Assert.Equal("a", Told(actor));
        Store(actor, "b");
    }

    [Fact]
    public void A_snapshot_takes_the_place_of_events_also_for_a_voter_that_was_down()
    {
        var (proposer, actor) = Start(1);
        Store(actor, "a", "b");
        StopVoter(Voters[2]);
        actor.Tell(Save.Instance, TestActor);
        ExpectMsg("saved");
        Store(actor, "c");
        StartVoter(Voters[2]);
        StopVoter(Voters[0]);
        Store(actor, "d");
        Stop(actor, proposer);
        (_, actor) = Start(3);
        Assert.Equal("[a b] c d", Told(actor));
    }

    [Fact]
    public void A_voter_whose_disk_is_damaged_is_filled_anew()
    {
        var (proposer, actor) = Start(1);
        Store(actor, "a");
        StopVoter(Voters[2]);
        using (var file = _files.Open("3/quorum-state", LogFileMode.CreateEmpty)) file.Write([1, 2, 3], 0);
        StartVoter(Voters[2]);
        Store(actor, "b");
        Stop(actor, proposer);
        Assert.Equal("a b", Told(Start(2).Actor));
    }

    [Fact]
    public void A_voter_whose_acknowledged_tail_is_gone_is_filled_anew_and_does_not_vote_until_then()
    {
        var (proposer, actor) = Start(1);
        Store(actor, "a", "b");
        StopVoter(Voters[2]);
        Store(actor, "c"); // Of which the third knows nothing.
        Stop(actor, proposer);
        StopVoter(Voters[1]);
        var votes = _log.Count(VotesOf(2)); // It may have been stopped before it heard that its first disk counts.
        using (var log = _files.Open("2/entries-0/00000000000000000000.log", LogFileMode.OpenExisting)) log.SetLength(100);
        StartVoter(Voters[1]);
        StartVoter(Voters[2]);
        StopVoter(Voters[0]);
        (proposer, actor) = Start(2);
        AwaitCondition(() => _log.Has("Nobody was elected"), TimeSpan.FromSeconds(30));
        AwaitCondition(() => _log.Has("was flushed up to"), TimeSpan.FromSeconds(30));
        StartVoter(Voters[0]);
        Assert.Equal("a b c", Told(actor));
        Store(actor, "d");
        AwaitCondition(() => _log.Count(VotesOf(2)) > votes, TimeSpan.FromSeconds(30));
        // Now it is as good as any.
        StopVoter(Voters[0]);
        Store(actor, "e");
        Stop(actor, proposer);
        Assert.Equal("a b c d e", Told(Start(3).Actor));
    }

    /// <summary>In the length of a batch, in what it holds, in the one before the last.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(80)]
    [InlineData(-300)]
    public void A_voter_whose_log_has_a_flipped_bit_is_filled_anew(int at)
    {
        var (proposer, actor) = Start(1);
        Store(actor, "first"); // All that there is has been founded.
        StopVoter(Voters[1]); // So the third has all that is stored.
        Store(actor, [.. Enumerable.Range(0, 20).Select(i => $"{i}")]);
        StartVoter(Voters[1]);
        StopVoter(Voters[2]);
        var votes = _log.Count(VotesOf(3));
        using (var log = _files.Open("3/entries-0/00000000000000000000.log", LogFileMode.OpenExisting))
        {
            var bytes = new byte[1];
            var position = at < 0 ? log.LengthBytes + at : at;
            log.Read(bytes, position);
            bytes[0] ^= 0x40;
            log.Write(bytes, position);
        }
        StartVoter(Voters[2]);
        Store(actor, "last");
        AwaitCondition(() => _log.Count(VotesOf(3)) > votes, TimeSpan.FromSeconds(30));
        Assert.True(_log.Has("can't be read, and was renamed"));
        StopVoter(Voters[1]);
        Store(actor, "with the third");
        Stop(actor, proposer);
        Assert.EndsWith("19 last with the third", Told(Start(3).Actor), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_crash_left_half_written_and_unacknowledged_is_no_damage()
    {
        var (proposer, actor) = Start(1);
        Store(actor, "a");
        Stop(actor, proposer);
        StopVoter(Voters[1]);
        using (var log = _files.Open("2/entries-0/00000000000000000000.log", LogFileMode.OpenExisting))
            log.Write([0, 0, 0, 0, 0, 0, 0, 9, 1, 2, 3], log.LengthBytes);
        _files.DeleteFile("2/.kafka_cleanshutdown");
        StartVoter(Voters[1]);
        StopVoter(Voters[2]);
        Assert.Equal("a", Told(Start(1).Actor));
        Assert.False(_log.Has("can't be read"));
    }

    /// <summary>The others decide meanwhile. It says so once, and not at each attempt.</summary>
    [Fact]
    public void A_voter_on_a_full_disk_waits_for_room_and_then_votes_again()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.Error)); // None is expected between the answers.
        var disk = new FaultyFileSystem(TimeProvider.System);
        var writes = 0;
        StopVoter(Voters[2]);
        StartVoter(Voters[2], disk);
        var (_, actor) = Start(1);
        Store(actor, "a");
        AwaitCondition(() => _log.Has(VotesOf(3)), TimeSpan.FromSeconds(30));
        disk.FailWrite = _ =>
        {
            writes++;
            return false;
        };
        disk.FreeBytes = 10;
        Store(actor, "b", "c");
        AwaitCondition(() => writes >= 3, TimeSpan.FromSeconds(30));
        Assert.Equal(1, _log.Count("There is no room for the controller's journal in 3"));
        Assert.False(_log.Has("   at ") || _log.Has("recovered")); // No stack, and nothing of the attempts.

        disk.FreeBytes = long.MaxValue;
        AwaitCondition(() => _log.Has(VotesAgain), TimeSpan.FromSeconds(30));
        StopVoter(Voters[0]);
        Store(actor, "d");
        Assert.Equal("a b c d", Told(actor));
    }

    /// <summary>What it finds when it looks again is in the system's cache. It once took that for stored, and when the power went
    /// too, two voters decided without what had been decided before (simulation, seed 3435).</summary>
    [Fact]
    public void A_voter_whose_flush_failed_does_not_vote_before_one_succeeds()
    {
        var disk = new FaultyFileSystem(TimeProvider.System);
        var flushes = 0;
        StopVoter(Voters[2]);
        StartVoter(Voters[2], disk);
        var (_, actor) = Start(1);
        Store(actor, "a");
        AwaitCondition(() => _log.Has(VotesOf(3)), TimeSpan.FromSeconds(30));
        disk.FailFlush = path => path.Contains("entries", StringComparison.Ordinal) && ++flushes > 0;
        Store(actor, "b", "c");
        AwaitCondition(() => flushes >= 4, TimeSpan.FromSeconds(30));
        Assert.False(_log.Has(VotesAgain));

        disk.FailFlush = null;
        AwaitCondition(() => _log.Has(VotesAgain), TimeSpan.FromSeconds(30));
        StopVoter(Voters[0]);
        Store(actor, "d");
        Assert.Equal("a b c d", Told(actor));
    }

    /// <summary>The flush after it succeeds and writes nothing, as Linux takes what it could not write for clean.</summary>
    [Fact]
    public void What_a_failed_flush_has_not_written_is_written_again()
    {
        var disk = new FaultyFileSystem(TimeProvider.System);
        var failures = 0;
        StopVoter(Voters[2]);
        StartVoter(Voters[2], disk);
        var (proposer, actor) = Start(1);
        Store(actor, "a");
        AwaitCondition(() => _log.Has(VotesOf(3)), TimeSpan.FromSeconds(30));
        StopVoter(Voters[1]); // The third is needed now.
        disk.FailFlush = path => path.Contains("entries", StringComparison.Ordinal) && failures++ == 0;
        Store(actor, "b");
        Assert.InRange(failures, 2, int.MaxValue);
        Stop(actor, proposer);
        foreach (var voter in new[] { Voters[0], Voters[2] }) StopVoter(voter);
        disk.CutPower();
        StartVoter(Voters[1]);
        StartVoter(Voters[2], disk);
        Assert.Equal("a b", Told(Start(2).Actor));
    }

    [Fact]
    public void A_voter_with_another_clusters_journal_is_left_alone_and_named()
    {
        var (proposer, actor) = Start(1);
        Store(actor, "a");
        Stop(actor, proposer);
        foreach (var voter in Voters) StopVoter(voter);
        foreach (var voter in Voters) _files.RenameDirectory(voter.ToString(), $"other-{voter}");
        foreach (var voter in Voters) StartVoter(voter);
        (proposer, actor) = Start(1);
        Store(actor, "b");
        StopVoter(Voters[1]);
        _files.RenameDirectory("2", "was-2");
        _files.RenameDirectory("other-2", "2");
        StartVoter(Voters[1]);
        Store(actor, "c");
        AwaitCondition(() => _log.Has("Voter 2 has the journal of another cluster's controller"), TimeSpan.FromSeconds(30));
        Stop(actor, proposer);
        Assert.Equal("b c", Told(Start(3).Actor));
    }

    [Fact]
    public void What_is_sent_to_a_proposer_that_has_stopped_is_refused_at_once()
    {
        var (proposer, actor) = Start(1);
        Store(actor, "a");
        Stop(proposer);
        Watch(actor);
        actor.Tell("b", TestActor);
        ExpectTerminated(actor); // Not only when the journal's circuit breaker has lost its patience.
        Assert.Equal("a", Told(Start(1).Actor));
    }

    /// <summary>One that was appended nevertheless would never be on a majority, and stop the journal for good.</summary>
    [Fact]
    public void An_entry_that_no_message_could_carry_is_refused_and_the_journal_goes_on()
    {
        var (_, actor) = Start(1);
        Store(actor, "a");
        actor.Tell(new string('x', MaxEntryBytes), TestActor);
        Store(actor, "b");
        Assert.Equal("a b", Told(actor));
    }

    [Fact]
    public void An_event_that_does_not_follow_the_last_one_comes_from_another_controller_and_is_refused()
    {
        var (_, actor) = Start(1);
        Store(actor, "a");
        var second = Sys.ActorOf(Props.Create(() => new Story()));
        Assert.Equal("", Told(second)); // It knows what was there at the election.
        Watch(second);
        second.Tell("x", TestActor);
        ExpectTerminated(second);
        Store(actor, "b");
    }

    private (IActorRef Proposer, IActorRef Actor) Start(int broker)
    {
        var paths = Voters.ToImmutableSortedDictionary(v => v, v => $"/user/voter-{v}-*");
        var before = QuorumPersistence.Get(Sys).Session;
        var proposer = Sys.ActorOf(QuorumProposerActor.Props(new ProposerParts(
            new BrokerId(broker), () => Interlocked.Increment(ref _unique), paths, Soon, 5 * Soon,
            QuorumLimits.Default with { LargestEntryBytes = MaxEntryBytes },
            TimeProvider.System, _log)));
        AwaitCondition(() => QuorumPersistence.Get(Sys).Session != before, TimeSpan.FromSeconds(30));
        return (proposer, Sys.ActorOf(Props.Create(() => new Story())));
    }

    private void Store(IActorRef actor, params string[] events)
    {
        foreach (var each in events)
        {
            actor.Tell(each, TestActor);
            ExpectMsg($"stored {each}");
        }
    }

    private string Told(IActorRef actor)
    {
        actor.Tell(Tell.Instance, TestActor);
        return ExpectMsg<string>();
    }

    private void Stop(params IActorRef[] actors)
    {
        foreach (var actor in actors)
        {
            Watch(actor);
            Sys.Stop(actor);
            ExpectTerminated(actor);
        }
    }

    private void StartVoter(BrokerId id, ILogFileSystem? disk = null) => _voters[id] = Sys.ActorOf(
        QuorumVoterActor.Props(new VoterParts(
            id, disk ?? _files, id.ToString(), () => (UInt128)Interlocked.Increment(ref _unique), QuorumLimits.Default,
            TimeProvider.System, _log)),
        $"voter-{id}-{Interlocked.Increment(ref _unique)}");

    private static string VotesOf(int voter) => $"Voter {voter} has all that was decided";

    private void StopVoter(BrokerId id) => Stop(_voters[id]);

    private sealed record Tell
    {
        public static readonly Tell Instance = new();
    }

    private sealed record Save
    {
        public static readonly Save Instance = new();
    }

    /// <summary>Stores words.</summary>
    private sealed class Story : ReceivePersistentActor
    {
        private string _told = "";

        public Story()
        {
            Recover<SnapshotOffer>(offer => _told = $"[{offer.Snapshot}]");
            Recover<string>(Add);
            Command<string>(word => Persist(word, stored =>
            {
                Add(stored);
                Sender.Tell($"stored {stored}");
            }));
            IActorRef? saver = null;
            Command<Save>(_ =>
            {
                saver = Sender;
                SaveSnapshot(_told);
            });
            Command<SaveSnapshotSuccess>(_ => saver!.Tell("saved"));
            Command<Tell>(_ => Sender.Tell(_told));
        }

        public override string PersistenceId => "story";

        private void Add(string word) => _told = _told.Length == 0 ? word : $"{_told} {word}";
    }
}

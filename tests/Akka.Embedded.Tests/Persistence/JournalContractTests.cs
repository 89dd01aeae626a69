using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using static Akka.Embedded.Tests.Persistence.Ledger;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>Failure, rejection and the order of answers, as journal plugins and persistent actors have agreed them.</summary>
public class JournalContractTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly TestProbe _observer;

    public JournalContractTests()
        : base(ScriptedJournal.Config) => _observer = CreateTestProbe();

    [Fact]
    public void A_failed_write_stops_the_actor_because_nobody_knows_what_is_stored()
    {
        var ledger = Start("ledger");
        Watch(ledger);
        ledger.Tell(new Add("fail"));
        _observer.ExpectMsg("failed fail at 1: disk gone");
        ExpectTerminated(ledger);
    }

    [Fact]
    public void A_journal_that_answers_too_few_results_counts_as_failed()
    {
        var ledger = Start("ledger");
        Watch(ledger);
        ledger.Tell(new Add("miscount"));
        Assert.StartsWith("failed miscount at 1", _observer.ExpectMsg<string>(), StringComparison.Ordinal);
        ExpectTerminated(ledger);
    }

    [Fact]
    public void A_rejected_event_is_not_stored_and_the_actor_goes_on()
    {
        var ledger = Start("ledger");
        ledger.Tell(new Add("a"));
        ledger.Tell(new Add("reject"));
        ledger.Tell(new Add("b"));
        _observer.ExpectMsg("stored a at 1");
        _observer.ExpectMsg("rejected reject at 2: not storable");
        _observer.ExpectMsg("stored b at 3");

        Sys.Stop(ledger);
        Sys.ActorOf(Props("ledger", _observer, journal: "scripted"));
        _observer.ExpectMsg("recovered a");
        _observer.ExpectMsg("recovered b");
        _observer.ExpectMsg("completed at 3");
    }

    [Fact]
    public void Answers_leave_in_the_order_of_the_requests_even_if_a_later_write_is_faster()
    {
        var journal = Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor("scripted");
        journal.Tell(new WriteMessages([Event("slow", 1, "wait")], TestActor, 1));
        journal.Tell(new WriteMessages([Event("fast", 1, "quick")], TestActor, 2));
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        journal.Tell(new ScriptedJournal.Release());

        ExpectMsg<WriteMessagesSuccessful>();
        Assert.Equal(1, ExpectMsg<WriteMessageSuccess>().ActorInstanceId);
        ExpectMsg<WriteMessagesSuccessful>();
        Assert.Equal(2, ExpectMsg<WriteMessageSuccess>().ActorInstanceId);
    }

    [Fact]
    public void A_replay_is_bounded_on_both_sides_and_in_number()
    {
        var journal = Written("a", "b", "c", "d", "e");
        Assert.Equal(["b", "c", "d"], Replayed(journal, 2, 4, long.MaxValue));
        Assert.Equal(["c", "d"], Replayed(journal, 3, long.MaxValue, 2));
        Assert.Equal(["e"], Replayed(journal, 5, 5, 1));
        Assert.Empty(Replayed(journal, 3, 2, long.MaxValue));
        Assert.Empty(Replayed(journal, 1, 5, 0));
    }

    [Fact]
    public void The_highest_sequence_number_outlives_the_events()
    {
        var journal = Written("a", "b", "c", "d", "e");
        journal.Tell(new DeleteMessagesTo("p", long.MaxValue, TestActor));
        Assert.Equal(long.MaxValue, ExpectMsg<DeleteMessagesSuccess>().ToSequenceNr);
        Assert.Empty(Replayed(journal, 1, long.MaxValue, long.MaxValue));
    }

    [Fact]
    public void Events_of_an_older_writer_are_dropped_where_a_newer_one_took_over()
    {
        var journal = Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor("scripted");
        journal.Tell(new WriteMessages(
            [Event("p", 1, "a1", "A"), Event("p", 2, "a2", "A"), Event("p", 2, "b2", "B"), Event("p", 3, "a3", "A"),
                Event("p", 3, "b3", "B")], TestActor, 1));
        ExpectMsg<WriteMessagesSuccessful>();
        ReceiveN(5);
        Assert.Equal(["a1", "b2", "b3"], Replayed(journal, 1, long.MaxValue, long.MaxValue, highest: 3));
    }

    private static AtomicWrite Event(string id, long sequenceNr, string payload, string writer = "w") =>
        new(new Persistent(payload, sequenceNr, id, writerGuid: writer));

    private IActorRef Start(string id)
    {
        var ledger = Sys.ActorOf(Props(id, _observer, journal: "scripted"));
        _observer.ExpectMsg("completed at 0");
        return ledger;
    }

    private IActorRef Written(params string[] events)
    {
        var journal = Akka.Persistence.Persistence.Instance.Apply(Sys).JournalFor("scripted");
        journal.Tell(new WriteMessages(events.Select((text, n) => Event("p", n + 1, text)).ToArray(), TestActor, 1));
        ExpectMsg<WriteMessagesSuccessful>();
        Assert.All(ReceiveN(events.Length), answer => Assert.IsType<WriteMessageSuccess>(answer));
        return journal;
    }

    private List<object> Replayed(IActorRef journal, long from, long to, long max, long highest = 5)
    {
        var probe = CreateTestProbe();
        journal.Tell(new ReplayMessages(from, to, max, "p", probe.Ref));
        var events = new List<object>();
        while (probe.ReceiveOne(TimeSpan.FromSeconds(10)) is ReplayedMessage replayed) events.Add(replayed.Persistent.Payload);
        Assert.Equal(highest, Assert.IsType<RecoverySuccess>(probe.LastMessage).HighestSequenceNr);
        return events;
    }
}

using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using static Akka.Embedded.Tests.Persistence.Ledger;

namespace Akka.Embedded.Tests.Persistence;

public class PersistentActorTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly TestProbe _observer;

    public PersistentActorTests()
        : base("akka.loglevel = OFF") => _observer = CreateTestProbe();

    [Fact]
    public void Events_come_back_in_order_before_the_first_command()
    {
        var ledger = Start();
        Store(ledger, "a", "b", "c");
        Stop(ledger);

        Start(completedAt: 3, "a", "b", "c").Tell(new Note("hello"));
        _observer.ExpectMsg("noted hello");
    }

    [Fact]
    public void A_command_waits_until_the_event_before_it_is_stored_and_handled()
    {
        var ledger = Start();
        ledger.Tell(new Add("a"), TestActor);
        ledger.Tell(new Note("after a"), TestActor);
        _observer.ExpectMsg("stored a at 1");
        _observer.ExpectMsg("noted after a");
        ExpectMsg("thanks for a"); // The handler sees the sender of its command.
    }

    [Fact]
    public void All_events_of_one_command_are_handled_before_the_next_command()
    {
        var ledger = Start();
        ledger.Tell(new AddAll("a", "b", "c"));
        ledger.Tell(new Note("after"));
        Expect("stored a at 1", "stored b at 2", "stored c at 3", "noted after");
    }

    [Fact]
    public void Nothing_to_persist_lets_the_next_command_through()
    {
        var ledger = Start();
        ledger.Tell(new AddAll());
        ledger.Tell(new Note("after"));
        Expect("noted after");
    }

    [Fact]
    public void An_event_persisted_in_a_handler_is_stored_before_the_next_command()
    {
        var ledger = Start();
        ledger.Tell(new Twice("a"));
        ledger.Tell(new Note("after"));
        Expect("stored a at 1", "stored a' at 2", "noted after");
    }

    [Fact]
    public void PersistAsync_lets_commands_go_on_and_keeps_the_order_of_handlers()
    {
        var ledger = Start();
        ledger.Tell(new AddAsync("a"));
        _observer.ExpectMsg("went on after a");
        _observer.ExpectMsg("stored a at 1");
        for (var i = 0; i < 100; i++) ledger.Tell(new AddAsync($"{i}"));
        var told = _observer.ReceiveN(200).Cast<string>().Where(text => text.StartsWith("stored", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"stored {i} at {i + 2}"), told);
    }

    [Fact]
    public void A_deferred_handler_runs_after_those_of_the_events_before_it()
    {
        var ledger = Start();
        ledger.Tell(new AddThenDefer("a"));
        Expect("stored a at 1", "deferred");
        Stop(ledger);
        Start(completedAt: 1, "a");
    }

    [Fact]
    public void An_async_command_may_persist()
    {
        var ledger = Start();
        ledger.Tell(new AddLater("a"));
        ledger.Tell(new AddLater("b"));
        ledger.Tell(new Note("after"));
        Expect("stored a at 1", "stored b at 2", "noted after");
    }

    [Fact]
    public void Recovery_starts_from_the_snapshot()
    {
        var ledger = Start();
        Store(ledger, "a", "b");
        ledger.Tell(new TakeSnapshot());
        _observer.ExpectMsg("saved at 2");
        ledger.Tell(new Add("c"));
        _observer.ExpectMsg("stored c at 3");
        Stop(ledger);

        Sys.ActorOf(Ledger.Props("ledger", _observer));
        Expect("offered a,b", "recovered c", "completed at 3");
    }

    [Fact]
    public void Recovery_may_stop_at_a_sequence_number_and_goes_on_after_the_highest()
    {
        var ledger = Start();
        Store(ledger, "a", "b", "c");
        Stop(ledger);

        var partly = Sys.ActorOf(Ledger.Props("ledger", _observer, new Recovery(SnapshotSelectionCriteria.None, 2)));
        Expect("recovered a", "recovered b", "completed at 3");
        partly.Tell(new Add("d"));
        Expect("stored d at 4");
    }

    [Fact]
    public void Recovery_may_be_left_out()
    {
        var ledger = Start();
        Store(ledger, "a", "b");
        Stop(ledger);
        Sys.ActorOf(Ledger.Props("ledger", _observer, Recovery.None));
        Expect("completed at 2");
    }

    [Fact]
    public void Deleted_events_are_not_replayed_and_their_numbers_not_used_again()
    {
        var ledger = Start();
        Store(ledger, "a", "b");
        ledger.Tell(new Forget(2));
        _observer.ExpectMsg("deleted to 2");
        Stop(ledger);

        Start(completedAt: 2).Tell(new Add("c"));
        _observer.ExpectMsg("stored c at 3");
    }

    [Fact]
    public void An_event_that_cannot_be_read_ends_the_recovery_and_stops_the_actor()
    {
        var ledger = Start();
        Store(ledger, "a", "poisoned");
        Stop(ledger);

        var poisoned = Sys.ActorOf(Ledger.Props("ledger", _observer));
        _observer.Watch(poisoned);
        Expect("recovered a", "recovery failed at poisoned: cannot read this");
        _observer.ExpectTerminated(poisoned);
    }

    [Fact]
    public void A_restarted_actor_recovers_again_and_keeps_its_commands()
    {
        var ledger = Start();
        Store(ledger, "a");
        ledger.Tell(new Crash());
        ledger.Tell(new Note("kept"));
        Expect("recovered a", "completed at 1", "noted kept");
    }

    [Fact]
    public void A_handler_that_throws_restarts_the_actor_with_its_event_stored()
    {
        var ledger = Start();
        ledger.Tell(new Fail("a"));
        ledger.Tell(new Note("after"));
        Expect("recovered a", "completed at 1", "noted after");
    }

    [Fact]
    public void Two_actors_do_not_share_events()
    {
        var ledger = Start();
        Store(ledger, "a");
        Sys.ActorOf(Ledger.Props("other", _observer));
        Expect("completed at 0");
    }

    [Fact]
    public void No_more_actors_recover_at_once_than_are_permitted()
    {
        // 60 actors and 50 permits: all of them come through.
        for (var i = 0; i < 60; i++) Sys.ActorOf(Ledger.Props($"ledger-{i}", _observer));
        Assert.All(_observer.ReceiveN(60), message => Assert.Equal("completed at 0", message));
    }

    private IActorRef Start(long completedAt = 0, params string[] recovered)
    {
        var ledger = Sys.ActorOf(Ledger.Props("ledger", _observer));
        foreach (var entry in recovered) _observer.ExpectMsg("recovered " + entry);
        _observer.ExpectMsg($"completed at {completedAt}");
        return ledger;
    }

    private void Store(IActorRef ledger, params string[] entries)
    {
        foreach (var entry in entries)
        {
            ledger.Tell(new Add(entry));
            _observer.FishForMessage(message => message is string text
                && text.StartsWith("stored " + entry, StringComparison.Ordinal));
        }
    }

    private void Stop(IActorRef ledger)
    {
        var reaper = CreateTestProbe(); // This test's own actor also gets what the ledger answers.
        reaper.Watch(ledger);
        Sys.Stop(ledger);
        reaper.ExpectTerminated(ledger);
    }

    private void Expect(params string[] messages)
    {
        foreach (var message in messages) _observer.ExpectMsg(message);
    }
}

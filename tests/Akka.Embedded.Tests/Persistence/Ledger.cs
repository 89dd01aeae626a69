using Akka.Actor;
using Akka.Persistence;

namespace Akka.Embedded.Tests.Persistence;

/// <summary>A persistent actor for tests: it stores strings and tells its observer all that happens to it.</summary>
internal sealed class Ledger : ReceivePersistentActor
{
    private readonly IActorRef _observer;
    private readonly List<string> _entries = [];

    public Ledger(string id, IActorRef observer, Recovery recovery, string journal)
    {
        PersistenceId = id;
        JournalPluginId = journal;
        SnapshotPluginId = "akka.persistence.snapshot-store.inmem";
        Recovery = recovery;
        _observer = observer;

        Recover<string>(entry =>
        {
            if (entry == "poisoned") throw new FormatException("cannot read this");
            _entries.Add(entry);
            observer.Tell("recovered " + entry);
        });
        Recover<SnapshotOffer>(offer =>
        {
            _entries.AddRange((string[])offer.Snapshot);
            observer.Tell("offered " + string.Join(',', _entries));
        });
        Recover<RecoveryCompleted>(_ => observer.Tell($"completed at {LastSequenceNr}"));

        Command<Add>(add => Persist(add.Entry, Stored));
        Command<AddAll>(add => PersistAll(add.Entries, Stored));
        Command<AddAsync>(add =>
        {
            PersistAsync(add.Entry, Stored);
            observer.Tell("went on after " + add.Entry);
        });
        CommandAsync<AddLater>(async add =>
        {
            await Task.Yield();
            Persist(add.Entry, Stored);
        });
        Command<AddThenDefer>(add =>
        {
            PersistAsync(add.Entry, Stored);
            DeferAsync("deferred", text => observer.Tell(text));
        });
        Command<Twice>(twice => Persist(twice.Entry, entry =>
        {
            Stored(entry);
            Persist(entry + "'", Stored);
        }));
        Command<Fail>(fail => Persist(fail.Entry, entry => throw new ArgumentException("handler of " + entry)));
        Command<Note>(note => observer.Tell($"noted {note.Text}"));
        Command<TakeSnapshot>(_ => SaveSnapshot(_entries.ToArray()));
        Command<SaveSnapshotSuccess>(saved => observer.Tell($"saved at {saved.Metadata.SequenceNr}"));
        Command<Forget>(forget => DeleteMessages(forget.To));
        Command<DeleteMessagesSuccess>(deleted => observer.Tell($"deleted to {deleted.ToSequenceNr}"));
        Command<Crash>(_ => throw new InvalidOperationException("crash"));
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery { get; }

    public static Props Props(string id, IActorRef observer, Recovery? recovery = null, string journal = "") =>
        Akka.Actor.Props.Create(() => new Ledger(id, observer, recovery ?? Recovery.Default, journal));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _observer.Tell($"failed {@event} at {sequenceNr}: {cause.Message}");

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        _observer.Tell($"rejected {@event} at {sequenceNr}: {cause.Message}");

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        _observer.Tell($"recovery failed at {message}: {reason.Message}");

    private void Stored(string entry)
    {
        _entries.Add(entry);
        _observer.Tell($"stored {entry} at {LastSequenceNr}");
        Sender.Tell("thanks for " + entry);
    }

    public sealed record Add(string Entry);

    public sealed record AddAll(params string[] Entries);

    public sealed record AddAsync(string Entry);

    public sealed record AddLater(string Entry);

    public sealed record AddThenDefer(string Entry);

    public sealed record Twice(string Entry);

    public sealed record Fail(string Entry);

    public sealed record Note(string Text);

    public sealed record TakeSnapshot;

    public sealed record Forget(long To);

    public sealed record Crash;
}

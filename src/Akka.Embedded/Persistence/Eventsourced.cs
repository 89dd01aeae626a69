using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>
/// The machinery of persistent actors: it recovers from a snapshot and the events after it, then turns commands into events that
/// a journal stores before their handlers run.
/// </summary>
/// <remarks>
/// One write of an actor is under way at a time; what is persisted meanwhile is collected and written next. What the actor does
/// with a message depends on its <see cref="Phase"/>; the parts of this class follow the phases.
/// </remarks>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IPersistenceStash, IPersistenceRecovery
{
    /// <summary>Answers of the journal are no commands: they are not given back with the user's stash after a restart.</summary>
    public static readonly Func<Envelope, bool> UnstashFilterPredicate =
        envelope => envelope.Message is not (WriteMessageSuccess or ReplayedMessage);

    private readonly int _instanceId;
    private readonly string _writerGuid;
    private readonly IStash _internalStash;
    private readonly Queue<IPendingHandlerInvocation> _pendingHandlers = new();
    private readonly List<IPersistentEnvelope> _eventBatch = [];
    private List<IPersistentEnvelope> _journalBatch = [];
    private Phase _phase = Phase.AwaitingPermit;
    private IActorRef? _journal;
    private IActorRef? _snapshotStore;
    private IStashOverflowStrategy? _stashOverflowStrategy;
    private ILoggingAdapter? _log;
    private long _sequenceNr;
    private int _pendingStashingHandlers;
    private bool _writeInProgress;
    private bool _insideCommand;
    private bool _asyncTaskRunning;

    protected Eventsourced()
    {
        Extension = Persistence.Instance.Apply(Context.System);
        _instanceId = Extension.NextInstanceId();
        _writerGuid = Context.System.Settings.NewGuid().ToString();
        _internalStash = Context.CreateStash(GetType());
    }

    private enum Phase
    {
        AwaitingPermit,
        AwaitingSnapshot,
        Replaying,
        ProcessingCommands,
        PersistingEvents,
    }

    /// <inheritdoc/>
    public abstract string PersistenceId { get; }

    /// <inheritdoc/>
    public string JournalPluginId { get; protected set; } = string.Empty;

    /// <inheritdoc/>
    public string SnapshotPluginId { get; protected set; } = string.Empty;

    public virtual Recovery Recovery => Recovery.Default;

    public virtual IStashOverflowStrategy InternalStashOverflowStrategy =>
        _stashOverflowStrategy ??= Extension.DefaultInternalStashOverflowStrategy;

    /// <summary>The user's own stash, set by Akka.</summary>
    public IStash Stash { get; set; } = null!; // Set by the runtime before PreStart.

    public IActorRef Journal => _journal ??= Extension.JournalFor(JournalPluginId);

    public IActorRef SnapshotStore => _snapshotStore ??= Extension.SnapshotStoreFor(SnapshotPluginId);

    public string SnapshotterId => PersistenceId;

    /// <summary>The sequence number of the last event that was replayed or stored.</summary>
    public long LastSequenceNr { get; private set; }

    public long SnapshotSequenceNr => LastSequenceNr;

    public bool IsRecovering => _phase is Phase.AwaitingPermit or Phase.AwaitingSnapshot or Phase.Replaying && !_completing;

    public bool IsRecoveryFinished => !IsRecovering;

    protected PersistenceExtension Extension { get; }

    protected virtual ILoggingAdapter Log => _log ??= Context.GetLogger();

    /// <summary>Stores an event, then calls the handler. Commands are stashed until then.</summary>
    /// <exception cref="InvalidOperationException">Called while events are replayed.</exception>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) => PersistAll([@event], handler);

    /// <summary>Stores events, all or none, then calls the handler for each. Commands are stashed until then.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        Enlist(events, handler, static (evt, handle) => new StashingHandlerInvocation(evt, handle));

    /// <summary>Stores an event, then calls the handler. Commands go on meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) => PersistAllAsync([@event], handler);

    /// <summary>Stores events, all or none, then calls the handler for each. Commands go on meanwhile.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) =>
        Enlist(events, handler, static (evt, handle) => new AsyncHandlerInvocation(evt, handle));

    /// <summary>Calls the handler after the handlers of all events persisted before; stores nothing.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        RefuseWhileRecovering();
        if (_pendingHandlers.Count == 0)
        {
            handler(evt);
            return;
        }

        _pendingHandlers.Enqueue(new AsyncHandlerInvocation(evt!, o => handler((TEvent)o)));
        _eventBatch.Add(new NonPersistentMessage(evt!, Sender));
    }

    /// <summary>Deletes events up to a sequence number, inclusive; answered by a message to this actor.</summary>
    public void DeleteMessages(long toSequenceNr)
    {
        if (toSequenceNr == long.MaxValue || toSequenceNr <= LastSequenceNr)
            Journal.Tell(new DeleteMessagesTo(PersistenceId, toSequenceNr, Self));
        else
            Self.Tell(new DeleteMessagesFailure(
                new ArgumentOutOfRangeException(
                    nameof(toSequenceNr), $"{toSequenceNr} is above the last sequence number {LastSequenceNr}"), toSequenceNr));
    }

    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) =>
        SnapshotStore.Tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr));

    /// <summary>Saves the state as of <see cref="SnapshotSequenceNr"/>; answered by a message to this actor.</summary>
    public void SaveSnapshot(object snapshot) =>
        SnapshotStore.Tell(new SaveSnapshot(new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr), snapshot));

    public void DeleteSnapshot(long sequenceNr) =>
        SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr)));

    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) =>
        SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria));

    /// <summary>Handles replayed events, <see cref="SnapshotOffer"/> and <see cref="RecoveryCompleted"/>.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Handles commands.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>The recovery failed; the actor stops after this.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (message is null)
            Log.Error(reason, "Recovery of [{0}] failed after event {1}", PersistenceId, LastSequenceNr);
        else
            Log.Error(reason, "Recovery of [{0}] failed at event {1} of type [{2}]", PersistenceId, LastSequenceNr,
                message.GetType());
    }

    /// <summary>All events are replayed; <see cref="RecoveryCompleted"/> follows.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    /// <summary>It is unknown whether the event is stored; the actor stops after this.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "Event {0} of [{1}], of type [{2}], could not be stored", sequenceNr, PersistenceId, @event.GetType());

    /// <summary>The journal refused the event; it is not stored and its handler is not called.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "Event {0} of [{1}], of type [{2}], was refused by the journal", sequenceNr, PersistenceId,
            @event.GetType());

    private void Enlist<TEvent>(
        IEnumerable<TEvent> events, Action<TEvent> handler, Func<object, Action<object>, IPendingHandlerInvocation> waiting)
    {
        RefuseWhileRecovering();
        var batch = ImmutableArray.CreateBuilder<IPersistentRepresentation>();
        foreach (var evt in events)
        {
            var pending = waiting(evt!, o => handler((TEvent)o));
            if (pending is StashingHandlerInvocation) _pendingStashingHandlers++;
            _pendingHandlers.Enqueue(pending);
            batch.Add(new Persistent(
                evt!, sequenceNr: ++_sequenceNr, persistenceId: PersistenceId, sender: Sender, writerGuid: _writerGuid));
        }

        if (batch.Count > 0) _eventBatch.Add(new AtomicWrite(batch.DrainToImmutable()));
    }

    private void RefuseWhileRecovering()
    {
        if (IsRecovering)
            throw new InvalidOperationException("Events cannot be persisted during replay, but from RecoveryCompleted on.");
    }
}

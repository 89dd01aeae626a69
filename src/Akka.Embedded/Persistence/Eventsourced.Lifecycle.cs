using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <content>Start, restart and stop, and which phase takes a message.</content>
public abstract partial class Eventsourced
{
    /// <inheritdoc/>
    public override void AroundPreStart()
    {
        if (string.IsNullOrEmpty(PersistenceId))
            throw new ArgumentException($"the PersistenceId of [{Self.Path}] is null or empty");

        // Plugins that are not there fail the start, not the first write.
        _ = Journal;
        _ = SnapshotStore;
        RequestPermit();
        base.AroundPreStart();
    }

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object message)
    {
        try
        {
            StopRecoveryTimer();
            _internalStash.UnstashAll();
            Stash.UnstashAll(UnstashFilterPredicate);
        }
        finally
        {
            // What was persisted before the failure is still written: its commands have been handled.
            FlushJournalBatch();
            base.AroundPreRestart(cause, message switch
            {
                WriteMessageSuccess success => success.Persistent.Payload,
                LoopMessageSuccess loop => loop.Message,
                ReplayedMessage replayed => replayed.Persistent.Payload,
                _ => message,
            });
        }
    }

    /// <inheritdoc/>
    public override void AroundPostRestart(Exception reason, object message)
    {
        RequestPermit();
        base.AroundPostRestart(reason, message);
    }

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        try
        {
            StopRecoveryTimer();
            _internalStash.UnstashAll();
            Stash.UnstashAll(UnstashFilterPredicate);
        }
        finally
        {
            base.AroundPostStop();
        }
    }

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        switch (_phase)
        {
            case Phase.AwaitingPermit:
                if (message is RecoveryPermitter.RecoveryPermitGranted) StartRecovery();
                else StashInternally(message);
                break;
            case Phase.AwaitingSnapshot:
                AwaitSnapshot(message);
                break;
            case Phase.Replaying:
                Replay(message);
                break;
            case Phase.ProcessingCommands:
                if (!HandleJournalAnswer(message)) ProcessCommand(receive, message);
                break;
            case Phase.PersistingEvents:
                if (!HandleJournalAnswer(message)) StashInternally(message);
                break;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted or RecoveryTick or SaveSnapshotSuccess or DeleteSnapshotSuccess or DeleteSnapshotsSuccess or DeleteMessagesSuccess:
                break;
            case SaveSnapshotFailure failure:
                Log.Warning("Snapshot {0} could not be saved: {1}", failure.Metadata, failure.Cause.Message);
                break;
            case DeleteSnapshotFailure failure:
                Log.Warning("Snapshot {0} could not be deleted: {1}", failure.Metadata, failure.Cause.Message);
                break;
            case DeleteSnapshotsFailure failure:
                Log.Warning("Snapshots {0} could not be deleted: {1}", failure.Criteria, failure.Cause.Message);
                break;
            case DeleteMessagesFailure failure:
                Log.Warning("Events of [{0}] up to {1} could not be deleted: {2}", PersistenceId, failure.ToSequenceNr,
                    failure.Cause.Message);
                break;
            default:
                base.Unhandled(message);
                break;
        }
    }

    private void StashInternally(object message)
    {
        try
        {
            _internalStash.Stash();
        }
        catch (StashOverflowException)
        {
            switch (InternalStashOverflowStrategy)
            {
                case DiscardToDeadLetterStrategy:
                    Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                    break;
                case ReplyToStrategy reply:
                    Sender.Tell(reply.Response);
                    break;
                default:
                    throw;
            }
        }
    }

    private void UnstashInternally(bool all)
    {
        if (all) _internalStash.UnstashAll();
        else _internalStash.Unstash();
    }
}

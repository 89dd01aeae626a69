using Akka.Actor;

namespace Akka.Persistence;

/// <content>Recovery: a permit, the snapshot, the events after it.</content>
public abstract partial class Eventsourced
{
    private ICancelable? _recoveryTimer;
    private TimeSpan _recoveryTimeout;
    private bool _eventSeen;
    private bool _completing;

    private void RequestPermit() => Extension.RecoveryPermitter.Tell(RecoveryPermitter.RequestRecoveryPermit.Instance, Self);

    private void ReturnPermit() => Extension.RecoveryPermitter.Tell(RecoveryPermitter.ReturnRecoveryPermit.Instance, Self);

    private void StartRecovery()
    {
        _phase = Phase.AwaitingSnapshot;
        _recoveryTimeout = Extension.JournalConfigFor(JournalPluginId)
            .GetTimeSpan("recovery-event-timeout", TimeSpan.FromSeconds(30), false);
        _recoveryTimer =
            Context.System.Scheduler.ScheduleTellOnceCancelable(_recoveryTimeout, Self, new RecoveryTick(snapshot: true), Self);
        var recovery = Recovery;
        LoadSnapshot(SnapshotterId, recovery.FromSnapshot, recovery.ToSequenceNr);
    }

    private void AwaitSnapshot(object message)
    {
        switch (message)
        {
            case LoadSnapshotResult result:
                StopRecoveryTimer();
                if (result.Snapshot is { } snapshot && !Offer(new SnapshotOffer(snapshot.Metadata, snapshot.Snapshot))) return;
                _phase = Phase.Replaying;
                _eventSeen = false;
                _recoveryTimer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
                    _recoveryTimeout, _recoveryTimeout, Self, new RecoveryTick(snapshot: false), Self);
                Journal.Tell(new ReplayMessages(
                    LastSequenceNr + 1L, result.ToSequenceNr, Recovery.ReplayMax, PersistenceId, Self));
                break;
            case LoadSnapshotFailed failed:
                Fail(failed.Cause, null);
                break;
            case RecoveryTick { Snapshot: true }:
                Fail(TimedOut("a snapshot"), null);
                break;
            default:
                StashInternally(message);
                break;
        }
    }

    private bool Offer(SnapshotOffer offer)
    {
        _sequenceNr = LastSequenceNr = offer.Metadata.SequenceNr;
        return TryRecover(offer);
    }

    private void Replay(object message)
    {
        switch (message)
        {
            case ReplayedMessage replayed:
                _eventSeen = true;
                if (replayed.Persistent.SequenceNr > LastSequenceNr) LastSequenceNr = replayed.Persistent.SequenceNr;
                TryRecover(replayed.Persistent.Payload);
                break;
            case RecoverySuccess success:
                Complete(success.HighestSequenceNr);
                break;
            case ReplayMessagesFailure failure:
                Fail(failure.Cause, null);
                break;
            case RecoveryTick { Snapshot: false } when !_eventSeen:
                Fail(TimedOut("an event"), null);
                break;
            case RecoveryTick { Snapshot: false }:
                _eventSeen = false;
                break;
            default:
                StashInternally(message);
                break;
        }
    }

    private void Complete(long highestSequenceNr)
    {
        StopRecoveryTimer();
        OnReplaySuccess();
        _sequenceNr = LastSequenceNr = Math.Max(highestSequenceNr, LastSequenceNr);
        _completing = true; // The handler of RecoveryCompleted may persist.
        try
        {
            base.AroundReceive(ReceiveRecover, RecoveryCompleted.Instance);
        }
        finally
        {
            _completing = false;
            ReturnPermit();
        }

        FlushBatch();
        _phase = _pendingStashingHandlers > 0 ? Phase.PersistingEvents : Phase.ProcessingCommands;
        if (_phase == Phase.ProcessingCommands) _internalStash.UnstashAll();
    }

    /// <summary>Gives a recovery message to the actor. An exception of the actor ends the recovery.</summary>
    private bool TryRecover(object message)
    {
        try
        {
            base.AroundReceive(ReceiveRecover, message);
            return true;
        }
        catch (Exception cause)
        {
            Fail(cause, message);
            return false;
        }
    }

    private void Fail(Exception cause, object? message)
    {
        StopRecoveryTimer();
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Context.Stop(Self);
            ReturnPermit();
        }
    }

    private RecoveryTimedOutException TimedOut(string awaited) =>
        new($"Recovery of [{PersistenceId}] waited {_recoveryTimeout} for {awaited}");

    private void StopRecoveryTimer()
    {
        _recoveryTimer?.Cancel();
        _recoveryTimer = null;
    }
}

using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Persistence;

/// <content>Commands, the batches that they make, and the journal's answers.</content>
public abstract partial class Eventsourced
{
    /// <summary>Runs an asynchronous command handler; no other message is handled until it ends.</summary>
    protected void RunTask(Func<Task> action)
    {
        if (_asyncTaskRunning) throw new NotSupportedException("RunTask calls cannot be nested");
        _asyncTaskRunning = true;
        ActorTaskScheduler.RunTask(async () =>
        {
            var failed = true;
            try
            {
                await action();
                failed = false;
            }
            finally
            {
                _asyncTaskRunning = false;
                if (!_insideCommand) FinishCommand(failed);
            }
        });
    }

    private void ProcessCommand(Receive receive, object message)
    {
        var failed = true;
        _insideCommand = true;
        try
        {
            base.AroundReceive(receive, message);
            failed = false;
        }
        finally
        {
            _insideCommand = false;
            if (!_asyncTaskRunning) FinishCommand(failed);
        }
    }

    private void FinishCommand(bool failed)
    {
        FlushBatch();
        if (_pendingStashingHandlers > 0) _phase = Phase.PersistingEvents;
        else UnstashInternally(failed);
    }

    private bool HandleJournalAnswer(object message)
    {
        switch (message)
        {
            case WriteMessageSuccess success:
                if (success.ActorInstanceId == _instanceId)
                {
                    LastSequenceNr = Math.Max(LastSequenceNr, success.Persistent.SequenceNr);
                    RunHandler(success.Persistent.Payload);
                }

                return true;
            case LoopMessageSuccess loop:
                if (loop.ActorInstanceId == _instanceId) RunHandler(loop.Message);
                return true;
            case WriteMessageRejected rejected:
                if (rejected.ActorInstanceId == _instanceId)
                {
                    LastSequenceNr = Math.Max(LastSequenceNr, rejected.Persistent.SequenceNr);
                    PopHandler(failed: false);
                    OnPersistRejected(rejected.Cause, rejected.Persistent.Payload, rejected.Persistent.SequenceNr);
                }

                return true;
            case WriteMessageFailure failure:
                if (failure.ActorInstanceId == _instanceId)
                {
                    PopHandler(failed: false);
                    try
                    {
                        OnPersistFailure(failure.Cause, failure.Persistent.Payload, failure.Persistent.SequenceNr);
                    }
                    finally
                    {
                        Context.Stop(Self);
                    }
                }

                return true;
            case WriteMessagesSuccessful:
                _writeInProgress = false;
                FlushJournalBatch();
                return true;
            case WriteMessagesFailed:
                _writeInProgress = false; // The failure of the first event, which follows, stops the actor.
                return true;
            case RecoveryTick:
                return true; // It was under way when the recovery ended.
            default:
                return false;
        }
    }

    private void RunHandler(object evt)
    {
        var failed = true;
        try
        {
            try
            {
                _pendingHandlers.Peek().Handler(evt);
            }
            finally
            {
                FlushBatch();
            }

            failed = false;
        }
        finally
        {
            PopHandler(failed);
        }
    }

    private void PopHandler(bool failed)
    {
        if (_pendingHandlers.Dequeue() is StashingHandlerInvocation) _pendingStashingHandlers--;
        if (_pendingStashingHandlers > 0 || _phase != Phase.PersistingEvents) return;
        _phase = Phase.ProcessingCommands;
        UnstashInternally(failed);
    }

    private void FlushBatch()
    {
        if (_eventBatch.Count == 0) return;
        _journalBatch.AddRange(_eventBatch);
        _eventBatch.Clear();
        FlushJournalBatch();
    }

    private void FlushJournalBatch()
    {
        if (_writeInProgress || _journalBatch.Count == 0) return;
        Journal.Tell(new WriteMessages(_journalBatch, Self, _instanceId));
        _journalBatch = [];
        _writeInProgress = true;
    }
}

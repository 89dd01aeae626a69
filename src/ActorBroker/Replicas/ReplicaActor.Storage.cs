using ActorBroker.Core.Replication;
using ActorBroker.Journal;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Replicas.Fetching;
using Akka.Actor;
using Akka.Dispatch;

namespace ActorBroker.Replicas;

/// <summary>
/// What may block: opening, rolling, flushing, retention, deleting. It runs on <c>log-dispatcher</c>, one piece at a time.
/// </summary>
internal sealed partial class ReplicaActor
{
    private static readonly TimeSpan OpenRetry = TimeSpan.FromSeconds(5);

    private readonly Queue<(object Message, IActorRef Sender)> _waiting = new();

    /// <summary>The log is lent to a piece of work on another thread: only reading is allowed here.</summary>
    private bool _isBusy;

    /// <summary>The log as soon as it is open, also before this actor hears of it.</summary>
    private PartitionLog? _opened;

    /// <summary>
    /// Whose the log is: <see cref="Owned"/> by this actor, or <see cref="Lent"/>; when the actor ends meanwhile, the work's.
    /// </summary>
    private int _loan;
    private const int Owned = 0, Lent = 1, Left = 2;

    private bool _isFlushing;

    /// <summary>The storage failed, and the controller was told.</summary>
    private bool _isOffline;
    private bool _isStopping;

    /// <summary>It is to stop as soon as nothing is on its way.</summary>
    private (Replica.Stop How, IActorRef Asker)? _stop;

    private static MessageDispatcher LogDispatcher => Context.System.Dispatchers.Lookup(ReplicaDispatchers.Log);

    /// <summary>While the log is lent out, only who reads a log that is open need not wait.</summary>
    private bool MustWait(object message) =>
        message is not WorkDone
            && (_log is null || message is not (ReadRequest or ReadRequest.Parking or ReadRequest.Leaving or Expire));

    /// <summary>
    /// Runs <paramref name="work"/> elsewhere, and then <paramref name="completed"/> here, with the exception of a failure.
    /// </summary>
    private void RunWork(string name, Action work, Action<Exception?> completed)
    {
        _isBusy = true;
        // What this message committed counts for the work too: retention deletes nothing above.
        if (_state is { } state && _log is { } log) log.HighWatermark = state.HighWatermark;
        Volatile.Write(ref _loan, Lent);
        var self = Self;
        LogDispatcher.Schedule(() =>
        {
            Exception? failure = null;
            try
            {
                work();
            }
            catch (Exception e)
            {
                failure = e;
            }
            if (Interlocked.CompareExchange(ref _loan, Owned, Lent) == Left) ReleaseLog();
            self.Tell(new WorkDone(name, completed, failure), ActorRefs.NoSender);
        });
    }

    private void CompleteWork(WorkDone done)
    {
        _isBusy = false;
        if (done.Failure is not (null or IOException))
            throw new InvalidOperationException($"{Partition}: {done.Name} failed", done.Failure);
        done.Completed(done.Failure);
        while (!_isBusy && _waiting.TryDequeue(out var next)) Handle(next.Message, next.Sender);
    }

    /// <summary>Gives the log away when the actor ends; at once, or when the work that has it is done.</summary>
    private void LeaveLog()
    {
        if (Interlocked.CompareExchange(ref _loan, Left, Lent) != Lent) ReleaseLog();
    }

    /// <summary>An actor that was not asked to stop, as when its node is given up, may not wait here for the disk: whoever closes
    /// the directory, or opens the log next, closes it.</summary>
    private void ReleaseLog()
    {
        if (_hasFailed) _opened?.Close(clean: false);
        else _opened?.Leave();
    }

    /// <summary>Handles a message that waited; who asked is remembered with it.</summary>
    private void Handle(object message, IActorRef sender)
    {
        switch (message)
        {
            // The rare messages that are answered to their sender go through the mailbox again, which restores it.
            case Replica.FindOffset or Replica.FindEpochEnd or Replica.DeleteRecords or Replica.Stop or Replica.Assign:
                Self.Tell(message, sender);
                break;
            default: HandleOrRefuse(message); break;
        }
    }

    private void Open(Replica.Assign assign, IActorRef asker)
    {
        RunWork("opening", () => _opened = _home.Logs.Open(assign.Partition, assign.Topic, assign.Log), failure =>
        {
            if (failure is not null)
            {
                if (!TakesOffline(failure))
                {
                    Log.OpenFailed(_home.Log, failure, Partition, OpenRetry);
                    Timers.StartSingleTimer(OpenAgain.Instance, OpenAgain.Instance, OpenRetry);
                    SetOffline(true);
                }
            }
            else
            {
                var log = _log = _opened!;
                _state = new ReplicaState(_home.Broker, log.LogStartOffset, log.LogEndOffset, log.HighWatermark);
                log.Config = _assigned!.Log;
                // Perhaps this is not the first actor of this replica.
                _isOffline |= _assigned.Image.Offline.Contains(_home.Broker);
                SetOffline(false);
                TakeRole();
            }
            asker.Tell(new Replica.Assigned(Id), Self);
        });
    }

    /// <summary>A disk that was full or away may be there again.</summary>
    private sealed record OpenAgain
    {
        public static readonly OpenAgain Instance = new();
    }

    /// <summary>Flushes what answers wait for; what is written meanwhile waits for the next flush.</summary>
    private void FlushForAnswers()
    {
        if (_isFlushing || (_unflushed.Count == 0 && _unflushedCopy is null)) return;
        StartFlush();
    }

    private void StartFlush()
    {
        try
        {
            _home.Flushes.Submit(_log!.BeginFlush(), Self);
            _isFlushing = true;
        }
        catch (LogStorageException e)
        {
            if (!TakesOffline(e)) GoOffline(e);
        }
    }

    private void CompleteFlush(PendingFlush flush)
    {
        _isFlushing = false;
        _log!.CompleteFlush(flush, NowMs);
        if (flush.Failure is { } failure)
        {
            TakesOffline(failure);
            return;
        }
        while (_unflushed.TryPeek(out var written) && written.End <= flush.UpTo)
        {
            _unflushed.Dequeue();
            if (written.End > _state!.LogEnd) _state.Appended(written.End, written.Bytes);
            AnswerOrPark(written);
        }
        if (_unflushedCopy is { } copy && _log.LogEndOffset <= flush.UpTo)
        {
            _unflushedCopy = null;
            Count(copy);
        }
        FlushForAnswers();
    }

    /// <summary>Also where <c>flush.messages</c> and <c>flush.ms</c> ask for nothing, a closed segment is flushed: then a start
    /// after a crash need not read it.</summary>
    private void FlushWhatIsDue()
    {
        if (!_isFlushing && !_log!.IsOffline && _log.IsFlushDue(NowMs)) StartFlush();
    }

    private void Maintain()
    {
        if (_state is null || _state.Role == ReplicaRole.Offline || _isStopping) return;
        FlushWhatIsDue();
        Write();
        if (_isBusy)
        {
            _waiting.Enqueue((Replica.Maintain.Instance, Sender));
            return;
        }
        var log = _log!;
        RunWork("retention", () => log.ApplyRetention(NowMs), failure =>
        {
            if (failure is null || !TakesOffline(failure)) _state.LogStartsAt(log.LogStartOffset);
            if (failure is not null && !_isOffline) Log.WorkFailed(_home.Log, failure, Partition, "retention");
        });
    }

    private void DeleteRecords(Replica.DeleteRecords delete)
    {
        var start = Offset.None;
        var error = _state?.CheckDeleteRecords(delete.Before, out start) ?? ErrorCode.KafkaStorageError;
        if (error != ErrorCode.None)
        {
            Sender.Tell(new Replica.RecordsDeleted(error, Offset.None), Self);
            return;
        }
        Write();
        if (_isBusy)
        {
            _waiting.Enqueue((delete, Sender));
            return;
        }
        var (log, asker) = (_log!, Sender);
        RunWork("deleting records", () => log.AdvanceLogStart(start, NowMs), failure =>
        {
            if (failure is null)
            {
                _state!.LogStartsAt(log.LogStartOffset);
                Log.RecordsDeleted(_home.Log, Partition, log.LogStartOffset);
            }
            else if (!TakesOffline(failure)) Log.WorkFailed(_home.Log, failure, Partition, "deleting records");
            asker.Tell(new Replica.RecordsDeleted(
                failure is null ? ErrorCode.None : ErrorCode.KafkaStorageError, log.LogStartOffset), Self);
        });
    }

    private void TryStop()
    {
        if (_isStopping || _isBusy || _isFlushing) return;
        Write();
        if (_isBusy || _isFlushing) return;
        var (log, (how, asker)) = (_log, _stop!.Value);
        _isStopping = true;
        if (_published is not null) _home.Replicas.Remove(_published);
        _state?.GoOffline();
        if (_assigned is null || (log is null && !how.Delete))
        {
            StopNow(asker, how.Replica);
            return;
        }
        var name = how.Delete ? "deleting the log" : "closing the log";
        RunWork(name, () =>
        {
            if (how.Delete)
            {
                log?.Close(clean: false);
                _home.Logs.Delete(Partition, Id.Topic); // What an attempt to open it has left, too.
            }
            else _home.Logs.Close(log!);
        },
        failure =>
        {
            if (failure is not null && !_home.Logs.IsOffline(Partition, failure))
                Log.WorkFailed(_home.Log, failure, Partition, name);
            _log = null;
            StopNow(asker, how.Replica);
        });
    }

    private void StopNow(IActorRef asker, ReplicaId replica)
    {
        asker.Tell(new Replica.Stopped(replica), Self);
        Context.Stop(Self);
    }

    /// <summary>Something failed: does that mean that this log, or the whole directory, takes nothing any more?</summary>
    private bool TakesOffline(Exception failure)
    {
        var isDirectory = _home.Logs.IsOffline(Partition, failure);
        if (isDirectory) _log?.TakeOffline();
        if (!isDirectory && _log is not { IsOffline: true }) return false;
        GoOffline(failure, isDirectory);
        return true;
    }

    /// <summary>The log takes nothing any more: everybody hears it, and others lead.</summary>
    /// <param name="isDirectory">The failure was logged for all that lies in the directory.</param>
    private void GoOffline(Exception why, bool isDirectory = false)
    {
        if (!_isOffline && !isDirectory) Log.Offline(_home.Log, why, Partition);
        SetOffline(true);
        _state?.GoOffline();
        while (_unflushed.TryDequeue(out var written)) written.Request.Refused(ErrorCode.KafkaStorageError, why.Message);
        DropUnflushedCopy();
        StopFollowing();
    }

    private void SetOffline(bool isOffline)
    {
        if (_isOffline == isOffline) return;
        _isOffline = isOffline;
        _published!.IsOffline = isOffline;
        _home.Offline.Tell(new OfflineReplicas.Changed(Id, isOffline), Self);
    }

    /// <summary>Nobody is left without an answer when the actor goes.</summary>
    private void RefuseAll()
    {
        foreach (var written in _staged) Refuse(written.Request, ErrorCode.NotLeaderOrFollower);
        _staged.Clear();
        while (_unflushed.TryDequeue(out var written)) Refuse(written.Request, ErrorCode.NotLeaderOrFollower);
        while (_waiting.TryDequeue(out var waiting)) Refuse(waiting.Message, ErrorCode.NotLeaderOrFollower);
    }

    internal static void Refuse(object message, ErrorCode error)
    {
        if (message is AppendRequest { IsAnswered: false } append) append.Refused(error);
        else if (message is ReadRequest { IsAnswered: false } read) read.Refuse(error);
        else if (message is PartitionCopy copy)
            copy.Fetcher.Tell(
                new Copied(copy, IsDone: false, Offset.Zero, copy.From, copy.Partition.LastEpoch), ActorRefs.NoSender);
        else if (message is ReadRequest.Parking park) park.Request.Progress(long.MaxValue);
    }

    private sealed record WorkDone(string Name, Action<Exception?> Completed, Exception? Failure);
}

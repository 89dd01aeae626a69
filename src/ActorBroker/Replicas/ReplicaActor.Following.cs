using ActorBroker.Core.Replication;
using ActorBroker.Journal.Epochs;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas.Fetching;

namespace ActorBroker.Replicas;

/// <summary>
/// Following: what the leader's answers mean for the log. The fetcher asks on only when it hears that this is done, so there is
/// one answer at a time here.
/// </summary>
internal sealed partial class ReplicaActor
{
    /// <summary>A copy whose records are in the log and count only when they are flushed (<c>flush.messages</c>).</summary>
    private PartitionCopy? _unflushedCopy;

    /// <summary>Copies from the leader from now on, from where the log ends.</summary>
    private void StartFollowing(ReplicaState state)
    {
        var log = _log!;
        try
        {
            log.ForgetEmptyTerms();
        }
        catch (LogStorageException e)
        {
            if (!TakesOffline(e)) GoOffline(e);
            return;
        }
        Log.Follows(_home.Log, Partition, state.Leader, state.LeaderEpoch);
        if (state.Leader.IsNone)
        {
            StopFollowing();
            return;
        }
        var from = new FollowedPartition(Id.Topic, Id.Partition, state.LeaderEpoch, state.LogEnd, log.LastEpoch)
        {
            LogStart = state.LogStart,
        };
        _home.Fetchers.Tell(new ReplicaFetchers.Follow(Id, Partition, state.Leader, from, Self), Self);
    }

    private void StopFollowing()
    {
        if (_assigned is not null) _home.Fetchers.Tell(new ReplicaFetchers.Unfollow(Id), Self);
    }

    private void Copy(PartitionCopy copy)
    {
        if (_state is not { } state || _stop is not null || !state.Expects(copy.Partition.Epoch, copy.From))
        {
            Finish(copy, isDone: false);
            return;
        }
        switch (copy.Verdict)
        {
            case FetchVerdict.Append: AppendCopy(copy, state); break;
            case FetchVerdict.Cut: Follow(StepFor(copy.Diverging, state), copy, state); break;
            default: Follow(FollowerStep.OutOfRange(copy.LogStart, copy.HighWatermark, state.LogEnd), copy, state); break;
        }
    }

    private void AppendCopy(PartitionCopy copy, ReplicaState state)
    {
        var log = _log!;
        if (copy.Records.IsEmpty)
        {
            Count(copy);
            return;
        }
        // A log that begins within a batch of the leader, as it may where records were deleted, begins with that batch.
        if (log.LogEndOffset == log.LogStartOffset && RecordBatchHeader.TryRead(copy.Records.Span, out var first)
            && first.BaseOffset < copy.From && first.NextOffset > copy.From)
        {
            Cut(copy, () => log.ResetTo(first.BaseOffset, NowMs), () =>
            {
                state.TruncatedTo(log.LogEndOffset);
                StageCopy(copy);
            });
            return;
        }
        StageCopy(copy);
    }

    private void StageCopy(PartitionCopy copy)
    {
        var log = _log!;
        if (!log.TryStageFromLeader(copy.Records, NowMs))
        {
            Log.BadCopy(_home.Log, Partition, copy.From, _state!.Leader);
            Finish(copy, isDone: false);
            return;
        }
        if (log.WritingRolls)
        {
            RunWork("writing to a new segment", () => log.WriteStaged(NowMs), failure => CompleteCopy(copy, failure));
            return;
        }
        LogStorageException? failure = null;
        try
        {
            log.WriteStaged(NowMs);
        }
        catch (LogStorageException e)
        {
            failure = e;
        }
        CompleteCopy(copy, failure);
    }

    private void CompleteCopy(PartitionCopy copy, Exception? failure)
    {
        var log = _log!;
        if (failure is not null)
        {
            var isOffline = TakesOffline(failure);
            if (!isOffline && !_appendsFail) Log.AppendFailed(_home.Log, failure, Partition);
            _appendsFail = true;
            if (!isOffline) _state!.Copied(log.LogEndOffset, Offset.Zero);
            Finish(copy, isDone: false);
            return;
        }
        if (_appendsFail) Log.AppendsAgain(_home.Log, Partition);
        _appendsFail = false;
        if (log.MustFlushBeforeAcknowledging)
        {
            // The leader takes the next request for the promise that this replica has what comes before.
            _unflushedCopy = copy;
            FlushForAnswers();
        }
        else Count(copy);
        FlushWhatIsDue();
    }

    /// <summary>The records are here: they count, and so does what the leader says of its own log.</summary>
    private void Count(PartitionCopy copy)
    {
        var (state, log) = (_state!, _log!);
        state.Copied(log.LogEndOffset, copy.HighWatermark, copy.Records.Length);
        Finish(copy, isDone: true);
        var start = Offset.Min(copy.LogStart, state.HighWatermark);
        if (start <= state.LogStart) return;
        RunWork("deleting what the leader deleted", () => log.AdvanceLogStart(start, NowMs), failure =>
        {
            if (failure is null) state.LogStartsAt(log.LogStartOffset);
            else if (!TakesOffline(failure)) Log.WorkFailed(_home.Log, failure, Partition, "deleting what the leader deleted");
        });
    }

    /// <summary>Cuts the log where it leaves the leader's, or begins it anew where the leader's starts.</summary>
    private void Follow(FollowerStep step, PartitionCopy copy, ReplicaState state)
    {
        var log = _log!;
        var end = step.Offset;
        if (step.Kind == FollowerStepKind.Restart)
        {
            Log.StartsAnew(_home.Log, Partition, state.LogEnd, end, state.Leader);
            Cut(copy, () => log.ResetTo(end, NowMs), () =>
            {
                state.RestartedAt(log.LogEndOffset);
                Finish(copy, isDone: true);
            });
        }
        else if (step.Kind == FollowerStepKind.Truncate && !end.IsNone && end < state.LogEnd)
        {
            Log.Truncates(_home.Log, Partition, state.LogEnd, end, state.HighWatermark, state.Leader, state.LeaderEpoch);
            Cut(copy, () => log.TruncateTo(end, NowMs), () =>
            {
                state.TruncatedTo(log.LogEndOffset);
                Finish(copy, isDone: true);
            });
        }
        else
        {
            Log.NothingToCut(_home.Log, Partition, copy.Diverging.Epoch, copy.Diverging.EndOffset, state.LogEnd);
            Finish(copy, isDone: false);
        }
    }

    private FollowerStep StepFor(EpochEnd leader, ReplicaState state)
    {
        var own = _log!.EndOffsetForEpoch(leader.Epoch);
        return FollowerStep.Diverged(
            leader.Epoch, leader.EndOffset, own.Epoch, own.EndOffset, state.LogStart, state.LogEnd, state.HighWatermark);
    }

    private void Cut(PartitionCopy copy, Action cut, Action completed)
    {
        RunWork("truncating", cut, failure =>
        {
            if (failure is null)
            {
                completed();
                return;
            }
            // It may be cut only in part.
            if (!TakesOffline(failure)) Log.WorkFailed(_home.Log, failure, Partition, "truncating");
            Finish(copy, isDone: false);
        });
    }

    private void Finish(PartitionCopy copy, bool isDone)
    {
        var (start, next, epoch) = _log is { } log
            ? (log.LogStartOffset, log.LogEndOffset, log.LastEpoch)
            : (Offset.Zero, copy.From, copy.Partition.LastEpoch);
        copy.Fetcher.Tell(new Copied(copy, isDone, start, next, epoch), Self);
    }

    /// <summary>The role changes: the fetcher hears the new one, and its last answer came too late.</summary>
    private void DropUnflushedCopy()
    {
        if (_unflushedCopy is not { } copy) return;
        _unflushedCopy = null;
        Finish(copy, isDone: false);
    }
}

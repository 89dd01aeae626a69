using ActorBroker.Core.Replication;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Replicas;

/// <summary>
/// Appending: batches are staged as they come, and behind the last of those that wait in the mailbox a marker writes them all
/// with one call. Then they count as appended: answered, or parked until they are committed.
/// </summary>
internal sealed partial class ReplicaActor
{
    /// <summary>More than this is not held back for one write.</summary>
    private const int MaxStagedBytes = 1 << 20;

    /// <summary>A request whose batch is staged, or written and not flushed, and where it lies.</summary>
    /// <param name="Bytes">0 for a repetition: its batch was appended before.</param>
    private readonly record struct Written(AppendRequest Request, Offset BaseOffset, Offset End, int Bytes);

    private readonly List<Written> _staged = [];

    /// <summary>Written, and not answered before they are flushed (<c>flush.messages</c>).</summary>
    private readonly Queue<Written> _unflushed = new();

    private readonly RefusedBatches _refused = new();
    private int _stagedBytes;
    private bool _appendsFail;

    private void Append(AppendRequest append)
    {
        var error = append.Refusal != ErrorCode.None ? append.Refusal
            : _state is null ? ErrorCode.KafkaStorageError
            // Else flushes for one after the other would keep it from stopping.
            : _stop is not null ? ErrorCode.NotLeaderOrFollower
            : _state.CheckAppend(append.Acks);
        if (error != ErrorCode.None)
        {
            if (error != ErrorCode.InvalidRequiredAcks) _refused.Add(append.Header, error, Now);
            append.Refused(error);
            return;
        }
        var verdict = _log!.Producers.Check(append.Header);
        if (verdict.IsDuplicate) Repeat(append, verdict.Earlier.BaseOffset, verdict.Earlier.LastOffset + 1);
        else if (verdict.IsHole)
            append.Refused(_refused.ForHoleBefore(append.Header, verdict.Earlier.LastOffset < _state!.TermStart, Now));
        else if (!verdict.MayAppend) append.Refused(verdict.Error);
        else if (IsBehindRefused(append.Header, out var earlier)) append.Refused(earlier);
        else Stage(append);
    }

    /// <summary>Of a producer that is new here. Of others it shows in the sequence, and what was refused here may have come since by
    /// way of another leader.</summary>
    private bool IsBehindRefused(in RecordBatchHeader batch, out ErrorCode error)
    {
        error = ErrorCode.None;
        if (_refused.IsEmpty || !batch.HasProducerId || _log!.Producers.Knows(batch.ProducerId)) return false;
        error = _refused.Behind(batch, Now);
        return error != ErrorCode.None;
    }

    /// <summary>The batch is here already: it gets the answer of the first time, when that is due.</summary>
    private void Repeat(AppendRequest append, Offset baseOffset, Offset end)
    {
        var written = new Written(append, baseOffset, end, Bytes: 0);
        if (end > _state!.LogEnd) Hold(written); // Not yet written or flushed.
        else AnswerOrPark(written);
    }

    private void Stage(AppendRequest append)
    {
        var placement = _log!.Stage(append.Batch, append.Header, _state!.LeaderEpoch, NowMs);
        _refused.Taken(append.Header);
        append.LogAppendTimeMs = placement.LogAppendTimeMs;
        Hold(new(append, placement.BaseOffset, placement.LastOffset + 1, append.Batch.Length));
        if (_stagedBytes >= MaxStagedBytes) Write();
    }

    private void Hold(in Written written)
    {
        if (_staged.Count == 0) Self.Tell(WriteStaged.Instance, Self);
        _staged.Add(written);
        _stagedBytes += written.Bytes;
    }

    /// <summary>Writes what is staged; elsewhere where that may take long.</summary>
    private void Write()
    {
        if (_staged.Count == 0) return; // The marker of a write that came early.
        var log = _log!;
        if (log.WritingRolls)
        {
            RunWork("writing to a new segment", () => log.WriteStaged(NowMs), failure =>
            {
                CompleteWrite(failure);
                FlushWhatIsDue();
            });
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
        CompleteWrite(failure);
    }

    private void CompleteWrite(Exception? failure)
    {
        var (state, log) = (_state!, _log!);
        if (failure is not null) FailStaged(failure);
        else if (_appendsFail)
        {
            _appendsFail = false;
            Log.AppendsAgain(_home.Log, Partition);
        }
        if (_unflushed.Count > 0 || log.MustFlushBeforeAcknowledging)
        {
            foreach (var written in _staged) _unflushed.Enqueue(written);
            FlushForAnswers();
        }
        else if (_staged.Count > 0)
        {
            state.Appended(log.LogEndOffset, _stagedBytes);
            foreach (var written in _staged) AnswerOrPark(written);
        }
        _staged.Clear();
        _stagedBytes = 0;
    }

    /// <summary>Refuses what did not get into the log, and leaves what did.</summary>
    private void FailStaged(Exception failure)
    {
        if (!TakesOffline(failure) && !_appendsFail) Log.AppendFailed(_home.Log, failure, Partition);
        _appendsFail = true;
        var end = _log!.IsOffline ? Offset.Zero : _log.LogEndOffset;
        _stagedBytes = 0;
        foreach (var written in _staged)
            if (written.End > end)
            {
                _refused.Add(written.Request.Header, ErrorCode.KafkaStorageError, Now);
                written.Request.Refused(ErrorCode.KafkaStorageError, failure.Message);
            }
            else _stagedBytes += written.Bytes;
        _staged.RemoveAll(written => written.End > end);
    }

    private void AnswerOrPark(in Written written)
    {
        if (written.Request.Acks != -1) Answer(written, ErrorCode.None);
        else if (_state!.IsCommitted(written.End)) Answer(written, _state.CommittedAnswer);
        else _state.ParkProduce(_producers.Add(written), written.End, Now + written.Request.Timeout);
    }

    private void Answer(in Written written, ErrorCode error)
    {
        if (error == ErrorCode.None) written.Request.Appended(written.BaseOffset, _state!.LogStart);
        else written.Request.Refused(error);
    }

    /// <summary>Behind the appends that were in the mailbox when the first of them was staged.</summary>
    private sealed record WriteStaged
    {
        public static readonly WriteStaged Instance = new();
    }
}

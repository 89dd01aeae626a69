using ActorBroker.Journal.Files;
using ActorBroker.Journal.Recovery;
using ActorBroker.Journal.Retention;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;

namespace ActorBroker.Journal;

/// <summary>What shortens a log at its end (truncation by a follower) or at its start (DeleteRecords, retention).</summary>
public sealed partial class PartitionLog
{
    private int _truncations;

    /// <summary>Cuts all at and above an offset, where a follower departs from its leader.</summary>
    /// <returns>The log's end now: the offset, or the start of the batch that contained it.</returns>
    /// <exception cref="LogStorageException">The log is offline if it may be cut only in part.</exception>
    public Offset TruncateTo(Offset offset, long nowMs)
    {
        if (offset >= LogEndOffset) return LogEndOffset;
        if (offset < LogStartOffset || offset < _segments.All[0].BaseOffset)
        {
            ResetTo(offset, nowMs);
            return LogEndOffset;
        }
        Shorten(() =>
        {
            var (keep, position, end) = PlaceOf(offset);
            // From the end, so that a crash in between leaves a whole log.
            Drop(keep + 1, nowMs);
            Volatile.Write(ref _logEnd, end.Value);
            Active.Truncate(position, end);
            _snapshots.DeleteAbove(end);
            Publish(_epochs.TruncatedTo(end));
            ProducerReplay.Run(_snapshots, _segments, end, Producers, nowMs);
        });
        return LogEndOffset;
    }

    /// <summary>
    /// Drops everything and starts again at an offset: a follower whose leader's log starts later than its own ends.
    /// </summary>
    public void ResetTo(Offset offset, long nowMs) => Shorten(() =>
    {
        var old = _segments;
        for (var i = old.Count - 1; i >= 0; i--) MarkDeleted(old.All[i], nowMs);
        Publish(new SegmentList([LogSegment.Create(_files, Directory, offset, nowMs)]));
        Volatile.Write(ref _logEnd, offset.Value);
        Volatile.Write(ref _logStart, offset.Value);
        _snapshots.DeleteAbove(Offset.None);
        Producers.Clear();
        Publish(Epochs.TruncatedTo(Offset.Zero));
    });

    /// <summary>Deletes the records below an offset (DeleteRecords, or a leader whose log starts there).</summary>
    /// <returns><c>false</c>: it is behind the log's end; nothing happens.</returns>
    public bool AdvanceLogStart(Offset offset, long nowMs)
    {
        if (offset > LogEndOffset) return false;
        if (offset <= LogStartOffset) return true;
        Guarded("Deleting records of", () =>
        {
            // The start must not survive a power cut that the records before it do not: see LogRecovery.
            if (offset > RecoveryPoint) Flush(nowMs);
            MoveLogStart(offset);
            SaveEpochs();
            _watcher?.LogStartAdvanced(this);
            ApplyRetention(nowMs);
        });
        return true;
    }

    /// <summary>
    /// The log's housekeeping, every few minutes: drops what retention lets go, removes files of segments that were deleted long
    /// enough ago and have no readers, rebuilds indexes that were found wrong, closes idle files, forgets idle producers.
    /// </summary>
    public RetentionResult ApplyRetention(long nowMs)
    {
        ThrowIfUnusable();
        try
        {
            var (count, reason) = RetentionPolicy.Expired(
                _segments.All, LogStartOffset, LogEndOffset, HighWatermark, Config, nowMs);
            var freed = count > 0 ? DeleteOldest(count, reason, nowMs) : 0;
            RebuildDoubtedIndexes();
            UnlinkDeleted(nowMs);
            foreach (var segment in _segments.All) segment.CloseIdleFiles();
            Producers.Expire(nowMs, Config.ProducerIdExpirationMs);
            return new(count, freed, reason);
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            throw LogStorageException.From(e, Directory, "Maintaining");
        }
    }

    private long DeleteOldest(int count, RetentionReason reason, long nowMs)
    {
        if (count == _segments.Count) Roll(LogEndOffset, Producers.ToSnapshot(), nowMs);
        var segments = _segments;
        var freed = 0L;
        MoveLogStart(segments.All[count].BaseOffset);
        Publish(segments.From(count));
        for (var i = 0; i < count; i++)
        {
            freed += segments.All[i].SizeBytes;
            MarkDeleted(segments.All[i], nowMs);
        }
        _snapshots.DeleteBelow(segments.All[count].BaseOffset);
        SaveEpochs();
        Log.Retained(_log, Directory, count, reason.ToString(), LogStartOffset.Value);
        return freed;
    }

    private void MoveLogStart(Offset offset)
    {
        if (offset <= LogStartOffset) return;
        Volatile.Write(ref _logStart, offset.Value);
        if (HighWatermark < offset) HighWatermark = offset;
        Publish(_epochs.TruncatedBefore(offset));
    }

    /// <summary>Which segment is the last one to keep, where to cut it, and the offset there.</summary>
    private (int Segment, long Position, Offset End) PlaceOf(Offset offset)
    {
        var index = _segments.IndexOf(offset);
        var segment = _segments.All[index];
        var file = segment.Acquire();
        try
        {
            return segment.TryFind(file, offset, segment.SizeBytes, out var batch)
                ? (index, batch.Position, Offset.Min(batch.BaseOffset, offset))
                : (index, segment.SizeBytes, offset);
        }
        finally
        {
            segment.Release();
        }
    }

    private void Shorten(Action change)
    {
        ThrowIfUnusable();
        try
        {
            CutTornTail();
            ClearStaged();
            change();
            IfThereIsRoom(SaveEpochs);
            _truncations++;
            _stagedEnd = LogEndOffset;
            HighWatermark = Offset.Max(LogStartOffset, Offset.Min(HighWatermark, LogEndOffset));
            // The names that are gone must not come back beside what is appended next.
            _files.FlushDirectory(Directory);
            if (RecoveryPoint > LogEndOffset) Volatile.Write(ref _recoveryPoint, _logEnd);
            _recoveryPointIsUntold = true;
            IfThereIsRoom(TellRecoveryPoint);
            Log.Truncated(_log, Directory, _logEnd);
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            IsOffline = true;
            Log.Offline(_log, e, Directory);
            throw LogStorageException.From(e, Directory, "Truncating");
        }
    }

    /// <summary>Drops the segments from an index on.</summary>
    private void Drop(int from, long nowMs)
    {
        if (from >= _segments.Count) return;
        var old = _segments;
        Publish(old.UpTo(from));
        for (var i = old.Count - 1; i >= from; i--) MarkDeleted(old.All[i], nowMs);
    }

    private void MarkDeleted(LogSegment segment, long nowMs)
    {
        segment.RenameToDeleted();
        _namesAreUnflushed = true;
        _deleted.Enqueue(new(segment, nowMs + Math.Min(Config.FileDeleteDelayMs, long.MaxValue - nowMs)));
    }

    /// <summary>Removes renamed files whose delay is over and that nobody reads.</summary>
    private void UnlinkDeleted(long nowMs)
    {
        for (var i = _deleted.Count; i > 0; i--)
        {
            var deleted = _deleted.Dequeue();
            if (deleted.UnlinkAtMs <= nowMs && !deleted.Segment.IsInUse) deleted.Segment.Unlink();
            else _deleted.Enqueue(deleted);
        }
    }

    private void RebuildDoubtedIndexes()
    {
        foreach (var segment in _segments.All)
        {
            if (!segment.IndexesAreDoubted) continue;
            Log.IndexesRebuilt(_log, segment.Path);
            segment.RebuildIndexes(Config.IndexIntervalBytes, isClosed: segment != Active);
        }
    }
}

/// <param name="Segments">How many were deleted.</param>
/// <param name="Bytes">Their size. The space is free after <c>file.delete.delay.ms</c>.</param>
public readonly record struct RetentionResult(int Segments, long Bytes, RetentionReason Reason);

using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Epochs;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Producers;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Journal.Recovery;

/// <summary>
/// Brings a partition's folder into a state from which it can go on. After a clean stop it looks at names and sizes and at the
/// end of the last segment; otherwise it reads all batches from the recovery point on and keeps those up to the first bad one.
/// </summary>
internal sealed class LogRecovery(LogPlace place, LogConfig config, LogStart start, long nowMs, ILogger log)
{
    private readonly ILogFileSystem _files = place.Files;
    private readonly List<LogSegment> _segments = [];
    private readonly List<LogSegment> _dropped = [];
    private readonly LeaderEpochCheckpoint _epochCheckpoint = new(place.Files, place.Directory);
    private LeaderEpochs _epochs = LeaderEpochs.Empty;

    /// <summary>Null: the file is damaged.</summary>
    private LeaderEpochs? _savedEpochs;
    private Offset _logEnd;
    private Offset _logStart;

    public RecoveredLog Run()
    {
        _files.CreateDirectory(place.Directory);
        PartitionMetadata.Claim(_files, place.Directory, place.TopicId);
        var folder = new LogFolder(_files, place.Directory, log);
        foreach (var offset in folder.SegmentOffsets) _segments.Add(Load(folder, offset));
        var firstToScan = FirstToScan();
        LoadEpochs(firstToScan);

        if (_segments.Count == 0) StartAt(start.LogStartOffset);
        else if (firstToScan < _segments.Count) Scan(firstToScan);
        else if (_segments[^1].TryResume() is { } end) _logEnd = end;
        else Scan(_segments.Count - 1);

        _logStart = LogStart();
        _epochs = _epochs.TruncatedTo(_logEnd).TruncatedBefore(_logStart);

        var snapshots = new ProducerSnapshots(_files, place.Directory, folder.SnapshotOffsets);
        snapshots.DeleteAbove(_logEnd);
        snapshots.DeleteStrays(_segments);
        var producers = new ProducerStates();
        ProducerReplay.Run(snapshots, new SegmentList([.. _segments]), _logEnd, producers, nowMs);
        producers.Expire(nowMs, config.ProducerIdExpirationMs);
        return new RecoveredLog(
            _segments, _dropped, _logStart, _logEnd,
            RecoveryPoint: start.IsClean ? _logEnd : Offset.Min(start.RecoveryPoint, _logEnd),
            HighWatermark: Offset.Max(_logStart, Offset.Min(start.HighWatermark, _logEnd)),
            _epochs, AreEpochsSaved: _savedEpochs is { } saved && saved.Entries.SequenceEqual(_epochs.Entries), _epochCheckpoint,
            producers, snapshots, nowMs);
    }

    private LogSegment Load(LogFolder folder, Offset offset)
    {
        var isIndexed = folder.HasIndexes(offset);
        if (!isIndexed) folder.EmptyIndexes(offset);
        var segment = new LogSegment(_files, place.Directory, offset, folder.SizesOf(offset));
        if (isIndexed) return segment;
        Log.IndexesRebuilt(log, segment.Path);
        segment.RebuildIndexes(config.IndexIntervalBytes, isClosed: true);
        return segment;
    }

    /// <summary>The index of the segment that holds the recovery point; the number of segments after a clean stop.</summary>
    private int FirstToScan()
    {
        if (start.IsClean || _segments.Count == 0) return _segments.Count;
        return new SegmentList([.. _segments]).IndexOf(start.RecoveryPoint);
    }

    private void LoadEpochs(int firstToScan)
    {
        if (_epochCheckpoint.Read() is { } epochs)
        {
            _savedEpochs = epochs;
            // What is scanned says itself which epochs it has.
            _epochs = firstToScan < _segments.Count ? epochs.TruncatedTo(_segments[firstToScan].BaseOffset) : epochs;
            return;
        }
        Log.CheckpointDamaged(log, _epochCheckpoint.Path, "leader epochs are read from the batches");
        Span<byte> buffer = stackalloc byte[BatchCursor.BufferBytes];
        for (var i = 0; i < _segments.Count; i++)
        {
            if (i >= firstToScan) break;
            var file = _segments[i].Acquire();
            try
            {
                var batches = new BatchCursor(file, 0, _segments[i].SizeBytes, buffer);
                while (batches.MoveNext()) _epochs = _epochs.Assign(batches.Header.LeaderEpoch, batches.Header.BaseOffset);
            }
            finally
            {
                _segments[i].Release();
            }
        }
    }

    private void Scan(int first)
    {
        var next = _segments[first].BaseOffset;
        var scanned = 0;
        for (var i = first; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            // Below the recovery point all was flushed, and compaction makes gaps. Above it a gap is a write that was lost.
            if (i > first && (segment.BaseOffset < next || (segment.BaseOffset > next && !config.CleanupCompact)))
            {
                DropFrom(i, next);
                break;
            }
            next = segment.BaseOffset;
            scanned++;
            if (ScanSegment(segment, isLast: i == _segments.Count - 1, ref next)) continue;
            DropFrom(i + 1, next);
            break;
        }
        _logEnd = next;
        Log.Recovered(log, place.Directory, start.LogStartOffset.Value, _logEnd.Value, scanned);
    }

    /// <returns><c>false</c>: the segment's end had to be cut.</returns>
    private bool ScanSegment(LogSegment segment, bool isLast, ref Offset next)
    {
        var file = segment.Acquire();
        try
        {
            segment.Recount();
            var end = next;
            var result = SegmentScan.Run(file, next, _epochs.Latest, (in RecordBatchHeader batch) =>
            {
                var added = new StagedBatch(batch.BaseOffset, batch.LastOffset, batch.MaxTimestampMs, (int)batch.TotalBytes);
                segment.Added(added, config.IndexIntervalBytes, segment.LastWriteMs);
                _epochs = _epochs.Assign(batch.LeaderEpoch, batch.BaseOffset);
                end = batch.NextOffset;
            });
            next = end;
            if (!result.IsWhole)
            {
                Log.TailCut(log, segment.Path, result.ValidBytes, result.FileBytes);
                file.SetLength(result.ValidBytes);
            }
            if (!isLast && result.IsWhole) segment.Seal();
            return result.IsWhole;
        }
        finally
        {
            segment.Release();
        }
    }

    private void DropFrom(int index, Offset logEnd)
    {
        for (var i = _segments.Count - 1; i >= index; i--)
        {
            Log.SegmentDropped(log, _segments[i].Path, logEnd.Value);
            _segments[i].RenameToDeleted();
            _dropped.Add(_segments[i]);
            _segments.RemoveAt(i);
        }
    }

    /// <summary>
    /// A start is checkpointed only after all before it was flushed, so one behind the log's end is a damaged checkpoint. To
    /// believe it would throw the log away.
    /// </summary>
    private Offset LogStart()
    {
        var first = _segments[0].BaseOffset;
        if (start.LogStartOffset <= _logEnd) return Offset.Max(start.LogStartOffset, first);
        Log.EndsBeforeStart(log, place.Directory, _logEnd.Value, start.LogStartOffset.Value, first.Value);
        return first;
    }

    private void StartAt(Offset offset)
    {
        _segments.Add(LogSegment.Create(_files, place.Directory, offset, nowMs));
        _logEnd = offset;
        _files.FlushDirectory(place.Directory);
    }
}

/// <summary>A log that is ready to go on.</summary>
/// <param name="AreEpochsSaved">The checkpoint says the same: it may be older than the batches.</param>
/// <param name="Dropped">Segments behind a bad batch, renamed; they are removed later.</param>
internal sealed record RecoveredLog(
    IReadOnlyList<LogSegment> Segments, IReadOnlyList<LogSegment> Dropped,
    Offset LogStart, Offset LogEnd, Offset RecoveryPoint, Offset HighWatermark,
    LeaderEpochs Epochs, bool AreEpochsSaved, LeaderEpochCheckpoint EpochCheckpoint,
    ProducerStates Producers, ProducerSnapshots Snapshots, long OpenedMs);

using ActorBroker.Journal.Directories;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Journal.Persistence;

/// <summary>
/// The journal's log with its index: what is appended together is flushed together, and only then in the index. One caller at a
/// time, but for <see cref="Read"/>.
/// </summary>
internal sealed class EventLog : IDisposable
{
    private const int MaxReadBytes = 1 << 20;
    private static readonly TopicPartition Events = new("events", 0);
    private static readonly DirectoryOwner Owner = new("akka.persistence", new BrokerId(0), new TopicId(1));

    private readonly LogDirectory _directory;
    private readonly PartitionLog _log;
    private readonly JournalIndex _index = new();
    private readonly bool _flush;

    private EventLog(LogDirectory directory, PartitionLog log, bool flush)
    {
        (_directory, _log, _flush) = (directory, log, flush);
        Load();
        _log.HighWatermark = _log.LogEndOffset;
    }

    /// <summary>The disk broke: it must be opened again, which finds out what is stored.</summary>
    public bool IsBroken { get; private set; }

    /// <exception cref="LogStorageException">The folder is in use, or cannot be read.</exception>
    public static EventLog Open(ILogFileSystem files, EventLogOptions options, long nowMs, ILogger logger)
    {
        var directory = LogDirectory.Open(files, options.Directory, Owner, logger);
        try
        {
            var config = new LogConfig
            {
                SegmentBytes = options.SegmentBytes,
                SegmentMs = long.MaxValue,
                CleanupDelete = false,
                FileDeleteDelayMs = 0,
            };
            return new EventLog(directory, directory.OpenLog(Events, TopicId.None, config, nowMs), options.Flush);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    public EventStreamState StateOf(string persistenceId) => _index.StateOf(persistenceId);

    public List<EventBatch> Find(string persistenceId, long fromSequenceNr, long toSequenceNr) =>
        _index.Find(persistenceId, fromSequenceNr, toSequenceNr);

    /// <summary>Appends batches, all or none, and makes them durable.</summary>
    /// <exception cref="LogStorageException">They may be stored or not.</exception>
    public void Append(IReadOnlyList<byte[]> batches, long nowMs)
    {
        try
        {
            var placements = new Placement[batches.Count];
            for (var i = 0; i < batches.Count; i++)
            {
                RecordBatchHeader.TryRead(batches[i], out var header);
                placements[i] = _log.Stage(batches[i], header, Epoch.Zero, nowMs);
            }
            var rolls = _log.SegmentCount;
            _log.WriteStaged(nowMs);
            if (_flush) _log.Flush(nowMs);
            if (_log.SegmentCount != rolls) _directory.WriteCheckpoints();
            _log.HighWatermark = _log.LogEndOffset;
            foreach (var batch in batches) AddToIndex(batch);
        }
        catch (LogStorageException)
        {
            IsBroken = true;
            throw;
        }
    }

    /// <summary>
    /// Drops the segments in which no event is needed any more. States that stand there are written again first.
    /// </summary>
    public void Reclaim(long nowMs)
    {
        var needed = _index.FirstNeeded(_log.LogEndOffset);
        var segments = _log.Segments;
        var start = segments.All[segments.IndexOf(needed)].BaseOffset;
        if (start <= _log.FirstSegmentOffset) return;
        var states = _index.StatesBefore(start);
        if (states.Count > 0)
            Append([.. states.Select(each => JournalRecord.StateBatch(each.PersistenceId, each.State, nowMs))], nowMs);
        _log.AdvanceLogStart(start, nowMs);
    }

    /// <summary>The events of an atomic write. May be called on any thread.</summary>
    /// <returns><c>false</c>: they were deleted and dropped meanwhile.</returns>
    public bool TryRead(EventBatch batch, Action<RecordView> seen)
    {
        if (!_log.TryRead(batch.Offset, batch.Offset + batch.Count, int.MaxValue, minOneBatch: true, out var range)) return false;
        using (range)
        {
            var bytes = range.ToArray();
            Verify(bytes, batch.Offset);
            using var records = RecordBatchReader.Open(bytes, int.MaxValue);
            foreach (var record in records) seen(record);
        }
        return true;
    }

    public void Dispose() => _directory.Close(clean: !IsBroken);

    private void Load()
    {
        for (var next = _log.LogStartOffset; next < _log.LogEndOffset;)
        {
            if (!_log.TryRead(next, _log.LogEndOffset, MaxReadBytes, minOneBatch: true, out var range) || range.IsEmpty)
                throw Damaged(next);
            using (range)
            {
                foreach (var batch in new RecordBatches(range.ToArray()))
                {
                    Verify(batch.Bytes, batch.Header.BaseOffset);
                    AddToIndex(batch.Bytes);
                    next = batch.Header.NextOffset;
                }
            }
        }
    }

    private void Verify(ReadOnlySpan<byte> batch, Offset offset)
    {
        if (!JournalRecord.IsWholeBatch(batch)) throw Damaged(offset);
    }

    private LogStorageException Damaged(Offset offset) => new(LogStorageFailure.Damaged, _log.Directory,
        $"{_log.Directory}: the events at offset {offset} are damaged. Restore the folder from a copy.");

    private void AddToIndex(ReadOnlySpan<byte> batch)
    {
        using var records = RecordBatchReader.Open(batch, int.MaxValue);
        var (persistenceId, first, last) = ("", long.MaxValue, 0L);
        foreach (var record in records)
        {
            var (id, kind) = JournalRecord.Identify(record);
            if (kind == JournalRecord.Kind.State)
            {
                _index.SetState(id, JournalRecord.ReadState(record), record.Offset);
                return;
            }
            var sequenceNr = JournalRecord.SequenceNrOf(record);
            (persistenceId, first, last) = (id, Math.Min(first, sequenceNr), Math.Max(last, sequenceNr));
        }
        _index.AddEvents(persistenceId, new(records.Header.BaseOffset, records.Header.RecordCount, first, last));
    }
}

/// <param name="Directory">The journal's folder.</param>
/// <param name="Flush">Events survive a power cut as soon as they count as stored.</param>
internal sealed record EventLogOptions(string Directory, int SegmentBytes, bool Flush);

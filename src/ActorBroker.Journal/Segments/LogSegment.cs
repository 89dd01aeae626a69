using ActorBroker.Journal.Files;
using ActorBroker.Journal.Retention;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Segments;

/// <summary>
/// One file of batches with its two indexes, named after its first offset. Written by one owner, read by any thread.
/// </summary>
/// <remarks>
/// What lies below <see cref="SizeBytes"/> are whole batches with increasing offsets. Index entries are hints: each is checked
/// against the batch that it names, and one that disagrees is not used (see <see cref="IndexesAreDoubted"/>).
/// </remarks>
internal sealed partial class LogSegment : ISegmentFacts, IDisposable
{
    private const long NotLoaded = long.MinValue;

    private readonly ILogFileSystem _files;
    private readonly string _directory;
    private readonly SharedFile _log;
    private readonly long _createdMs;
    private long _sizeBytes;
    private long _bytesSinceIndexEntry;
    private long _firstTimestampMs = -1;
    private long _highestTimestampMs = NotLoaded;
    private Offset _highestTimestampOffset;
    private bool _indexesAreDoubted;

    /// <param name="known">Sizes and time as a listing of the folder says.</param>
    public LogSegment(ILogFileSystem files, string directory, Offset baseOffset, in SegmentSizes known)
    {
        _files = files;
        _directory = directory;
        BaseOffset = baseOffset;
        _sizeBytes = known.LogBytes;
        LastWriteMs = _createdMs = known.LastWriteMs;
        _log = new SharedFile(files, PathOf(SegmentName.Log));
        Offsets = new(Index(SegmentName.OffsetIndex, OffsetIndex.EntryBytes, known.OffsetIndexBytes), baseOffset);
        Times = new(Index(SegmentName.TimeIndex, TimeIndex.EntryBytes, known.TimeIndexBytes), baseOffset);

        IndexFile Index(string suffix, int entryBytes, long fileBytes) => new(files, PathOf(suffix), entryBytes, fileBytes);
    }

    public Offset BaseOffset { get; }

    public OffsetIndex Offsets { get; }

    public TimeIndex Times { get; }

    public string Path => _log.Path;

    public SharedFile LogFile => _log;

    /// <summary>Published by the owner after the bytes are written.</summary>
    public long SizeBytes => Volatile.Read(ref _sizeBytes);

    /// <summary>The age of records that have no timestamps.</summary>
    public long LastWriteMs { get; private set; }

    /// <summary>For the decision whether to close the segment.</summary>
    public SegmentFill Fill => new(BaseOffset, SizeBytes, _firstTimestampMs, _createdMs, Offsets.Count, Times.Count);

    /// <summary>
    /// A reader met an index entry that names no batch; the owner rebuilds the indexes at the next maintenance.
    /// </summary>
    public bool IndexesAreDoubted => Volatile.Read(ref _indexesAreDoubted);

    public bool IsInUse => _log.IsInUse;

    /// <summary>The highest timestamp in the segment; -1: its batches have none. May read the files of an old segment.</summary>
    public long HighestTimestampMs
    {
        get
        {
            if (Volatile.Read(ref _highestTimestampMs) == NotLoaded) LoadTimestamps();
            return Volatile.Read(ref _highestTimestampMs);
        }
    }

    /// <summary>What retention by time compares.</summary>
    public long AgeTimestampMs => HighestTimestampMs is >= 0 and var timestamp ? timestamp : LastWriteMs;

    /// <summary>Makes the files of an empty segment.</summary>
    public static LogSegment Create(ILogFileSystem files, string directory, Offset baseOffset, long nowMs)
    {
        foreach (var suffix in (ReadOnlySpan<string>)[SegmentName.OffsetIndex, SegmentName.TimeIndex, SegmentName.Log])
            files.Open(System.IO.Path.Combine(directory, SegmentName.Of(baseOffset, suffix)), LogFileMode.CreateEmpty).Dispose();
        return new LogSegment(files, directory, baseOffset, new SegmentSizes(0, 0, 0, nowMs)) { _highestTimestampMs = -1 };
    }

    /// <summary>The log file for reading or writing; give it back with <see cref="Release"/>.</summary>
    public ILogFile Acquire() => _log.Acquire();

    public void Release() => _log.Release();

    /// <summary>Counts a batch that was written at the end: its index entries, if due, and its timestamp.</summary>
    public void Added(in StagedBatch batch, int indexIntervalBytes, long nowMs)
    {
        var position = _sizeBytes;
        if (position == 0) _firstTimestampMs = batch.MaxTimestampMs;
        if (batch.MaxTimestampMs > HighestTimestampMs) SetHighest(new(batch.MaxTimestampMs, batch.LastOffset));
        LastWriteMs = nowMs;
        // Before the indexes: whoever sees an entry also sees a size that covers its batch.
        Volatile.Write(ref _sizeBytes, position + batch.SizeBytes);
        AddToIndexes(batch, position, indexIntervalBytes, new(_highestTimestampMs, _highestTimestampOffset));
    }

    /// <summary>Cuts the file: batches from <paramref name="position"/> on are gone. Index entries of them too.</summary>
    public void Truncate(long position, Offset nextOffset)
    {
        var file = Acquire();
        try
        {
            Volatile.Write(ref _sizeBytes, position);
            Offsets.Truncate(nextOffset);
            Times.Truncate(nextOffset);
            file.SetLength(position);
            _bytesSinceIndexEntry = position - (Offsets.Last?.Position ?? 0);
            ReadTimestamps(file);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>
    /// Starts over with empty indexes and no bytes counted; <see cref="Added"/> follows for each batch in the file.
    /// </summary>
    public void Recount()
    {
        Volatile.Write(ref _sizeBytes, 0);
        ClearIndexes();
        SetHighest(TimestampOffset.None);
        _firstTimestampMs = -1;
    }

    /// <summary>Writes both indexes anew. Readers meanwhile find fewer entries and scan longer.</summary>
    public void RebuildIndexes(int indexIntervalBytes, bool isClosed)
    {
        var file = Acquire();
        try
        {
            ClearIndexes();
            Span<byte> buffer = stackalloc byte[BatchCursor.BufferBytes];
            var highest = TimestampOffset.None;
            var batches = new BatchCursor(file, 0, SizeBytes, buffer);
            while (batches.MoveNext())
            {
                var header = batches.Header;
                var batch = new StagedBatch(header.BaseOffset, header.LastOffset, header.MaxTimestampMs, (int)header.TotalBytes);
                if (batch.MaxTimestampMs > highest.TimestampMs) highest = new(batch.MaxTimestampMs, batch.LastOffset);
                AddToIndexes(batch, batches.Position, indexIntervalBytes, highest);
            }
            SetHighest(highest);
            if (isClosed) Seal();
        }
        finally
        {
            Release();
        }
    }

    /// <summary>
    /// Takes up a segment that was closed properly, to append to it: reads from the last index entry to the end.
    /// </summary>
    /// <returns>The offset after the last batch; <c>null</c>: log and indexes disagree, the segment must be recovered.</returns>
    public Offset? TryResume()
    {
        var file = Acquire();
        try
        {
            var end = file.LengthBytes;
            Volatile.Write(ref _sizeBytes, end);
            Span<byte> buffer = stackalloc byte[BatchCursor.BufferBytes];
            var batches = From(file, Offsets.Last, end, buffer);
            if (IndexesAreDoubted) return null;
            var start = batches.NextPosition;
            var next = BaseOffset;
            while (batches.MoveNext())
            {
                if (batches.Header.BaseOffset < next) return null;
                next = batches.Header.NextOffset;
            }
            if (batches.IsBroken) return null;
            _bytesSinceIndexEntry = end - start;
            ReadTimestamps(file);
            return next;
        }
        finally
        {
            Release();
        }
    }

    /// <summary>The last time-index entry of a closed segment is its highest timestamp.</summary>
    public void Seal()
    {
        if (HighestTimestampMs >= 0) Times.AppendIfLater(new(_highestTimestampMs, _highestTimestampOffset));
        Offsets.File.WriteOut();
        Times.File.WriteOut();
    }

    /// <summary>With the log flushed, recovery need not read the segment again.</summary>
    public void FlushIndexes()
    {
        Offsets.File.Flush();
        Times.File.Flush();
    }

    /// <summary>Takes the segment's files out of the partition's names; readers go on reading.</summary>
    public void RenameToDeleted()
    {
        foreach (var suffix in SegmentName.OfSegment)
        {
            var path = PathOf(suffix);
            if (_files.FileExists(path)) _files.Rename(path, path + SegmentName.Deleted);
        }
        _log.Renamed(PathOf(SegmentName.Log) + SegmentName.Deleted);
        Offsets.File.Renamed(PathOf(SegmentName.OffsetIndex) + SegmentName.Deleted);
        Times.File.Renamed(PathOf(SegmentName.TimeIndex) + SegmentName.Deleted);
    }

    /// <summary>Removes the renamed files.</summary>
    public void Unlink()
    {
        Dispose();
        foreach (var suffix in SegmentName.OfSegment) _files.DeleteFile(PathOf(suffix) + SegmentName.Deleted);
    }

    public void CloseIdleFiles()
    {
        _log.CloseIfIdle();
        Offsets.File.CloseIfIdle();
        Times.File.CloseIfIdle();
    }

    public void Dispose()
    {
        _log.Dispose();
        Offsets.File.Dispose();
        Times.File.Dispose();
    }

    public override string ToString() => Path;

    private string PathOf(string suffix) => System.IO.Path.Combine(_directory, SegmentName.Of(BaseOffset, suffix));

    private void AddToIndexes(in StagedBatch batch, long position, int intervalBytes, TimestampOffset highest)
    {
        if (_bytesSinceIndexEntry > intervalBytes)
        {
            Offsets.Append(batch.LastOffset, position);
            Times.AppendIfLater(highest);
            _bytesSinceIndexEntry = 0;
        }
        _bytesSinceIndexEntry += batch.SizeBytes;
    }

    private void ClearIndexes()
    {
        Offsets.File.Truncate(0);
        Times.File.Truncate(0);
        _bytesSinceIndexEntry = 0;
        Volatile.Write(ref _indexesAreDoubted, false);
    }

    private void Doubt() => Volatile.Write(ref _indexesAreDoubted, true);

    private void SetHighest(TimestampOffset highest)
    {
        _highestTimestampOffset = highest.Offset;
        Volatile.Write(ref _highestTimestampMs, highest.TimestampMs);
    }

}

/// <summary>What a listing of the folder says about a segment's files.</summary>
internal readonly record struct SegmentSizes(long LogBytes, long OffsetIndexBytes, long TimeIndexBytes, long LastWriteMs);

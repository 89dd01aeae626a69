using ActorBroker.Journal.Files;
using ActorBroker.Journal.Retention;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Journal.Segments;

/// <summary>One file of batches with its two indexes, named after its first offset. Written by one owner, read by any thread.</summary>
/// <remarks>
/// What lies below <see cref="SizeBytes"/> are whole batches with increasing offsets. Index entries are hints: each is checked
/// against the batch that it names, and one that disagrees is not used (see <see cref="IndexesAreDoubted"/>).
/// </remarks>
internal sealed class LogSegment : ISegmentFacts, IDisposable
{
    private const long NotLoaded = long.MinValue;

    private readonly ILogFileSystem _files;
    private readonly string _directory;
    private readonly SharedFile _log;
    private long _sizeBytes;
    private long _bytesSinceIndexEntry;
    private readonly long _createdMs;
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
        Offsets = new(new IndexFile(files, PathOf(SegmentName.OffsetIndex), OffsetIndex.EntryBytes, known.OffsetIndexBytes), baseOffset);
        Times = new(new IndexFile(files, PathOf(SegmentName.TimeIndex), TimeIndex.EntryBytes, known.TimeIndexBytes), baseOffset);
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

    /// <summary>A reader met an index entry that names no batch; the owner rebuilds the indexes when it next maintains the log.</summary>
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
        AddToIndexes(batch, position, indexIntervalBytes, new(_highestTimestampMs, _highestTimestampOffset));
        LastWriteMs = nowMs;
        Volatile.Write(ref _sizeBytes, position + batch.SizeBytes);
    }

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

    /// <summary>The first batch that ends at or after the offset.</summary>
    public bool TryFind(ILogFile file, Offset offset, long end, out BatchPlace place)
    {
        Span<byte> buffer = stackalloc byte[BatchCursor.BufferBytes];
        var batches = From(file, Offsets.AtOrBelow(offset), end, buffer);
        while (batches.MoveNext())
            if (batches.Header.LastOffset >= offset)
            {
                place = new(batches.Position, (int)batches.Header.TotalBytes, batches.Header.BaseOffset, batches.Header.LastOffset);
                return true;
            }
        place = default;
        return false;
    }

    /// <summary>Where the last batch ends that ends at or before <paramref name="limit"/>, going on from a known batch's end.</summary>
    public long LastBoundary(ILogFile file, long from, long limit, long end)
    {
        if (limit >= end) return end;
        Span<byte> buffer = stackalloc byte[BatchCursor.BufferBytes];
        var batches = new BatchCursor(file, from, end, buffer);
        if (Offsets.AtOrBefore(limit) is { } entry && entry.Position > from)
        {
            var hinted = From(file, entry, end, buffer);
            if (hinted.NextPosition > from) batches = hinted;
        }
        var boundary = batches.NextPosition;
        while (boundary < limit && batches.MoveNext() && batches.NextPosition <= limit) boundary = batches.NextPosition;
        return boundary;
    }

    /// <summary>The first batch with a record at or above the offset, and one (not always the same) at or above the timestamp.</summary>
    public bool TryFindTimestamp(ILogFile file, long timestampMs, Offset offset, long end, out BatchPlace place)
    {
        Span<byte> buffer = stackalloc byte[BatchCursor.BufferBytes];
        var start = 0L;
        if (Times.AtOrBelow(timestampMs) is { } entry && !IsTrue(file, entry, end, buffer, out start))
        {
            Doubt();
            start = 0;
        }
        var batches = new BatchCursor(file, start, end, buffer);
        while (batches.MoveNext())
            if (batches.Header.MaxTimestampMs >= timestampMs && batches.Header.LastOffset >= offset)
            {
                place = new(batches.Position, (int)batches.Header.TotalBytes, batches.Header.BaseOffset, batches.Header.LastOffset);
                return true;
            }
        place = default;
        return false;
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

    /// <summary>Starts over with empty indexes and no bytes counted; <see cref="Added"/> follows for each batch in the file.</summary>
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
                var batch = new StagedBatch(
                    batches.Header.BaseOffset, batches.Header.LastOffset, batches.Header.MaxTimestampMs, (int)batches.Header.TotalBytes);
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

    /// <summary>Scans from the entry's batch on if that is there as the entry says, else from the beginning.</summary>
    private BatchCursor From(ILogFile file, OffsetPosition? hint, long end, Span<byte> buffer)
    {
        if (hint is { } entry)
        {
            if (entry.Position >= 0)
            {
                var there = new BatchCursor(file, entry.Position, end, buffer);
                if (there.TryPeek(out var header) && header.LastOffset == entry.LastOffset) return there;
            }
            Doubt();
        }
        return new BatchCursor(file, 0, end, buffer);
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

    private void LoadTimestamps()
    {
        var file = Acquire();
        try
        {
            ReadTimestamps(file);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>
    /// Highest and first timestamp: the time index's last entry, if its batch agrees, and the batches behind the last
    /// offset entry, which no time entry covers.
    /// </summary>
    private void ReadTimestamps(ILogFile file)
    {
        Span<byte> buffer = stackalloc byte[BatchCursor.BufferBytes];
        var end = SizeBytes;
        var highest = TimestampOffset.None;
        var behind = new BatchCursor(file, 0, end, buffer);
        if (Times.Last is { } last)
        {
            if (IsTrue(file, last, end, buffer, out _))
            {
                highest = last;
                behind = From(file, Offsets.Last, end, buffer);
            }
            else
            {
                Doubt();
            }
        }
        while (behind.MoveNext())
            if (behind.Header.MaxTimestampMs > highest.TimestampMs) highest = new(behind.Header.MaxTimestampMs, behind.Header.LastOffset);
        SetHighest(highest);
        var first = new BatchCursor(file, 0, end, buffer);
        _firstTimestampMs = first.MoveNext() ? first.Header.MaxTimestampMs : -1;
    }

    /// <summary>Whether the batch that the entry names is there and has the entry's timestamp.</summary>
    private bool IsTrue(ILogFile file, TimestampOffset entry, long end, Span<byte> buffer, out long position)
    {
        position = 0;
        if (!TryFind(file, entry.Offset, end, out var named) || named.LastOffset != entry.Offset) return false;
        position = named.Position;
        var batch = new BatchCursor(file, named.Position, end, buffer);
        return batch.MoveNext() && batch.Header.MaxTimestampMs == entry.TimestampMs;
    }
}

/// <summary>What a listing of the folder says about a segment's files.</summary>
internal readonly record struct SegmentSizes(long LogBytes, long OffsetIndexBytes, long TimeIndexBytes, long LastWriteMs);

/// <summary>A batch in a segment's file.</summary>
internal readonly record struct BatchPlace(long Position, int SizeBytes, Offset BaseOffset, Offset LastOffset)
{
    public long EndPosition => Position + SizeBytes;
}

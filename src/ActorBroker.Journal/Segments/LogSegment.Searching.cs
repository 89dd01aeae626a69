using ActorBroker.Journal.Files;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Segments;

/// <summary>
/// Finding batches by offset, position and time: the index says where to start, at most one interval is scanned.
/// </summary>
internal sealed partial class LogSegment
{
    /// <summary>The first batch that ends at or after the offset.</summary>
    /// <exception cref="LogStorageException">Before it are bytes that are no batch.</exception>
    public bool TryFind(ILogFile file, Offset offset, long end, out BatchPlace place)
    {
        if (Find(file, offset, end, out place, out var brokenAt)) return true;
        ThrowIfBroken(brokenAt);
        return false;
    }

    /// <summary>Where the last batch ends that ends at or before a limit, going on from a known batch's end.</summary>
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

    /// <summary>
    /// The first batch with a record at or above the offset and one, not always the same, at or above the timestamp.
    /// </summary>
    public bool TryFindTimestamp(ILogFile file, long timestampMs, Offset offset, long end, out BatchPlace place)
    {
        Span<byte> buffer = stackalloc byte[BatchCursor.BufferBytes];
        var start = 0L;
        if (Times.AtOrBelow(timestampMs) is { } entry && !IsTrue(file, entry, buffer, out start))
        {
            Doubt();
            start = 0;
        }
        var batches = new BatchCursor(file, start, end, buffer);
        while (batches.MoveNext())
            if (batches.Header.MaxTimestampMs >= timestampMs && batches.Header.LastOffset >= offset)
            {
                place = BatchPlace.Of(batches);
                return true;
            }
        ThrowIfBroken(batches.IsBroken ? batches.NextPosition : null);
        place = default;
        return false;
    }

    private bool Find(ILogFile file, Offset offset, long end, out BatchPlace place, out long? brokenAt)
    {
        brokenAt = null;
        Span<byte> buffer = stackalloc byte[BatchCursor.BufferBytes];
        var batches = From(file, Offsets.AtOrBelow(offset), end, buffer);
        while (batches.MoveNext())
            if (batches.Header.LastOffset >= offset)
            {
                place = BatchPlace.Of(batches);
                return true;
            }
        if (batches.IsBroken) brokenAt = batches.NextPosition;
        place = default;
        return false;
    }

    /// <summary>Scans from the entry's batch on if that is there as the entry says, else from the beginning.</summary>
    private BatchCursor From(ILogFile file, OffsetPosition? hint, long end, Span<byte> buffer)
    {
        if (hint is { } entry)
        {
            // Written since the caller took the end: what is before that lies below the entry's offset.
            if (entry.Position >= end && entry.Position < SizeBytes) return new BatchCursor(file, end, end, buffer);
            if (entry.Position >= 0)
            {
                var there = new BatchCursor(file, entry.Position, end, buffer);
                if (there.TryPeek(out var header) && header.LastOffset == entry.LastOffset) return there;
            }
            Doubt();
        }
        return new BatchCursor(file, 0, end, buffer);
    }

    private void ThrowIfBroken(long? position)
    {
        if (position is not null)
            throw new LogStorageException(LogStorageFailure.Damaged, Path,
                $"{Path}: no batch at position {position}: the file is damaged. Restore it from a replica.");
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
            if (IsTrue(file, last, buffer, out _))
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
            if (behind.Header.MaxTimestampMs > highest.TimestampMs)
                highest = new(behind.Header.MaxTimestampMs, behind.Header.LastOffset);
        SetHighest(highest);
        var first = new BatchCursor(file, 0, end, buffer);
        _firstTimestampMs = first.MoveNext() ? first.Header.MaxTimestampMs : -1;
    }

    /// <summary>Whether the batch that the entry names is there and has the entry's timestamp.</summary>
    private bool IsTrue(ILogFile file, TimestampOffset entry, Span<byte> buffer, out long position)
    {
        position = 0;
        var end = SizeBytes;
        if (!Find(file, entry.Offset, end, out var named, out _) || named.LastOffset != entry.Offset) return false;
        position = named.Position;
        var batch = new BatchCursor(file, named.Position, end, buffer);
        return batch.MoveNext() && batch.Header.MaxTimestampMs == entry.TimestampMs;
    }
}

/// <summary>A batch in a segment's file.</summary>
internal readonly record struct BatchPlace(long Position, int SizeBytes, Offset BaseOffset, Offset LastOffset)
{
    public long EndPosition => Position + SizeBytes;

    /// <summary>The batch that a cursor is at.</summary>
    public static BatchPlace Of(in BatchCursor batches) => new(
        batches.Position, (int)batches.Header.TotalBytes, batches.Header.BaseOffset, batches.Header.LastOffset);
}

using System.Buffers;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Journal;

/// <summary>
/// Reading, from any thread: binary search over segments, then over the index, then a scan of at most one interval.
/// </summary>
public sealed partial class PartitionLog
{
    /// <summary>Bound on one batch's decompressed records when a timestamp is looked for.</summary>
    private const int MaxDecompressedBytes = 256 << 20;

    /// <summary>Finds the batches from an offset on, as a range of one segment's file.</summary>
    /// <param name="from">The first batch of the range holds it, or is the next behind it.</param>
    /// <param name="upTo">No batch with this or a later offset is in the range.</param>
    /// <param name="maxBytes">Bound on the range; only whole batches are in it.</param>
    /// <param name="minOneBatch">The first batch is in the range even if it alone is larger.</param>
    /// <param name="range">Dispose it. Empty where there is nothing (yet).</param>
    /// <returns><c>false</c>: the offset is before the log's start or after its end.</returns>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public bool TryRead(Offset from, Offset upTo, int maxBytes, bool minOneBatch, out LogRange range)
    {
        while (true)
        {
            var segments = Segments;
            // The active segment's size before the log's end: then no byte within the size has an offset beyond the end.
            var activeBytes = segments.Active.SizeBytes;
            var logEnd = LogEndOffset;
            if (from < LogStartOffset || from > logEnd)
            {
                range = LogRange.Empty(from);
                return false;
            }
            if (Find(segments, activeBytes, logEnd, from, upTo, maxBytes, minOneBatch, out var found))
            {
                range = found ?? LogRange.Empty(from);
                return true;
            }
            if (ReferenceEquals(segments, Segments)) throw new FileNotFoundException($"{Directory}: a segment file is missing.");
        }
    }

    /// <summary>Something lies behind the range already: waiting does not make it longer.</summary>
    public bool HasMoreBehind(LogRange range)
    {
        var active = Segments.Active;
        return range.SegmentOffset < active.BaseOffset || range.Position + range.LengthBytes < active.SizeBytes;
    }

    /// <summary>The first record whose timestamp is at or above the given one, for ListOffsets and offsets-for-times.</summary>
    /// <returns><c>null</c>: all records are older.</returns>
    public FoundRecord? OffsetForTimestamp(long timestampMs)
    {
        var segments = Segments;
        foreach (var segment in segments.All)
        {
            try
            {
                if (segment.HighestTimestampMs >= timestampMs && Search(segment, timestampMs) is { } found) return found;
            }
            catch (FileNotFoundException)
            {
                // Deleted meanwhile: its records are below the log's start.
            }
        }
        return null;
    }

    /// <summary>The record with the highest timestamp, the first of several (ListOffsets -3).</summary>
    public FoundRecord? RecordWithMaxTimestamp()
    {
        var highest = -1L;
        foreach (var segment in Segments.All) highest = Math.Max(highest, segment.HighestTimestampMs);
        return highest < 0 ? null : OffsetForTimestamp(highest);
    }

    /// <param name="range"><c>null</c>: nothing to read (yet).</param>
    /// <returns><c>false</c>: a segment was deleted since the list was read.</returns>
    private static bool Find(
        SegmentList segments, long activeBytes, Offset logEnd, Offset from, Offset upTo, int maxBytes, bool minOneBatch,
        out LogRange? range)
    {
        range = null;
        if (from >= upTo || from == logEnd) return true;
        for (var i = segments.IndexOf(from); i < segments.Count; i++)
        {
            var segment = segments.All[i];
            var isActive = i == segments.Count - 1;
            var segmentEnd = isActive ? logEnd : segments.All[i + 1].BaseOffset;
            var endPosition = isActive ? activeBytes : segment.SizeBytes;
            try
            {
                Offset? bound = upTo >= segmentEnd ? null : upTo;
                if (TryFind(segment, from, bound, endPosition, maxBytes, minOneBatch, out range)) return true;
            }
            catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return false;
            }
            // In a compacted log the segment may have no batch there, but the next one may.
            if (upTo <= segmentEnd) return true;
        }
        return true;
    }

    /// <returns><c>false</c>: the segment has no batch at or behind the offset.</returns>
    private static bool TryFind(
        LogSegment segment, Offset from, Offset? upTo, long end, int maxBytes, bool minOneBatch, out LogRange? range)
    {
        range = null;
        var file = segment.Acquire();
        try
        {
            if (!segment.TryFind(file, from, end, out var first)) return false;
            if (upTo is { } bound)
            {
                if (first.LastOffset >= bound) return true;
                if (segment.TryFind(file, bound, end, out var beyond)) end = beyond.Position;
            }
            var rangeEnd = end - first.Position <= maxBytes
                ? end
                : first.SizeBytes > maxBytes
                    ? (minOneBatch ? first.EndPosition : first.Position)
                    : segment.LastBoundary(file, first.EndPosition, first.Position + maxBytes, end);
            if (rangeEnd > first.Position)
                range = new LogRange(segment, file, first.Position, (int)(rangeEnd - first.Position), first.BaseOffset);
            return true;
        }
        finally
        {
            if (range is null) segment.Release();
        }
    }

    private FoundRecord? Search(LogSegment segment, long timestampMs)
    {
        var file = segment.Acquire();
        try
        {
            var end = segment.SizeBytes;
            var from = LogStartOffset;
            while (segment.TryFindTimestamp(file, timestampMs, from, end, out var place))
            {
                var bytes = ArrayPool<byte>.Shared.Rent(place.SizeBytes);
                try
                {
                    var batch = bytes.AsSpan(0, file.Read(bytes.AsSpan(0, place.SizeBytes), place.Position));
                    if (FirstRecord(batch, timestampMs, from) is { } found) return found;
                    from = place.LastOffset + 1;
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(bytes);
                }
            }
            return null;
        }
        finally
        {
            segment.Release();
        }
    }

    private static FoundRecord? FirstRecord(ReadOnlySpan<byte> batch, long timestampMs, Offset from)
    {
        if (!RecordBatchHeader.TryRead(batch, out var header)) return null;
        try
        {
            using var records = RecordBatchReader.Open(batch, MaxDecompressedBytes);
            foreach (var record in records)
                if (record.TimestampMs >= timestampMs && record.Offset >= from)
                    return new(record.Offset, record.TimestampMs, header.LeaderEpoch);
            return null;
        }
        catch (RecordFormatException)
        {
            // Not readable here; its consumer will find out. The batch is where the timestamp is.
            return new(Offset.Max(header.BaseOffset, from), header.MaxTimestampMs, header.LeaderEpoch);
        }
    }
}

/// <summary>A record by its time.</summary>
public readonly record struct FoundRecord(Offset Offset, long TimestampMs, Epoch LeaderEpoch);

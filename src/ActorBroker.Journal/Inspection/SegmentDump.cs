using System.Buffers.Binary;
using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Journal.Inspection;

/// <summary>Reads the files of a partition one by one, for people who want to see what is in them. Changes nothing.</summary>
public static class SegmentDump
{
    private const int TransactionEntryBytes = 34;

    /// <summary>The batches of a <c>.log</c>, up to the first bytes that cannot be one.</summary>
    public static IEnumerable<DumpedBatch> Batches(ILogFileSystem files, string path)
    {
        using var file = files.Open(path, LogFileMode.ReadExisting);
        var (end, position) = (file.LengthBytes, 0L);
        var start = new byte[RecordBatchHeader.SizeBytes];
        while (position < end)
        {
            var read = file.Read(start, position);
            if (!RecordBatchHeader.TryRead(start.AsSpan(0, read), out var header)
                || !BatchCursor.IsPlausible(header, end - position))
            {
                yield return new(position, default, [], IsValid: false);
                yield break;
            }
            var bytes = new byte[header.TotalBytes];
            file.Read(bytes, position);
            yield return new(position, header, bytes, header.Crc == RecordBatchHeader.ComputeCrc(bytes));
            position += header.TotalBytes;
        }
    }

    /// <summary>The entries of an <c>.index</c>, without the zeros of a preallocated one.</summary>
    public static IReadOnlyList<OffsetPosition> OffsetEntries(ILogFileSystem files, string path)
    {
        var baseOffset = BaseOffsetOf(path);
        return Entries(files, path, OffsetIndex.EntryBytes, entry => OffsetIndex.Decode(entry, baseOffset));
    }

    /// <summary>The entries of a <c>.timeindex</c>, without the zeros of a preallocated one.</summary>
    public static IReadOnlyList<TimestampOffset> TimeEntries(ILogFileSystem files, string path)
    {
        var baseOffset = BaseOffsetOf(path);
        return Entries(files, path, TimeIndex.EntryBytes, entry => TimeIndex.Decode(entry, baseOffset));
    }

    /// <summary>The entries of a <c>.txnindex</c>.</summary>
    public static IReadOnlyList<AbortedTransaction> AbortedTransactions(ILogFileSystem files, string path) =>
        Entries(files, path, TransactionEntryBytes, entry => new AbortedTransaction(
            BinaryPrimitives.ReadInt64BigEndian(entry[2..]),
            new(BinaryPrimitives.ReadInt64BigEndian(entry[10..])),
            new(BinaryPrimitives.ReadInt64BigEndian(entry[18..])),
            new(BinaryPrimitives.ReadInt64BigEndian(entry[26..]))));

    /// <summary>
    /// Entries of a segment's indexes, which lie beside its log, that name no batch or one with other values.
    /// </summary>
    public static IEnumerable<IndexMismatch> VerifyIndexes(ILogFileSystem files, string logPath)
    {
        var byPosition = new Dictionary<long, RecordBatchHeader>();
        var byLastOffset = new Dictionary<Offset, RecordBatchHeader>();
        foreach (var batch in Batches(files, logPath))
        {
            if (!batch.IsValid) break;
            byPosition[batch.Position] = byLastOffset[batch.Header.LastOffset] = batch.Header;
        }
        var offsets = Path.ChangeExtension(logPath, SegmentName.OffsetIndex);
        if (files.FileExists(offsets))
            foreach (var entry in OffsetEntries(files, offsets))
                if (!byPosition.TryGetValue(entry.Position, out var batch) || batch.LastOffset != entry.LastOffset)
                    yield return new(offsets, $"offset {entry.LastOffset} at position {entry.Position}");
        var times = Path.ChangeExtension(logPath, SegmentName.TimeIndex);
        if (files.FileExists(times))
            foreach (var entry in TimeEntries(files, times))
                if (!byLastOffset.TryGetValue(entry.Offset, out var batch) || batch.MaxTimestampMs != entry.TimestampMs)
                    yield return new(times, $"timestamp {entry.TimestampMs} at offset {entry.Offset}");
    }

    private delegate T Decode<T>(ReadOnlySpan<byte> entry);

    private static List<T> Entries<T>(ILogFileSystem files, string path, int entryBytes, Decode<T> decode)
    {
        ReadOnlySpan<byte> bytes = WholeFile.Read(files, path);
        var entries = new List<T>(bytes.Length / entryBytes);
        for (; bytes.Length >= entryBytes; bytes = bytes[entryBytes..])
        {
            var entry = bytes[..entryBytes];
            if (entries.Count > 0 && !entry.ContainsAnyExcept((byte)0)) break;
            entries.Add(decode(entry));
        }
        return entries;
    }

    private static Offset BaseOffsetOf(string path) => SegmentName.TryParse(Path.GetFileName(path), out var offset, out _)
        ? offset
        : throw new ArgumentException($"{path} is not named after an offset: 20 digits and a suffix are expected.", nameof(path));
}

/// <summary>A batch in a <c>.log</c> file.</summary>
/// <param name="Bytes">The whole batch; empty where there is none.</param>
/// <param name="IsValid">Length and CRC are right. Where the bytes cannot be a batch at all, nothing follows.</param>
public sealed record DumpedBatch(long Position, RecordBatchHeader Header, byte[] Bytes, bool IsValid);

/// <summary>An entry of a <c>.txnindex</c>.</summary>
/// <param name="LastOffset">The offset of its abort marker.</param>
/// <param name="LastStableOffset">As it was when the marker was written.</param>
public sealed record AbortedTransaction(long ProducerId, Offset FirstOffset, Offset LastOffset, Offset LastStableOffset);

/// <summary>An index entry that the log contradicts.</summary>
public sealed record IndexMismatch(string Path, string Entry);

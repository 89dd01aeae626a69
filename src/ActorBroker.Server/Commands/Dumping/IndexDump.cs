using System.Globalization;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Server.Commands.Dumping;

/// <summary>Writes out the entries of an index, and checks those of an offset index against the segment beside it.</summary>
internal static class IndexDump
{
    /// <returns><c>false</c>: an entry does not point to a batch that ends with its offset.</returns>
    public static bool WriteOffsets(Output output, string file)
    {
        var baseOffset = BaseOffsetOf(file);
        var log = Path.ChangeExtension(file, ".log");
        using var segment = File.Exists(log) ? File.OpenRead(log) : null;
        var isSound = true;
        foreach (var bytes in Entries(file, OffsetIndex.EntryBytes))
        {
            var entry = OffsetIndex.Decode(bytes, baseOffset);
            var found = segment is null ? null : LastOffsetAt(segment, entry.Position);
            var matches = segment is null || found == entry.LastOffset;
            isSound &= matches;
            output.Result(
                new { offset = entry.LastOffset.Value, position = entry.Position, matches },
                string.Create(CultureInfo.InvariantCulture, $"offset: {entry.LastOffset} position: {entry.Position}")
                + (matches ? "" : $" mismatch: the segment has {(found is { } offset ? $"a batch up to {offset}" : "no batch")} there"));
        }
        return isSound;
    }

    /// <returns><c>false</c>: the timestamps do not increase.</returns>
    public static bool WriteTimes(Output output, string file)
    {
        var baseOffset = BaseOffsetOf(file);
        var isSound = true;
        var last = long.MinValue;
        foreach (var bytes in Entries(file, TimeIndex.EntryBytes))
        {
            var entry = TimeIndex.Decode(bytes, baseOffset);
            var increases = entry.TimestampMs > last;
            isSound &= increases;
            last = entry.TimestampMs;
            output.Result(
                new { timestamp = entry.TimestampMs, offset = entry.Offset.Value, increases },
                string.Create(CultureInfo.InvariantCulture, $"timestamp: {entry.TimestampMs} offset: {entry.Offset}") + (increases ? "" : " not later than the one before"));
        }
        return isSound;
    }

    private static IEnumerable<byte[]> Entries(string file, int entryBytes)
    {
        using var index = File.OpenRead(file);
        var isFirst = true;
        while (true)
        {
            var entry = new byte[entryBytes];
            if (index.ReadAtLeast(entry, entryBytes, throwOnEndOfStream: false) < entryBytes) yield break;
            if (!isFirst && !entry.AsSpan().ContainsAnyExcept((byte)0)) yield break; // Kafka preallocates: the rest is zeros.
            isFirst = false;
            yield return entry;
        }
    }

    private static Offset? LastOffsetAt(FileStream segment, long position)
    {
        if (position < 0 || position >= segment.Length) return null;
        segment.Position = position;
        var bytes = new byte[RecordBatchHeader.SizeBytes];
        var read = segment.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return RecordBatchHeader.TryRead(bytes.AsSpan(0, read), out var header) ? header.LastOffset : null;
    }

    private static Offset BaseOffsetOf(string file) =>
        long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? new(offset)
            : throw new UsageException($"{file}: an index is named by the offset that its segment starts with");
}

using System.Buffers;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Journal.Recovery;

/// <summary>Reads a segment's whole file and says how much of it are valid batches: length, CRC and order of each.</summary>
internal static class SegmentScan
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Receives each valid batch, in order.</summary>
    public delegate void BatchSeen(in RecordBatchHeader batch);

    /// <param name="firstOffset">
    /// The segment's base: no batch may start below it, or end further away than an index entry can say.
    /// </param>
    /// <param name="firstEpoch">No batch may have a lower leader epoch.</param>
    public static ScanResult Run(ILogFile file, Offset firstOffset, Epoch firstEpoch, BatchSeen seen)
    {
        using var chunk = new ChunkReader(file, ChunkBytes);
        var (next, epoch) = (firstOffset, firstEpoch);
        var end = 0L;
        Pending? pending = null;
        for (var position = 0L; TryReadBatch(chunk, position, out var header) && header.LastOffset - firstOffset <= int.MaxValue;)
        {
            if (header.BaseOffset < next || header.LeaderEpoch < epoch)
            {
                // Offset and epoch are not covered by the CRC. Where two neighbours contradict each other, one of them is
                // damaged: the first, if it jumped ahead; in doubt both go.
                if (pending is { Jumped: true }) pending = null;
                break;
            }
            Accept(pending, ref end, seen);
            pending = new(header, header.BaseOffset > next || header.LeaderEpoch > epoch);
            (next, epoch) = (header.NextOffset, header.LeaderEpoch);
            position += header.TotalBytes;
        }
        Accept(pending, ref end, seen);
        return new(end, file.LengthBytes);
    }

    private static void Accept(Pending? pending, ref long end, BatchSeen seen)
    {
        if (pending is not { Header: var header }) return;
        end += header.TotalBytes;
        seen(header);
    }

    private static bool TryReadBatch(ChunkReader chunk, long position, out RecordBatchHeader header)
    {
        var start = chunk.At(position, RecordBatchHeader.SizeBytes);
        if (!RecordBatchHeader.TryRead(start, out header)) return false;
        if (!BatchCursor.IsPlausible(header, chunk.LengthBytes - position)) return false;
        var crc = 0u;
        for (long at = position + RecordBatchHeader.CrcCoversFrom, end = position + header.TotalBytes; at < end;)
        {
            var part = chunk.At(at, 1);
            if (part.IsEmpty) return false;
            if (part.Length > end - at) part = part[..(int)(end - at)];
            crc = Crc32C.Append(crc, part);
            at += part.Length;
        }
        return crc == header.Crc;
    }

    private readonly record struct Pending(RecordBatchHeader Header, bool Jumped);

    /// <summary>A window over a file that moves forward.</summary>
    private sealed class ChunkReader(ILogFile file, int chunkBytes) : IDisposable
    {
        private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(chunkBytes);
        private long _start;
        private int _count;

        public long LengthBytes { get; } = file.LengthBytes;

        /// <summary>
        /// What is at hand from the position on: at least <paramref name="atLeast"/> bytes, unless the file ends.
        /// </summary>
        public ReadOnlySpan<byte> At(long position, int atLeast)
        {
            var within = position - _start;
            if (within < 0 || within + atLeast > _count)
            {
                _start = position;
                _count = file.Read(_bytes, position);
                within = 0;
            }
            return _bytes.AsSpan((int)within, _count - (int)within);
        }

        public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
    }
}

/// <param name="ValidBytes">Where the last valid batch ends.</param>
internal readonly record struct ScanResult(long ValidBytes, long FileBytes)
{
    public bool IsWhole => ValidBytes == FileBytes;
}

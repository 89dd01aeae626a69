using System.Buffers.Binary;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Controller.Quorum;

/// <summary>
/// How far a voter's log was flushed, in a file beside the log: a log that ends earlier has lost what the voter has acknowledged.
/// The log alone can't tell that: its own recovery cuts what it can't read, as a crash may have left it half written.
/// </summary>
/// <remarks>
/// Two slots are written in turn, so that a crash leaves one of them. A mark is written after the flush that it tells of, and not
/// flushed itself: it may say too little after a power cut (by what the kernel had not written yet, half a minute at most), and
/// never too much. Only where the log is to end earlier, the lower mark is flushed first.
/// </remarks>
internal sealed class FlushedMark : IDisposable
{
    /// <summary>Count of writes, offset, CRC-32C of both.</summary>
    private const int SlotBytes = sizeof(long) + sizeof(long) + sizeof(uint);

    private readonly ILogFile _file;
    private long _writes;

    private FlushedMark(ILogFile file) => _file = file;

    /// <summary>What was marked last; zero: nothing.</summary>
    public Offset End { get; private set; }

    public static FlushedMark Open(ILogFileSystem files, string path)
    {
        var mark = new FlushedMark(files.Open(path, LogFileMode.OpenOrCreate));
        Span<byte> slots = stackalloc byte[2 * SlotBytes];
        var read = mark._file.Read(slots, 0);
        for (var at = 0; at + SlotBytes <= read; at += SlotBytes)
        {
            var slot = slots.Slice(at, SlotBytes);
            if (Crc32C.Compute(slot[..^sizeof(uint)]) != BinaryPrimitives.ReadUInt32BigEndian(slot[^sizeof(uint)..])) continue;
            var writes = BinaryPrimitives.ReadInt64BigEndian(slot);
            if (writes > mark._writes)
                (mark._writes, mark.End) = (writes, new Offset(BinaryPrimitives.ReadInt64BigEndian(slot[sizeof(long)..])));
        }
        return mark;
    }

    /// <summary>All before <paramref name="end"/> is flushed.</summary>
    public void Raise(Offset end)
    {
        if (end > End) Write(end);
    }

    /// <summary>The log is about to end at <paramref name="end"/>.</summary>
    public void Lower(Offset end)
    {
        if (end >= End) return;
        Write(end);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    private void Write(Offset end)
    {
        Span<byte> slot = stackalloc byte[SlotBytes];
        BinaryPrimitives.WriteInt64BigEndian(slot, ++_writes);
        BinaryPrimitives.WriteInt64BigEndian(slot[sizeof(long)..], end.Value);
        BinaryPrimitives.WriteUInt32BigEndian(slot[^sizeof(uint)..], Crc32C.Compute(slot[..^sizeof(uint)]));
        _file.Write(slot, _writes % 2 * SlotBytes);
        End = end;
    }
}

using System.Buffers;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Journal.Segments;

/// <summary>
/// Whole batches that lie one behind the other in one segment file, to be sent or read from any thread. It keeps the file
/// open until it is disposed, even if the segment is deleted meanwhile.
/// </summary>
public sealed class LogRange : IDisposable
{
    private const int LoadBytes = 256 << 10;

    private LogSegment? _segment;

    internal LogRange(LogSegment segment, ILogFile file, long position, int lengthBytes, Offset firstOffset)
    {
        _segment = segment;
        File = file;
        Position = position;
        LengthBytes = lengthBytes;
        FirstOffset = firstOffset;
        SegmentOffset = segment.BaseOffset;
    }

    private LogRange(Offset at)
    {
        File = NoFile.Instance;
        FirstOffset = SegmentOffset = at;
    }

    public ILogFile File { get; }

    /// <summary>For <c>sendfile</c>; <c>null</c> in memory.</summary>
    public SafeFileHandle? Handle => File.Handle;

    /// <summary>Where in the file the first batch begins.</summary>
    public long Position { get; }

    public int LengthBytes { get; }

    public bool IsEmpty => LengthBytes == 0;

    /// <summary>
    /// The first batch's base offset. It may lie before the offset that was asked for: batches are served whole.
    /// </summary>
    public Offset FirstOffset { get; }

    /// <summary>
    /// The segment's base offset: ranges of an older segment than the last are complete however few bytes they have.
    /// </summary>
    public Offset SegmentOffset { get; }

    /// <summary>Reading it waits for no disk, as far as its first and its last byte tell.</summary>
    public bool IsInMemory =>
        IsEmpty || Handle is not { } handle
            || (UnixCalls.IsInMemory(handle, Position) && UnixCalls.IsInMemory(handle, Position + LengthBytes - 1));

    /// <summary>Reads all of it into the page cache, on a thread that may wait.</summary>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public void Load()
    {
        var scratch = ArrayPool<byte>.Shared.Rent(LoadBytes);
        try
        {
            for (var start = 0; start < LengthBytes;)
            {
                var count = Read(scratch, start);
                if (count == 0) return;
                start += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    internal static LogRange Empty(Offset at) => new(at);

    /// <summary>Copies bytes from <paramref name="start"/> within the range on.</summary>
    /// <returns>How many; fewer than the buffer holds only at the range's end.</returns>
    public int Read(Span<byte> buffer, int start = 0)
    {
        var count = Math.Min(buffer.Length, LengthBytes - start);
        return count <= 0 ? 0 : File.Read(buffer[..count], Position + start);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[LengthBytes];
        return bytes.AsSpan(0, Read(bytes)).ToArray();
    }

    /// <summary>Gives the file back. More than once does no harm.</summary>
    public void Dispose() => Interlocked.Exchange(ref _segment, null)?.Release();

    private sealed class NoFile : ILogFile
    {
        public static readonly NoFile Instance = new();

        public SafeFileHandle? Handle => null;

        public long LengthBytes => 0;

        public int Read(Span<byte> buffer, long position) => 0;

        public void Write(ReadOnlySpan<byte> bytes, long position) => throw new NotSupportedException();

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position) => throw new NotSupportedException();

        public void SetLength(long lengthBytes) => throw new NotSupportedException();

        public void StartFlush()
        {
        }

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}

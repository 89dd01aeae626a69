using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Journal.Files;

/// <summary>A file's bytes in memory, in blocks, so that it grows without copying. One writer; readers need no lock.</summary>
internal sealed class MemoryFile(TimeProvider clock) : ILogFile
{
    private const int BlockBytes = 16 * 1024;

    private byte[]?[] _blocks = [];
    private long _lengthBytes;

    public SafeFileHandle? Handle => null;

    public long LengthBytes => Volatile.Read(ref _lengthBytes);

    public long LastWriteMs { get; private set; } = clock.GetUtcNow().ToUnixTimeMilliseconds();

    public int Read(Span<byte> buffer, long position)
    {
        var length = (int)Math.Clamp(LengthBytes - position, 0, buffer.Length);
        var blocks = Volatile.Read(ref _blocks);
        for (var done = 0; done < length;)
        {
            var (index, within) = Place(position + done);
            var part = buffer[done..length];
            if (part.Length > BlockBytes - within) part = part[..(BlockBytes - within)];
            if (blocks[index] is { } block) block.AsSpan(within, part.Length).CopyTo(part);
            else part.Clear();
            done += part.Length;
        }
        return length;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        Reserve(position + bytes.Length);
        var next = position;
        for (var rest = bytes; !rest.IsEmpty;)
        {
            var (index, within) = Place(next);
            var block = _blocks[index] ??= new byte[BlockBytes];
            var count = Math.Min(rest.Length, BlockBytes - within);
            rest[..count].CopyTo(block.AsSpan(within));
            rest = rest[count..];
            next += count;
        }
        LastWriteMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (next > _lengthBytes) Volatile.Write(ref _lengthBytes, next);
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
    {
        for (var i = 0; i < buffers.Count; i++)
        {
            Write(buffers[i].Span, position);
            position += buffers[i].Length;
        }
    }

    public void SetLength(long lengthBytes)
    {
        if (lengthBytes < _lengthBytes)
        {
            // What is cut must read as zeros if the file grows over it again.
            var (index, within) = Place(lengthBytes);
            if (index < _blocks.Length) _blocks[index].AsSpan(within).Clear();
            for (var i = index + 1; i < _blocks.Length; i++) _blocks[i] = null;
        }
        Reserve(lengthBytes);
        Volatile.Write(ref _lengthBytes, lengthBytes);
    }

    public void StartFlush()
    {
    }

    public void Flush()
    {
    }

    /// <summary>A file in memory lives as long as someone refers to it.</summary>
    public void Dispose()
    {
    }

    public byte[] ToArray()
    {
        var bytes = new byte[LengthBytes];
        Read(bytes, 0);
        return bytes;
    }

    private void Reserve(long lengthBytes)
    {
        var needed = (int)((lengthBytes + BlockBytes - 1) / BlockBytes);
        if (needed <= _blocks.Length) return;
        var larger = new byte[]?[Math.Max(needed, Math.Min(_blocks.Length * 2, _blocks.Length + 4096))];
        _blocks.CopyTo(larger, 0);
        Volatile.Write(ref _blocks, larger);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Index, int Within) Place(long position) => ((int)(position / BlockBytes), (int)(position % BlockBytes));
}

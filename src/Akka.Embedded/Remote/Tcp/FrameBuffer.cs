using System.Buffers;
using System.Buffers.Binary;

namespace Akka.Remote.Tcp;

/// <summary>Bytes as they come from a stream, cut into frames without a copy.</summary>
/// <remarks>The buffer starts small, grows with what comes, and holds one frame of any allowed length.</remarks>
internal sealed class FrameBuffer(int maxFrameBytes) : IDisposable
{
    private const int LengthBytes = sizeof(int);
    private const int StartBytes = 8 * 1024;
    private const int BusyBytes = 256 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(StartBytes);
    private int _start;
    private int _end;

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_start == _end) _start = _end = 0;
            else if (_end == _bytes.Length || _start > _bytes.Length / 2) MoveToFront();
            if (_end == _bytes.Length) Grow(_bytes.Length * 2);
            return _bytes.AsMemory(_end);
        }
    }

    /// <summary>That many bytes have been put into <see cref="Free"/>.</summary>
    public void Filled(int count)
    {
        _end += count;
        // There is more than fits: fewer, larger reads are cheaper.
        if (_end == _bytes.Length && _bytes.Length < BusyBytes) Grow(_bytes.Length * 2);
    }

    /// <summary>Takes the next whole frame; it is valid until <see cref="Free"/> is used again.</summary>
    /// <exception cref="InvalidDataException">Its length is not allowed.</exception>
    public bool TryCut(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (_end - _start < LengthBytes) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(_start));
        if (length < 0 || length > maxFrameBytes - LengthBytes)
            throw new InvalidDataException($"it sent a frame of {(uint)length} bytes, and"
                + $" akka.remote.dot-netty.tcp.maximum-frame-size is {maxFrameBytes}");
        var whole = LengthBytes + length;
        if (_end - _start < whole)
        {
            if (whole > _bytes.Length) Grow(whole);
            return false;
        }
        frame = _bytes.AsMemory(_start + LengthBytes, length);
        _start += whole;
        return true;
    }

    public void Dispose()
    {
        var bytes = Interlocked.Exchange(ref _bytes, []); // Never given back twice: two would use it then.
        _start = _end = 0;
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
    }

    private void MoveToFront()
    {
        _bytes.AsSpan(_start.._end).CopyTo(_bytes);
        _end -= _start;
        _start = 0;
    }

    private void Grow(int atLeast)
    {
        var larger = ArrayPool<byte>.Shared.Rent(atLeast);
        _bytes.AsSpan(_start.._end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
        _end -= _start;
        _start = 0;
    }
}

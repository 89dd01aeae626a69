using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ActorBroker.Kafka.Sockets;

/// <summary>
/// Cuts a socket's bytes into frames (a 4-byte size, then that many bytes) without copying them. One owner, not thread-safe.
/// </summary>
/// <remarks>
/// Small frames are received many at a time: the buffer is small while little comes, so that thousands of idle connections
/// cost little, and large while small frames stream in. A large frame gets a buffer of its own, and exactly its rest is received
/// into it. A buffer larger than <see cref="GrowthStep"/> is only taken as the bytes for it arrive: a size alone costs no memory.
/// </remarks>
internal sealed class FrameReader(ClientSocket socket, SocketBufferPool pool, int maxFrameBytes) : IDisposable
{
    private const int SizeBytes = sizeof(int);

    /// <summary>What a connection keeps while nothing comes.</summary>
    private const int RestingBytes = SocketBufferPool.Smallest;

    /// <summary>While many small frames come.</summary>
    private const int FlowingBytes = 256 << 10;

    /// <summary>From this size on a frame is received by itself.</summary>
    private const int LargeFrameBytes = 32 << 10;

    private const int GrowthStep = 1 << 20;

    /// <summary>With less room than this a frame whose size is unknown starts in another buffer.</summary>
    private const int MinFrameRoom = 1 << 10;

    private SocketBuffer _buffer = pool.Rent(RestingBytes);
    private int _start; // Of the first byte that is not taken yet.
    private int _end; // Of what was received.
    private bool _flowing;

    /// <summary>The next frame, if it is here as a whole; the caller releases it.</summary>
    /// <exception cref="FrameException">Its size is no size, or above the limit.</exception>
    public bool TryTake(out Frame frame)
    {
        frame = default;
        if (_end - _start < SizeBytes) return false;
        var size = Size();
        if (_end - _start - SizeBytes < size) return false;
        _buffer.Hold();
        frame = new Frame(_buffer, _start + SizeBytes, size);
        _start += SizeBytes + size;
        return true;
    }

    /// <summary>Waits for more bytes, after <see cref="TryTake"/> had no frame.</summary>
    /// <returns><c>false</c>: the client closed the connection.</returns>
    /// <exception cref="FrameException">It closed it in the middle of a frame.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReceiveAsync()
    {
        if (_flowing && _start == _end)
        {
            // Wait without a large buffer: it may take long.
            UseBuffer(RestingBytes);
            await socket.ReceiveAsync(Memory<byte>.Empty).ConfigureAwait(false);
        }
        if (IsLargeFrameNext() && _buffer.Admitted == 0) await AdmitAsync().ConfigureAwait(false);
        var room = MakeRoom();
        var received = await socket.ReceiveAsync(room).ConfigureAwait(false);
        if (received == 0)
            return _start == _end
                ? false : throw new FrameException($"closed in the middle of a request, after {_end - _start} bytes of it");
        _end += received;
        _flowing = received >= RestingBytes && !IsLargeFrameNext();
        return true;
    }

    public void Dispose() => _buffer.Release();

    private int Size()
    {
        var size = BinaryPrimitives.ReadInt32BigEndian(_buffer.Bytes.AsSpan(_start));
        if (size < 0) throw new FrameException($"request size {size} is negative");
        return size <= maxFrameBytes ? size
            : throw new FrameException($"request size {size} is above socket.request.max.bytes = {maxFrameBytes}");
    }

    private bool IsLargeFrameNext() => _end - _start >= SizeBytes && Size() >= LargeFrameBytes;

    /// <summary>Where to receive: the rest of a large frame, or as much as fits.</summary>
    private Memory<byte> MakeRoom()
    {
        if (IsLargeFrameNext())
        {
            var frameBytes = SizeBytes + Size();
            var room = _buffer.Capacity - _start;
            if (room < Math.Min(frameBytes, GrowthStep) || (_end == _buffer.Capacity && room < frameBytes))
                UseBuffer((int)Math.Min(frameBytes, Math.Max(GrowthStep, 4L * (_end - _start))));
            return _buffer.Bytes.AsMemory(_end, Math.Min(_start + frameBytes, _buffer.Capacity) - _end);
        }
        var wanted = _flowing ? FlowingBytes : RestingBytes;
        if (_buffer.Capacity < wanted || (_start == _end && _buffer.Capacity > wanted)) UseBuffer(wanted);
        else if (_start == _end && _buffer.IsHeldOnce) _start = _end = 0;
        else if (_buffer.Capacity - _start < SmallFrameBytes()) UseBuffer(Math.Max(wanted, SmallFrameBytes()));
        return _buffer.Bytes.AsMemory(_end);
    }

    /// <summary>The whole of the small frame that is next, as far as its size is known.</summary>
    private int SmallFrameBytes() => SizeBytes + (_end - _start < SizeBytes ? MinFrameRoom : Size());

    /// <summary>Waits until the requests in memory leave room for the large frame that is next.</summary>
    private async ValueTask AdmitAsync()
    {
        var bytes = SizeBytes + Size();
        await pool.Requests.TakeAsync(bytes).ConfigureAwait(false);
        UseBuffer(Math.Min(bytes, GrowthStep));
        _buffer.Admitted = bytes;
    }

    /// <summary>Goes on in another buffer, with the part of a frame that is here.</summary>
    private void UseBuffer(int capacity)
    {
        var have = _end - _start;
        if (have == 0 && _buffer.IsHeldOnce && _buffer.Capacity == capacity)
        {
            _start = _end = 0;
            return;
        }
        var next = pool.Rent(Math.Max(capacity, have + 1));
        _buffer.Bytes.AsSpan(_start, have).CopyTo(next.Bytes);
        if (have > 0) (next.Admitted, _buffer.Admitted) = (_buffer.Admitted, next.Admitted); // Of the frame that moves.
        _buffer.Release();
        (_buffer, _start, _end) = (next, 0, have);
    }
}

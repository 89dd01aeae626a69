using ActorBroker.Journal.Segments;

namespace ActorBroker.Kafka.Sockets;

/// <summary>
/// Where a handler sends an answer itself, because it does not fit into one buffer: the records of a Fetch. Small pieces are
/// gathered and sent together; file ranges are read into the same buffer. One writer at a time.
/// </summary>
internal sealed class ResponseStream(ClientSocket socket, SocketBufferPool buffers)
{
    /// <summary>Read and sent at once: within 10 % of <c>sendfile</c>, which larger pieces do not improve.</summary>
    private const int ChunkBytes = 256 << 10;

    private SocketBuffer? _buffer;
    private int _length;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var count = Math.Min(bytes.Length, Room.Length);
            bytes[..count].CopyTo(Room);
            bytes = bytes[count..];
            _length += count;
            if (Room.IsEmpty) await FlushAsync().ConfigureAwait(false);
        }
    }

    /// <exception cref="IOException">The file has fewer bytes than the range says; the response cannot be completed.</exception>
    public async ValueTask WriteAsync(LogRange range)
    {
        if (socket.SendsFrom(range))
        {
            await FlushAsync().ConfigureAwait(false);
            await socket.SendAsync(range).ConfigureAwait(false);
            return;
        }
        for (var read = 0; read < range.LengthBytes;)
        {
            var count = range.Read(Room.Span, read);
            if (count == 0)
                throw new EndOfStreamException($"{range.LengthBytes - read} bytes are missing at the end of a segment");
            read += count;
            _length += count;
            if (Room.IsEmpty) await FlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Returns when the kernel has taken all that was written.</summary>
    public async ValueTask FlushAsync()
    {
        if (_length == 0) return;
        await socket.SendAllAsync(_buffer!.Bytes.AsMemory(0, _length)).ConfigureAwait(false);
        _length = 0;
    }

    /// <summary>Gives the buffer back, after the last flush or a failure.</summary>
    public void Reset()
    {
        _buffer?.Release();
        _buffer = null;
        _length = 0;
    }

    private Memory<byte> Room => (_buffer ??= buffers.Rent(ChunkBytes)).Bytes.AsMemory(_length);
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ActorBroker.Benchmarks.Sockets;

/// <summary>A blocking client socket that sends and receives length-prefixed frames.</summary>
internal sealed class FrameSocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[4 << 10];

    public FrameSocket(int port) => _socket.Connect(IPAddress.Loopback, port);

    public void Send(ReadOnlySpan<byte> frame)
    {
        while (!frame.IsEmpty) frame = frame[_socket.Send(frame)..];
    }

    /// <summary>The next frame without its size. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Receive()
    {
        Fill(4);
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer);
        if (length > _buffer.Length) _buffer = new byte[length];
        Fill(length);
        return _buffer.AsMemory(0, length);
    }

    public void Dispose() => _socket.Dispose();

    private void Fill(int count)
    {
        for (var filled = 0; filled < count;)
        {
            var read = _socket.Receive(_buffer.AsSpan(filled, count - filled));
            if (read == 0) throw new EndOfStreamException("the server closed the connection");
            filled += read;
        }
    }
}

using System.Net.Sockets;
using ActorBroker.Journal.Segments;

namespace ActorBroker.Kafka.Sockets;

/// <summary>The bytes of one connection, both ways: a TCP socket, or what a simulator has in its place. One reader and one writer
/// at a time; <see cref="Dispose"/> may be called by any thread, and ends what both wait for.</summary>
internal abstract class ClientSocket : IDisposable
{
    /// <returns>How many bytes came; 0: the other side has closed. An empty buffer waits until there are some.</returns>
    /// <exception cref="SocketException">The connection is broken, or was disposed; also
    /// <see cref="ObjectDisposedException"/>.</exception>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Returns when the system has taken all bytes.</summary>
    /// <inheritdoc cref="ReceiveAsync"/>
    public abstract ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Can it send this range from the file by itself, and is that worth it?</summary>
    public virtual bool SendsFrom(LogRange range) => false;

    /// <summary>Sends a range that <see cref="SendsFrom"/> suits.</summary>
    /// <exception cref="SocketException">The connection is closed.</exception>
    public virtual ValueTask SendAsync(LogRange range) => throw new NotSupportedException("It has no files.");

    public abstract void Dispose();
}

/// <summary>A connection over TCP. Owns its socket.</summary>
internal sealed class TcpClientSocket(Socket socket) : ClientSocket
{
    private FileSending? _files;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    public override ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes) => socket.SendAllAsync(bytes);

    public override bool SendsFrom(LogRange range) => FileSending.Suits(range);

    public override ValueTask SendAsync(LogRange range) => (_files ??= new FileSending(socket)).SendAsync(range);

    public override void Dispose() => socket.Dispose();
}

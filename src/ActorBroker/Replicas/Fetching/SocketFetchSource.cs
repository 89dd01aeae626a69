using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using ActorBroker.Core.Metadata;
using ActorBroker.Kafka.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Replicas.Fetching;

/// <summary>Opens a connection to a listener.</summary>
internal delegate Task<ClientSocket> Dial(string host, int port, CancellationToken cancellation);

/// <summary>Opens a socket to a broker's listener.</summary>
/// <param name="dial">Connects; null: over TCP.</param>
internal sealed class SocketFetchSources(FetchOptions options, TimeProvider time, Dial? dial = null) : IFetchSources
{
    public IFetchSource Open(BrokerEndpoint broker) => new SocketFetchSource(broker, options, time, dial ?? ConnectAsync);

    private async Task<ClientSocket> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (options.ReceiveBufferBytes is { } bytes) socket.ReceiveBufferSize = bytes;
            await socket.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
            return new TcpClientSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A Kafka client that can only fetch: one connection, one request at a time.</summary>
internal sealed class SocketFetchSource(BrokerEndpoint broker, FetchOptions options, TimeProvider time, Dial dial) : IFetchSource
{
    /// <summary>Topics by id, and the follower's broker epoch. Brokers of one cluster all know it.</summary>
    private const short Version = 17;

    private readonly CancellationTokenSource _closed = new();
    private ClientSocket? _socket;
    private int _correlationId;

    public async Task<Fetched> FetchAsync(FetchRequest request)
    {
        using var limit = new CancellationTokenSource(options.SocketTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _closed.Token);
        ClientSocket? socket = null;
        try
        {
            // A broker on all interfaces that names none can only be one on this machine.
            var host = broker.Host.Length > 0 ? broker.Host : "localhost";
            socket = _socket ??= await dial(host, broker.Port, either.Token).ConfigureAwait(false);
            using (either.Token.UnsafeRegister(static socket => ((ClientSocket)socket!).Dispose(), socket))
            {
                await SendAsync(socket, request).ConfigureAwait(false);
                return await ReceiveAsync(socket).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException or WireException
            or IOException)
        {
            _socket?.Dispose(); // What comes next on it may be the answer that was given up.
            _socket = null;
            var why = either.IsCancellationRequested ? "no answer in time" : e.Message;
            throw new IOException($"Broker at {broker.Host}:{broker.Port}: {why}", e);
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _socket?.Dispose();
    }

    private async Task SendAsync(ClientSocket socket, FetchRequest request)
    {
        using var wire = new WireWriter();
        var frame = wire.BeginFrame();
        RequestHeader.Write(wire, ApiKey.Fetch, Version, ++_correlationId, options.ClientId);
        request.Write(wire, Version);
        wire.EndFrame(frame);
        await socket.SendAllAsync(wire.WrittenMemory).ConfigureAwait(false);
    }

    private async Task<Fetched> ReceiveAsync(ClientSocket socket)
    {
        var size = new byte[sizeof(int)];
        await ReceiveExactlyAsync(socket, size).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length < sizeof(int) || length > options.MaxFrameBytes)
            throw new IOException($"an answer of {length} bytes is none of a broker");
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        var isKept = false;
        try
        {
            await ReceiveExactlyAsync(socket, bytes.AsMemory(0, length)).ConfigureAwait(false);
            var frame = new FetchedFrame(bytes, length);
            var response = Read(frame.Bytes);
            isKept = true;
            return new Fetched(response, frame);
        }
        finally
        {
            if (!isKept) ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private FetchResponse Read(ReadOnlyMemory<byte> frame)
    {
        var wire = new WireReader(frame);
        var correlationId = ResponseHeader.Read(ref wire, ApiKey.Fetch, Version);
        if (correlationId != _correlationId) throw new WireException($"Answer {correlationId} to request {_correlationId}.");
        return FetchResponse.Read(ref wire, Version);
    }

    private static async ValueTask ReceiveExactlyAsync(ClientSocket socket, Memory<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var received = await socket.ReceiveAsync(buffer).ConfigureAwait(false);
            if (received == 0) throw new IOException("it closed the connection");
            buffer = buffer[received..];
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Replicas.Fetching;

/// <summary>Opens a socket to a broker's listener.</summary>
internal sealed class SocketFetchSources(FetchOptions options, TimeProvider time) : IFetchSources
{
    public IFetchSource Open(BrokerEndpoint broker) => new SocketFetchSource(broker, options, time);
}

/// <summary>A Kafka client that can only fetch: one connection, one request at a time.</summary>
internal sealed class SocketFetchSource(BrokerEndpoint broker, FetchOptions options, TimeProvider time) : IFetchSource
{
    /// <summary>Topics by id, and the follower's broker epoch. Brokers of one cluster all know it.</summary>
    private const short Version = 17;

    private readonly CancellationTokenSource _closed = new();
    private Socket? _socket;
    private int _correlationId;

    public async Task<Fetched> FetchAsync(FetchRequest request)
    {
        using var limit = new CancellationTokenSource(options.SocketTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _closed.Token);
        try
        {
            var socket = _socket ??= await ConnectAsync(either.Token).ConfigureAwait(false);
            await SendAsync(socket, request, either.Token).ConfigureAwait(false);
            return await ReceiveAsync(socket, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException or WireException
            or IOException)
        {
            _socket?.Dispose(); // What comes next on it may be the answer that was given up.
            _socket = null;
            var why = e is OperationCanceledException ? "no answer in time" : e.Message;
            throw new IOException($"Broker at {broker.Host}:{broker.Port}: {why}", e);
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _socket?.Dispose();
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (options.ReceiveBufferBytes is { } bytes) socket.ReceiveBufferSize = bytes;
            // A broker on all interfaces that names none can only be one on this machine.
            var host = broker.Host.Length > 0 ? broker.Host : "localhost";
            await socket.ConnectAsync(host, broker.Port, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task SendAsync(Socket socket, FetchRequest request, CancellationToken cancellation)
    {
        using var wire = new WireWriter();
        var frame = wire.BeginFrame();
        RequestHeader.Write(wire, ApiKey.Fetch, Version, ++_correlationId, options.ClientId);
        request.Write(wire, Version);
        wire.EndFrame(frame);
        for (var rest = wire.WrittenMemory; rest.Length > 0;)
            rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancellation).ConfigureAwait(false)..];
    }

    private async Task<Fetched> ReceiveAsync(Socket socket, CancellationToken cancellation)
    {
        var size = new byte[sizeof(int)];
        await ReceiveExactlyAsync(socket, size, cancellation).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length < sizeof(int) || length > options.MaxFrameBytes)
            throw new IOException($"an answer of {length} bytes is none of a broker");
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        var isKept = false;
        try
        {
            await ReceiveExactlyAsync(socket, bytes.AsMemory(0, length), cancellation).ConfigureAwait(false);
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

    private static async ValueTask ReceiveExactlyAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellation)
    {
        while (buffer.Length > 0)
        {
            var received = await socket.ReceiveAsync(buffer, SocketFlags.None, cancellation).ConfigureAwait(false);
            if (received == 0) throw new IOException("it closed the connection");
            buffer = buffer[received..];
        }
    }
}

using System.Buffers.Binary;
using System.Net.Sockets;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Simulation.Network;
using Akka.Embedded.Simulation;

namespace ActorBroker.Simulation.Clients;

/// <summary>A client's connection to one broker. Requests may be sent before earlier ones are answered.</summary>
internal sealed class Link : IDisposable
{
    private readonly SimulatedNode _node;
    private readonly SimulatedSocket _socket;
    private readonly Dictionary<int, TaskCompletionSource<byte[]>> _unanswered = [];
    private Task _sent = Task.CompletedTask;
    private int _lastCorrelation;

    private Link(SimulatedNode node, SimulatedSocket socket)
    {
        (_node, _socket) = (node, socket);
        _ = ReceiveAllAsync();
    }

    public bool IsClosed { get; private set; }

    /// <exception cref="IOException">Nobody there, or not in time.</exception>
    public static async Task<Link> ConnectAsync(SimulatedNode node, string host, int port, TimeSpan timeout)
    {
        using var limit = new CancellationTokenSource(timeout, node.Time);
        try
        {
            return new Link(node, new SimulatedSocket(node, await node.ConnectAsync(host, port, limit.Token)));
        }
        catch (OperationCanceledException e)
        {
            throw new IOException($"{host}:{port} can't be reached.", e);
        }
    }

    /// <exception cref="IOException">The connection broke, or the answer did not come in time; the link is closed
    /// then.</exception>
    public async Task<TResponse> AskAsync<TRequest, TResponse>(IRequest<TRequest, TResponse> request, short version, TimeSpan timeout)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        if (IsClosed) throw new IOException("The link is closed.");
        var correlation = ++_lastCorrelation;
        var answer = new TaskCompletionSource<byte[]>();
        _unanswered.Add(correlation, answer);
        _sent = SendAsync(_sent, FrameOf(request, version, correlation));
        byte[] frame;
        try
        {
            frame = await answer.Task.WaitAsync(timeout, _node.Time);
        }
        catch (TimeoutException e)
        {
            Close(new IOException("no answer in time", e));
            throw new IOException("no answer in time", e);
        }
        return Read<TRequest, TResponse>(frame, version);
    }

    public void Dispose() => Close(new IOException("The link was given up."));

    private static byte[] FrameOf<TRequest, TResponse>(IRequest<TRequest, TResponse> request, short version, int correlation)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        using var wire = new WireWriter();
        var frame = wire.BeginFrame();
        RequestHeader.Write(wire, TRequest.Key, version, correlation, "sim");
        request.Write(wire, version);
        wire.EndFrame(frame);
        return wire.WrittenMemory.ToArray();
    }

    private static TResponse Read<TRequest, TResponse>(byte[] frame, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        var wire = new WireReader(frame.AsMemory());
        ResponseHeader.Read(ref wire, TRequest.Key, version);
        return TResponse.Read(ref wire, version);
    }

    private async Task SendAsync(Task before, byte[] frame)
    {
        await before;
        try
        {
            await _socket.SendAllAsync(frame);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Close(e);
        }
    }

    private async Task ReceiveAllAsync()
    {
        try
        {
            while (true)
            {
                var size = new byte[sizeof(int)];
                if (!await TryReceiveAsync(size)) break;
                var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
                if (!await TryReceiveAsync(frame)) break;
                if (_unanswered.Remove(BinaryPrimitives.ReadInt32BigEndian(frame), out var asker)) asker.SetResult(frame);
            }
            Close(new IOException("The broker closed the connection."));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Close(e);
        }
    }

    private async Task<bool> TryReceiveAsync(Memory<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var count = await _socket.ReceiveAsync(buffer);
            if (count == 0) return false;
            buffer = buffer[count..];
        }
        return true;
    }

    private void Close(Exception why)
    {
        if (IsClosed) return;
        IsClosed = true;
        _socket.Dispose();
        foreach (var asker in _unanswered.Values) asker.TrySetException(new IOException(why.Message, why));
        _unanswered.Clear();
    }
}

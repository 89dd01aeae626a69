using System.Buffers.Binary;
using System.Net.Sockets;
using ActorBroker.Kafka.Sockets;
using Akka.Embedded.Simulation;
using Akka.Embedded.Transports;

namespace ActorBroker.Simulation.Network;

/// <summary>A stream of bytes over a connection of the simulated network.</summary>
internal sealed class SimulatedSocket : ClientSocket, IFrameReceiver
{
    private const int LengthBytes = sizeof(int);

    /// <summary>One send in so many comes in two pieces.</summary>
    private const int SplitEvery = 8;

    private readonly SimulatedNode _node;
    private readonly IConnection _connection;
    private readonly Queue<ReadOnlyMemory<byte>> _received = new();
    private (TaskCompletionSource<int> Done, Memory<byte> Buffer)? _reading;
    private bool _isClosed;
    private bool _isDisposed;
    private bool _isBroken;

    public SimulatedSocket(SimulatedNode node, IConnection connection)
    {
        (_node, _connection) = (node, connection);
        connection.Start(this);
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        if (_isDisposed) return ValueTask.FromException<int>(new ObjectDisposedException(nameof(SimulatedSocket)));
        if (_received.Count > 0) return new(buffer.IsEmpty ? 0 : Take(buffer));
        if (_isBroken) return ValueTask.FromException<int>(new SocketException((int)SocketError.ConnectionReset));
        if (_isClosed) return new(0);
        var done = new TaskCompletionSource<int>();
        _reading = (done, buffer);
        return new(done.Task);
    }

    public override async ValueTask SendAllAsync(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > 1 && _node.Random.Next(SplitEvery) == 0)
        {
            var first = 1 + _node.Random.Next(bytes.Length - 1);
            await SendPieceAsync(bytes[..first]).ConfigureAwait(false);
            bytes = bytes[first..];
        }
        await SendPieceAsync(bytes).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _connection.Close();
        Wake();
    }

    public void Received(ReadOnlyMemory<byte> frame)
    {
        if (frame.Length > 0) _received.Enqueue(frame.ToArray());
    }

    public void ReceivedAll()
    {
        if (_received.Count == 0 || _reading is not var (done, buffer)) return;
        _reading = null;
        done.SetResult(buffer.IsEmpty ? 0 : Take(buffer));
    }

    public void Closed(Exception? cause)
    {
        (_isClosed, _isBroken) = (true, cause is not null);
        if (_received.Count > 0) ReceivedAll();
        else Wake();
    }

    private async ValueTask SendPieceAsync(ReadOnlyMemory<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var frame = new byte[LengthBytes + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, bytes.Length);
        bytes.CopyTo(frame.AsMemory(LengthBytes));
        try
        {
            await _connection.SendAsync([frame]).ConfigureAwait(false);
        }
        catch (IOException)
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }
    }

    private int Take(Memory<byte> buffer)
    {
        var first = _received.Peek();
        var count = Math.Min(first.Length, buffer.Length);
        first[..count].CopyTo(buffer);
        _received.Dequeue();
        if (count == first.Length) return count;
        var rest = _received.ToArray();
        _received.Clear();
        _received.Enqueue(first[count..]);
        foreach (var later in rest) _received.Enqueue(later);
        return count;
    }

    /// <summary>Who reads hears of the end, but not within what ended it.</summary>
    private void Wake()
    {
        if (_reading is not var (done, _)) return;
        _reading = null;
        _node.Queue(() =>
        {
            if (_isDisposed) done.SetException(new SocketException((int)SocketError.OperationAborted));
            else if (_isBroken) done.SetException(new SocketException((int)SocketError.ConnectionReset));
            else done.SetResult(0);
        });
    }
}

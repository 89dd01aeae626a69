using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Akka.Remote.Tcp;

/// <summary>A connection without TLS. Reads run on the socket's completions; a send is one system call for all pieces.</summary>
internal sealed class TcpConnection : SocketConnection, IValueTaskSource
{
    private readonly SocketAsyncEventArgs _receiving = new(unsafeSuppressExecutionContextFlow: true);
    private readonly SocketAsyncEventArgs _sending = new(unsafeSuppressExecutionContextFlow: true);
    private ManualResetValueTaskSourceCore<bool> _sent;

    public TcpConnection(TcpTransport transport, Socket socket, string peer, int maxFrameBytes)
        : base(transport, socket, peer, maxFrameBytes)
    {
        _receiving.Completed += (_, _) => { if (Received()) Receive(); };
        _sending.Completed += (_, _) => Sent();
    }

    public override ValueTask SendAsync(IList<ArraySegment<byte>> bytes)
    {
        _sent.Reset();
        if (bytes.Count == 1)
        {
            if (_sending.BufferList is not null) _sending.BufferList = null;
            _sending.SetBuffer(bytes[0].Array, bytes[0].Offset, bytes[0].Count);
        }
        else
        {
            if (_sending.Buffer is not null) _sending.SetBuffer(null, 0, 0);
            _sending.BufferList = bytes;
        }
        if (Socket.SendAsync(_sending)) return new ValueTask(this, _sent.Version);
        return _sending.SocketError == SocketError.Success ? default : ValueTask.FromException(SendFailure());
    }

    void IValueTaskSource.GetResult(short token) => _sent.GetResult(token);
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _sent.GetStatus(token);
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) => _sent.OnCompleted(continuation, state, token, flags);

    protected override void StartReading() =>
        ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.Receive(), this, preferLocal: false);

    private void Receive()
    {
        try
        {
            do
            {
                _receiving.SetBuffer(Input.Free);
                if (Socket.ReceiveAsync(_receiving)) return;
            } while (Received());
        }
        catch (ObjectDisposedException e)
        {
            Report(e);
        }
    }

    private bool Received()
    {
        if (_receiving.SocketError == SocketError.Success) return Take(_receiving.BytesTransferred);
        Report(new SocketException((int)_receiving.SocketError));
        return false;
    }

    private void Sent()
    {
        if (_sending.SocketError == SocketError.Success) _sent.SetResult(true);
        else _sent.SetException(SendFailure());
    }

    private IOException SendFailure() => new($"Sending to {Peer} failed: {_sending.SocketError}");
}

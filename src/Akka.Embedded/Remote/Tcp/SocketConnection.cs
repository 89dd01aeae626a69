using System.Net.Sockets;
using Akka.Embedded.Transports;

namespace Akka.Remote.Tcp;

/// <summary>A connection on a socket: what plain ones and those with TLS have in common.</summary>
internal abstract class SocketConnection(TcpTransport transport, Socket socket, string peer, int maxFrameBytes) : IConnection
{
    private int _closed;
    private int _reported;

    public string Peer { get; } = peer;
    protected Socket Socket { get; } = socket;
    protected FrameBuffer Input { get; } = new(maxFrameBytes);
    protected IFrameReceiver Receiver { get; private set; } = null!;
    protected bool IsClosed => Volatile.Read(ref _closed) != 0;

    public void Start(IFrameReceiver receiver)
    {
        Receiver = receiver;
        StartReading();
    }

    public abstract ValueTask SendAsync(IList<ArraySegment<byte>> bytes);

    public virtual void Finish()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Close(); // The other end was faster.
        }
    }

    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        transport.Forget(this);
        Socket.Dispose(); // A read that waits ends, and reports it.
        if (Receiver is null) Input.Dispose();
    }

    protected abstract void StartReading();

    /// <summary>Hands over all whole frames of <paramref name="count"/> new bytes.</summary>
    /// <returns>False: the stream has ended, in good order or not; that has been reported.</returns>
    protected bool Take(int count)
    {
        if (count == 0)
        {
            Report(null);
            return false;
        }
        try
        {
            Input.Filled(count);
            while (Input.TryCut(out var frame)) Receiver.Received(frame);
            Receiver.ReceivedAll();
            return true;
        }
        catch (Exception e)
        {
            Report(e);
            return false;
        }
    }

    /// <summary>Tells the receiver that this is the end. From the reading side only.</summary>
    protected void Report(Exception? cause)
    {
        if (Interlocked.Exchange(ref _reported, 1) != 0) return;
        var ours = IsClosed;
        Close();
        Input.Dispose();
        Receiver.Closed(ours ? null : cause);
    }
}

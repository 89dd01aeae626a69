using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using ActorBroker.Journal.Segments;

namespace ActorBroker.Kafka.Sockets;

/// <summary>
/// Sends file ranges by <c>sendfile</c>: the bytes go from the page cache to the socket, past this process. One at a time.
/// </summary>
internal sealed class FileSending : IValueTaskSource
{
    /// <summary>Below this a read and a send cost less than the call's own objects.</summary>
    private const int MinBytes = 128 << 10;

    private readonly Socket _socket;
    private readonly SocketAsyncEventArgs _args = new();
    private readonly SendPacketsElement[] _elements = new SendPacketsElement[1];
    private ManualResetValueTaskSourceCore<bool> _core;

    public FileSending(Socket socket)
    {
        _socket = socket;
        _args.Completed += (_, _) => Complete();
    }

    /// <summary>A large range of a real file, where the system has the call.</summary>
    public static bool Suits(LogRange range) =>
        range.LengthBytes >= MinBytes && range.Handle is { IsAsync: true } && OperatingSystem.IsLinux();

    /// <summary>Returns when the kernel has taken all bytes of the range.</summary>
    /// <exception cref="SocketException">The connection is closed.</exception>
    public async ValueTask SendAsync(LogRange range)
    {
        // The stream is only a name for the handle, which belongs to the log: it is never disposed, nor may its finalizer close
        // it.
        var file = new FileStream(range.Handle!, FileAccess.Read, bufferSize: 0, isAsync: true);
#pragma warning disable CA1816 // Not this object's.
        GC.SuppressFinalize(file);
#pragma warning restore CA1816
        _elements[0] = new SendPacketsElement(file, range.Position, range.LengthBytes);
        _args.SendPacketsElements = _elements;
        _core.Reset();
        if (_socket.SendPacketsAsync(_args)) await new ValueTask(this, _core.Version).ConfigureAwait(false);
        else ThrowOnFailure();
    }

    private void Complete()
    {
        try
        {
            ThrowOnFailure();
            _core.SetResult(true);
        }
        catch (SocketException e)
        {
            _core.SetException(e);
        }
    }

    private void ThrowOnFailure()
    {
        if (_args.SocketError != SocketError.Success) throw new SocketException((int)_args.SocketError);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

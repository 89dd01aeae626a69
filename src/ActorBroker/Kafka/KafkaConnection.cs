using System.Net.Sockets;
using ActorBroker.Kafka.Produce;
using ActorBroker.Kafka.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;
using ActorBroker.Threads;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Kafka;

/// <summary>
/// One client's connection: requests take effect and are answered in the order in which they come. Produce requests are
/// pipelined, any other waits until those before it are answered. A client that does not read its answers is not read from.
/// </summary>
/// <remarks>An async loop, no actor: it runs on whatever thread the socket's completions come on, one at a time.</remarks>
internal sealed class KafkaConnection : IDisposable
{
    private static readonly OperationCanceledException ByClient = new("by the client");

    private readonly ClientSocket _socket;
    private readonly ApiHandlers _handlers;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly FrameReader _reader;
    private readonly ProducePipeline _produces;
    private readonly RequestContext _context;
    // Never disposed: whoever closes may come late, and it holds nothing.
    private readonly CancellationTokenSource _closed = new();
    private long _lastReceived;
    private Exception? _whyClosed;

    public KafkaConnection(
        ClientSocket socket, ClientConnection client, KafkaListenerOptions options, ApiHandlers handlers, SocketBufferPool buffers,
        TimeProvider time, ILogger log, WorkPool? pool = null)
    {
        (_socket, _handlers, _time, _log, Client) = (socket, handlers, time, log, client);
        _reader = new FrameReader(socket, buffers, options.MaxRequestBytes);
        _produces = new ProducePipeline(socket, options.MaxUnansweredRequests, options.MaxUnansweredBytes, Close, pool ?? WorkPool.Real);
        _context = new RequestContext(client, new ResponseStream(socket, buffers), _closed.Token);
        _lastReceived = time.GetTimestamp();
    }

    public ClientConnection Client { get; }

    /// <summary>How long nothing came from the client.</summary>
    public TimeSpan Idle => _time.GetElapsedTime(Volatile.Read(ref _lastReceived));

    /// <summary>Serves the client until either side closes. Never throws.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ServeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is WireException or FrameException)
        {
            await _produces.EmptyAsync().ConfigureAwait(false); // What came before it is answered.
            Close(e);
        }
        catch (Exception e)
        {
            Close(e);
        }
        Close(ByClient); // Unless there is a reason already.
        Report(_whyClosed!);
        await _produces.EmptyAsync().ConfigureAwait(false); // Replicas may still write from its buffers.
        Dispose();
    }

    /// <summary>Ends the connection from outside, with the reason for the log.</summary>
    public void Close(Exception why)
    {
        if (Interlocked.CompareExchange(ref _whyClosed, why, null) is not null) return;
        _socket.Dispose();
        _closed.Cancel();
    }

    public void Dispose()
    {
        _reader.Dispose();
        _produces.Dispose();
        _context.Output.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            var found = StartProduces(out var frame);
            if (found == Found.Request) await HandleAsync(frame).ConfigureAwait(false);
            else if (found == Found.NoRoom) await _produces.AnsweredAsync().ConfigureAwait(false);
            else if (!await _reader.ReceiveAsync().ConfigureAwait(false)) return;
            else Volatile.Write(ref _lastReceived, _time.GetTimestamp());
        }
    }

    private enum Found
    {
        Nothing,
        Request,
        NoRoom,
    }

    /// <summary>
    /// Starts the Produce requests that are here, up to the first that is none, and answers those that are done.
    /// </summary>
    private Found StartProduces(out Frame frame)
    {
        using (CallerThread.Lend())
        {
            var found = Found.NoRoom;
            frame = default;
            while (_produces.HasRoom)
            {
                if (!_reader.TryTake(out frame))
                {
                    found = Found.Nothing;
                    break;
                }
                if (TryStartProduce(frame)) continue;
                found = Found.Request;
                break;
            }
            _produces.Kick();
            return found;
        }
    }

    /// <returns><c>false</c>: it is another request, and the frame the caller's.</returns>
    private bool TryStartProduce(Frame frame)
    {
        try
        {
            var wire = new WireReader(frame.Span);
            var header = RequestHeader.Read(ref wire);
            if (header.Key != ApiKey.Produce) return false;
            CheckServed(header.Key, header.Version);
            _produces.Next.Begin(frame, header.CorrelationId, header.Version);
            _handlers.Produce.Start(_produces.Next, wire);
        }
        catch
        {
            frame.Release(); // No replica heard of it.
            throw;
        }
        _produces.Add();
        return true;
    }

    private async ValueTask HandleAsync(Frame frame)
    {
        try
        {
            await _produces.EmptyAsync().ConfigureAwait(false);
            var handler = Start(frame);
            if (handler is not null) await handler.HandleAsync(_context).ConfigureAwait(false);
            if (_context.Output.Length > 0) await _socket.SendAllAsync(_context.Output.WrittenMemory).ConfigureAwait(false);
        }
        finally
        {
            frame.Release();
            _context.Output.Clear();
        }
    }

    /// <returns><c>null</c>: answered already.</returns>
    private IApiHandler? Start(Frame frame)
    {
        var wire = new WireReader(frame.Span);
        var header = RequestHeader.Read(ref wire);
        _context.Start(header, frame.Memory);
        if (header.Key == ApiKey.ApiVersions && !ApiVersionTable.Serves(header.Key, header.Version))
        {
            _context.Respond(ApiVersionsResponse.UnsupportedVersion(), version: 0);
            return null;
        }
        CheckServed(header.Key, header.Version);
        return _handlers.Find(header.Key) ?? throw new FrameException($"API {header.Key} is not served");
    }

    private static void CheckServed(ApiKey key, short version)
    {
        if (!ApiVersionTable.Serves(key, version)) throw new FrameException($"API {key} version {version} is not served");
    }

    private void Report(Exception why)
    {
        switch (why)
        {
            case WireException or FrameException: Log.Malformed(_log, Client.Id, Client.Address, why.Message); break;
            case SocketException or ObjectDisposedException or OperationCanceledException:
                Log.Closed(_log, Client.Id, Client.Address, why.Message);
                break;
            default: Log.Failed(_log, why, Client.Id, Client.Address, _context.Key, _context.Version, _context.ClientId); break;
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorBroker.Kafka.Sockets;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Kafka;

/// <summary>Accepts Kafka clients on one address and serves each by a <see cref="KafkaConnection"/>.</summary>
internal sealed class KafkaListener : IAsyncDisposable
{
    private const long IdleBufferBytes = 64 << 20;
    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);

    private readonly KafkaListenerOptions _options;
    private readonly ApiHandlers _handlers;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Socket _socket;
    private readonly ConnectionLimits _limits;
    private readonly ConcurrentDictionary<long, (KafkaConnection Connection, Task Served)> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _idleCheck;
    private Task _accepting = Task.CompletedTask;
    private long _ids;

    /// <summary>Binds the address; clients wait in the backlog until <see cref="Start"/>.</summary>
    /// <exception cref="SocketException">The address is not this machine's, or in use.</exception>
    public KafkaListener(KafkaListenerOptions options, ApiHandlers handlers, TimeProvider time, ILogger log)
    {
        (_options, _handlers, _time, _log) = (options, handlers, time, log);
        Buffers = new SocketBufferPool(IdleBufferBytes, new RequestMemory(options.MaxQueuedBytes));
        _limits = new ConnectionLimits(options.MaxConnections, options.MaxConnectionsPerIp);
        _socket = new Socket(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // Not ReuseAddress: on Linux that is SO_REUSEPORT too, and two brokers would share a port. A port in TIME_WAIT binds
        // without it.
        // Accepted sockets inherit it.
        if (options.ReceiveBufferBytes > 0) _socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        try
        {
            _socket.Bind(options.Address);
            _socket.Listen(options.Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        Address = (IPEndPoint)_socket.LocalEndPoint!;
        var period = TimeSpan.FromTicks(Math.Max(options.MaxIdle.Ticks / 4, TimeSpan.TicksPerMillisecond * 10));
        _idleCheck = time.CreateTimer(static listener => ((KafkaListener)listener!).CloseIdle(), this, period, period);
    }

    /// <summary>Where it listens, with the port that was taken.</summary>
    public IPEndPoint Address { get; }

    public string Name => _options.Name;

    /// <summary>Connections that are open.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Buffers of all its connections.</summary>
    public SocketBufferPool Buffers { get; }

    public void Start()
    {
        Log.Listening(_log, _options.Name, Address);
        _accepting = AcceptAsync();
    }

    /// <summary>Closes all connections and returns when none is served any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _idleCheck.DisposeAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        var open = _connections.Values.ToArray();
        // All before any is awaited: one may wait for memory that another holds.
        foreach (var (connection, _) in open) connection.Close(new OperationCanceledException("the broker stops"));
        foreach (var (_, served) in open) await served.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Accept(await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Out of file descriptors, or the client left at once: the listener itself goes on.
                Log.AcceptFailed(_log, e, _options.Name);
                await Task.Delay(AcceptRetry, _time).ConfigureAwait(false);
            }
        }
    }

    private void Accept(Socket socket)
    {
        IPAddress? entered = null;
        try
        {
            var remote = (IPEndPoint)socket.RemoteEndPoint!;
            if (!_limits.TryEnter(remote.Address, out var count, out var limit, out var max))
            {
                Log.Refused(_log, remote.ToString(), count, limit, max);
                socket.Dispose();
                return;
            }
            entered = remote.Address;
            Serve(socket, remote);
        }
        catch
        {
            if (entered is not null) _limits.Leave(entered);
            socket.Dispose();
            throw;
        }
    }

    private void Serve(Socket socket, IPEndPoint remote)
    {
        socket.NoDelay = true;
        if (_options.SendBufferBytes > 0) socket.SendBufferSize = _options.SendBufferBytes;
        var client = new ClientConnection(++_ids, remote.ToString(), "/" + remote.Address, _options.Name, LocalAddress(socket));
        Log.Opened(_log, client.Id, client.Address);
        var connection = new KafkaConnection(new TcpClientSocket(socket), client, _options, _handlers, Buffers, _time, _log);
        var served = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[client.Id] = (connection, served.Task);
        _ = ServeAsync(connection, remote.Address, served);
    }

    private static string LocalAddress(Socket socket)
    {
        var address = ((IPEndPoint)socket.LocalEndPoint!).Address;
        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }

    private async Task ServeAsync(KafkaConnection connection, IPAddress address, TaskCompletionSource served)
    {
        await connection.RunAsync().ConfigureAwait(false);
        _connections.TryRemove(connection.Client.Id, out _);
        _limits.Leave(address);
        served.SetResult();
    }

    private void CloseIdle()
    {
        foreach (var (_, (connection, _)) in _connections)
            if (connection.Idle > _options.MaxIdle)
                connection.Close(new OperationCanceledException($"idle for {connection.Idle.TotalSeconds:F0} s"));
    }
}

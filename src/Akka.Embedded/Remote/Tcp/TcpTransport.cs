using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Embedded.Transports;
using Akka.Event;

namespace Akka.Remote.Tcp;

/// <summary>Frames over TCP, with TLS or without.</summary>
/// <remarks>Who starts a system, or tells the first message, may have a context that runs one thing at a time, and may be waiting
/// in it: nothing goes on there.</remarks>
internal sealed class TcpTransport(ActorSystemImpl system, TcpSettings settings) : ITransport
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<SocketConnection, byte> _open = new();
    private Socket? _listener;
    private volatile bool _ended;

    public string Scheme => settings.Tls is null ? "tcp" : "ssl.tcp";

    public async Task<Address> ListenAsync(Action<IConnection> accepted)
    {
        var host = settings.Hostname.Length == 0 ? IPAddress.Any
            : await ResolveAsync(settings.Hostname, default).ConfigureAwait(false);
        var listener = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(host, settings.Port));
            listener.Listen(settings.Backlog);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new IOException($"{host}:{settings.Port}: {e.Message}", e);
        }
        _listener = listener;
        _ = AcceptAsync(listener, accepted);
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        return new Address(Scheme, system.Name, settings.PublicHostname, settings.PublicPort != 0 ? settings.PublicPort : port);
    }

    public async Task<IConnection> ConnectAsync(Address remote, CancellationToken cancellationToken)
    {
        if (remote.Protocol != "akka." + Scheme || remote.Host is null || remote.Port is not int port)
            throw new IOException($"[{remote}] is no address that {Scheme} reaches");
        Socket? socket = null;
        try
        {
            var host = await ResolveAsync(remote.Host, cancellationToken).ConfigureAwait(false);
            socket = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            Configure(socket);
            await socket.ConnectAsync(new IPEndPoint(host, port), cancellationToken).ConfigureAwait(false);
            var connection = Wrap(socket);
            if (connection is TlsConnection tls)
                await tls.AuthenticateAsClientAsync(remote.Host, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            socket?.Dispose();
            throw new IOException($"it can't be connected to: {e.Message}", e);
        }
    }

    public Task ShutdownAsync()
    {
        _ended = true;
        _listener?.Dispose();
        foreach (var connection in _open.Keys) connection.Close();
        return Task.CompletedTask;
    }

    internal void Forget(SocketConnection connection) => _open.TryRemove(connection, out _);

    private async Task AcceptAsync(Socket listener, Action<IConnection> accepted)
    {
        while (!_ended)
        {
            Socket? socket = null;
            try
            {
                socket = await listener.AcceptAsync().ConfigureAwait(false);
                Configure(socket);
                accepted(Wrap(socket));
            }
            catch (Exception e)
            {
                socket?.Dispose();
                if (_ended) return;
                system.Log.Warning("A connection could not be accepted: {0}", e.Message);
                // Most likely there are too many open files; others need the time to close some.
                var pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                system.Scheduler.Advanced.ScheduleOnce(PauseAfterFailure, pause.SetResult);
                await pause.Task.ConfigureAwait(false);
            }
        }
    }

    private SocketConnection Wrap(Socket socket)
    {
        var peer = socket.RemoteEndPoint?.ToString() ?? "unknown";
        SocketConnection connection = settings.Tls is { } tls ? new TlsConnection(this, socket, peer, settings.MaxFrameBytes, tls)
            : new TcpConnection(this, socket, peer, settings.MaxFrameBytes);
        _open[connection] = 0;
        if (_ended) connection.Close();
        return connection;
    }

    private void Configure(Socket socket)
    {
        socket.NoDelay = settings.NoDelay;
        socket.SendBufferSize = settings.SendBufferBytes;
        socket.ReceiveBufferSize = settings.ReceiveBufferBytes;
        if (settings.KeepAlive) socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    private async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal)) return literal;
        var family = settings.UseIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var found = await Dns.GetHostAddressesAsync(host, family, cancellationToken).ConfigureAwait(false);
        return found.Length > 0 ? found[0] : throw new IOException($"[{host}] has no address");
    }
}

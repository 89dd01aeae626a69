using System.Net;
using System.Net.Sockets;

namespace ActorBroker.ClientTests.Chaos.Network;

/// <summary>
/// A port by which other brokers reach one broker: it passes on what they send, unless the way is cut. Who dials is known by the
/// process that has the socket.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private const int ChunkBytes = 64 << 10;

    private readonly int _target;
    private readonly IPEndPoint _behind;
    private readonly Cuts _cuts;
    private readonly Func<IReadOnlyDictionary<int, int>> _brokers;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _accepting;

    /// <param name="port">Where others dial.</param>
    /// <param name="target">The broker behind it.</param>
    /// <param name="behind">Where that listens.</param>
    /// <param name="cuts">The ways that are closed.</param>
    /// <param name="brokers">Broker ids by process.</param>
    public Relay(int port, int target, int behind, Cuts cuts, Func<IReadOnlyDictionary<int, int>> brokers)
    {
        (_target, _behind, _cuts, _brokers) = (target, new(IPAddress.Loopback, behind), cuts, brokers);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _closed.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(PassOnAsync(await _listener.AcceptAsync(_closed.Token)));
                connections.RemoveAll(connection => connection.IsCompleted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassOnAsync(Socket dialer)
    {
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (dialer)
        {
            try
            {
                dialer.NoDelay = true;
                var address = (IPEndPoint)dialer.RemoteEndPoint!;
                var known = 0;
                int Dialer() => known == 0 ? known = DialerAt(address) : known;
                await _cuts.OpenAsync(Dialer(), _target, _closed.Token);
                await target.ConnectAsync(_behind, _closed.Token);
                await Task.WhenAny(
                    PumpAsync(dialer, target, () => (Dialer(), _target)), PumpAsync(target, dialer, () => (_target, Dialer())));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Closed, which the other side hears.
            }
        }
    }

    /// <summary>Ends when one side has closed, and the other could hear that.</summary>
    private async Task PumpAsync(Socket source, Socket sink, Func<(int From, int To)> way)
    {
        var chunk = new byte[ChunkBytes];
        try
        {
            while (true)
            {
                var received = await source.ReceiveAsync(chunk, _closed.Token);
                await OpenAsync(way());
                if (received == 0) return;
                for (var sent = 0; sent < received;) sent += await sink.SendAsync(chunk.AsMemory(sent, received - sent), _closed.Token);
            }
        }
        catch (SocketException)
        {
            await OpenAsync(way());
        }
    }

    private ValueTask OpenAsync((int From, int To) way) => _cuts.OpenAsync(way.From, way.To, _closed.Token);

    /// <summary>0: nobody knows. A broker that starts is known when it serves.</summary>
    private int DialerAt(IPEndPoint address)
    {
        var brokers = _brokers();
        return SocketOwner.Find(address, [.. brokers.Keys]) is { } process ? brokers[process] : 0;
    }
}

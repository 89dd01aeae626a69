using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Embedded.Transports;
using Akka.Remote.Tcp;

namespace Akka.Embedded.Tests.Embedded.Cluster;

/// <summary>TCP between systems, whose ways can be cut: connections break and no new ones are made.</summary>
internal sealed class CuttableNetwork
{
    private readonly ConcurrentDictionary<(int, int), bool> _cuts = new();
    private readonly ConcurrentBag<(int From, int To, IConnection Connection)> _connections = [];

    public EmbeddedSetup Setup => new()
    {
        Transport = system =>
            new Transport(this, new TcpTransport((Akka.Actor.Internal.ActorSystemImpl)system, TcpSettings.From(system))),
    };

    public void Split(IEnumerable<Address> side, IEnumerable<Address> other)
    {
        foreach (var (a, b) in side.SelectMany(a => other.Select(b => (a.Port!.Value, b.Port!.Value))))
        {
            _cuts[(a, b)] = _cuts[(b, a)] = true;
            foreach (var (from, to, connection) in _connections)
                if ((from, to) == (a, b) || (from, to) == (b, a)) connection.Close();
        }
    }

    public void Heal() => _cuts.Clear();

    private sealed class Transport(CuttableNetwork network, ITransport tcp) : ITransport
    {
        private int _port;

        public string Scheme => tcp.Scheme;

        public async Task<Address> ListenAsync(Action<IConnection> accepted)
        {
            var address = await tcp.ListenAsync(accepted);
            _port = address.Port!.Value;
            return address;
        }

        public async Task<IConnection> ConnectAsync(Address remote, CancellationToken cancellationToken)
        {
            var way = (_port, remote.Port!.Value);
            if (network._cuts.ContainsKey(way)) throw new IOException("cut");
            var connection = await tcp.ConnectAsync(remote, cancellationToken);
            network._connections.Add((way.Item1, way.Item2, connection));
            if (!network._cuts.ContainsKey(way)) return connection;
            connection.Close();
            throw new IOException("cut");
        }

        public Task ShutdownAsync() => tcp.ShutdownAsync();
    }
}

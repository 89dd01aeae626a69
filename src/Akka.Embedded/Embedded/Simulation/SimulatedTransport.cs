using Akka.Actor;
using Akka.Embedded.Transports;

namespace Akka.Embedded.Simulation;

/// <summary>Remoting's door to the <see cref="SimulatedNetwork"/>.</summary>
internal sealed class SimulatedTransport(SimulatedNetwork network, SimulatedNode node, ExtendedActorSystem system) : ITransport
{
    private const int FirstFreePort = 20000;

    private readonly List<SimulatedConnection> _connections = [];
    private SimulatedPort? _port;

    public string Scheme => "tcp";

    /// <summary>At the node's name, at the port that the configuration says; 0: at any.</summary>
    public Task<Address> ListenAsync(Action<IConnection> accepted)
    {
        node.World.CheckThread();
        var port = system.Settings.Config.GetInt("akka.remote.dot-netty.tcp.port", 0);
        if (port == 0)
            for (port = FirstFreePort; network.ListenerAt(node.Name, port) is not null;) port++;
        _port = new SimulatedPort(network, node, connection =>
        {
            Remember((SimulatedConnection)connection);
            accepted(connection);
        });
        try
        {
            network.Listen(_port, port);
        }
        catch (IOException e)
        {
            return Task.FromException<Address>(e);
        }
        return Task.FromResult(new Address(Scheme, system.Name, node.Name, port));
    }

    public async Task<IConnection> ConnectAsync(Address remote, CancellationToken cancellationToken)
    {
        var connection = await SimulatedPort.DialAsync(network, node, remote.Host ?? "", remote.Port ?? 0, cancellationToken)
            .ConfigureAwait(false);
        Remember(connection);
        return connection;
    }

    public Task ShutdownAsync()
    {
        node.World.CheckThread();
        _port?.Dispose();
        foreach (var connection in _connections.ToArray()) connection.Close();
        return Task.CompletedTask;
    }

    private void Remember(SimulatedConnection connection)
    {
        _connections.RemoveAll(static c => c.IsClosed);
        _connections.Add(connection);
    }
}

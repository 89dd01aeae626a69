using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting;
using ActorBroker.Hosting.Options;
using ActorBroker.Kafka;
using ActorBroker.Kafka.Sockets;
using ActorBroker.Simulation.Network;
using Akka.Embedded.Simulation;
using Akka.Embedded.Transports;

namespace ActorBroker.Simulation.Brokers;

/// <summary>The broker's Kafka port on the simulated network; connections are served by the broker's own code.</summary>
internal sealed class SimulatedListeners(
    SimulatedNode node, BrokerOptions options, ApiHandlers handlers, BrokerEnvironment environment) : IKafkaListeners
{
    public const int Port = 9092;

    private const string Name = "PLAINTEXT";
    private const long IdleBufferBytes = 1 << 20;

    private readonly KafkaListenerOptions _options = KafkaListeners.ToKafka(Name, new IPEndPoint(IPAddress.Any, Port), options.Sockets);
    private readonly SocketBufferPool _buffers = new(IdleBufferBytes, new RequestMemory(long.MaxValue));
    private readonly Dictionary<long, (KafkaConnection Connection, Task Served)> _connections = [];
    private IDisposable? _port;
    private long _ids;

    public ImmutableArray<BrokerEndpoint> Endpoints => [new(Name, node.Name, Port)];

    public string LocalAddress => string.Create(CultureInfo.InvariantCulture, $"{node.Name}:{Port}");

    public void Open() => _port = node.Listen(Port, Accept);

    public async ValueTask DisposeAsync()
    {
        _port?.Dispose();
        var open = _connections.Values.ToArray();
        foreach (var (connection, _) in open) connection.Close(new OperationCanceledException("the broker stops"));
        foreach (var (_, served) in open) await served.ConfigureAwait(false);
    }

    private void Accept(IConnection accepted)
    {
        var client = new ClientConnection(++_ids, accepted.Peer, "/" + accepted.Peer, Name, node.Name);
        var connection = new KafkaConnection(
            new SimulatedSocket(node, accepted), client, _options, handlers, _buffers, environment.Time,
            environment.Logging.CreateLogger(nameof(KafkaConnection)), environment.Pool);
        var served = new TaskCompletionSource();
        _connections.Add(client.Id, (connection, served.Task));
        _ = ServeAsync(connection, served);
    }

    private async Task ServeAsync(KafkaConnection connection, TaskCompletionSource served)
    {
        await connection.RunAsync().ConfigureAwait(false);
        _connections.Remove(connection.Client.Id);
        served.SetResult();
    }
}

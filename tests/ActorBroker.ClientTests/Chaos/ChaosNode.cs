using System.Net;
using ActorBroker.ClientTests.Chaos.Network;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>One broker of the cluster: its process, its disk, and the ways by which the others reach it.</summary>
internal sealed class ChaosNode : IAsyncDisposable
{
    private const int DiskMegabytes = 64;

    /// <summary>Who asks by it needs the answer.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly List<Relay> _relays = [];

    private ChaosNode(int id, SmallDisk? disk, string data)
    {
        (Id, Disk, Data) = (id, disk, data);
        Address = new(IPAddress.Loopback, Ports.Free());
        Probe = new(Address, _patience);
    }

    public int Id { get; }

    /// <summary>Null: none could be mounted.</summary>
    public SmallDisk? Disk { get; }

    public string Data { get; }

    /// <summary>Where clients connect; they are never cut off.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Where other brokers dial its actor system.</summary>
    public int RemotePort { get; } = Ports.Free();

    public BrokerProbe Probe { get; }

    public BrokerProcess Process { get; private set; } = null!;

    /// <summary>The nodes of a cluster, all of whose brokers have started.</summary>
    public static async Task<IReadOnlyDictionary<int, ChaosNode>> StartAsync(
        int count, TempFolder folder, Cuts cuts, params string[] settings)
    {
        var nodes = Enumerable.Range(1, count).ToDictionary(id => id, id =>
        {
            var disk = SmallDisk.TryMount(folder[$"disk-{id}"], DiskMegabytes);
            return new ChaosNode(id, disk, Path.Combine(disk?.Path ?? folder.FullName, $"broker-{id}"));
        });
        var starting = nodes.Values.Select(node => node.StartAsync(nodes.Values, cuts, settings)).ToList();
        try
        {
            await Task.WhenAll(starting);
            return nodes;
        }
        catch
        {
            foreach (var node in nodes.Values) await node.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Probe.Dispose();
        if (Process is not null) await Process.DisposeAsync();
        foreach (var relay in _relays) await relay.DisposeAsync();
        Disk?.Dispose();
    }

    private async Task StartAsync(IReadOnlyCollection<ChaosNode> all, Cuts cuts, string[] settings)
    {
        var (remote, copying, dialled) = (Ports.Free(), Ports.Free(), Ports.Free());
        _relays.Add(new(RemotePort, Id, remote, cuts, () => Processes(all)));
        _relays.Add(new(dialled, Id, copying, cuts, () => Processes(all)));
        var seeds = string.Join(", ", all.Select(node => $"\"akka.tcp://actorbroker@127.0.0.1:{node.RemotePort}\""));
        Process = await BrokerProcess.StartAsync(Data, Address.ToString(), Repository.ClusterConfig,
        [
            $"broker.id={Id}",
            $"listeners=PLAINTEXT://{Address},BROKERS://127.0.0.1:{copying}",
            $"advertised.listeners=PLAINTEXT://{Address},BROKERS://127.0.0.1:{dialled}",
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,BROKERS:PLAINTEXT",
            "inter.broker.listener.name=BROKERS",
            $"akka.remote.dot-netty.tcp.port={remote}",
            $"akka.remote.dot-netty.tcp.public-port={RemotePort}",
            $"akka.cluster.seed-nodes=[{seeds}]",
            $"controller.quorum.voters={string.Join(',', all.Select(node => $"{node.Id}@127.0.0.1:{node.RemotePort}"))}",
            "default.replication.factor=3", "min.insync.replicas=2",
            "offsets.topic.num.partitions=1", "group.initial.rebalance.delay.ms=500",
            "leader.imbalance.check.interval.seconds=3", // All of them soon lead something again.
            .. settings,
        ]);
    }

    private static Dictionary<int, int> Processes(IEnumerable<ChaosNode> nodes) =>
        nodes.Where(node => node.Process is not null).ToDictionary(node => node.Process.ProcessId, node => node.Id);
}

using System.Net;
using System.Net.Sockets;
using ActorBroker.Hosting.Options;
using ActorBroker.Server.Tests.Support;

namespace ActorBroker.Server.Tests.Acceptance;

/// <summary>Three brokers out of three files, and the command lines of Kafka's scripts against them.</summary>
public sealed class ThreeBrokerRows : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("three").FullName;
    private readonly List<EmbeddedBroker> _brokers = [];

    private string List => string.Join(",", _brokers.Select(b => b.BootstrapServers));

    /// <summary>B03: broker.id, listeners and log.dir differ; what makes them one cluster is the same in all three.</summary>
    public async Task InitializeAsync()
    {
        int[] ports = [FreePort(), FreePort(), FreePort()];
        var files = Enumerable.Range(0, 3).Select(i => Path.Combine(_folder, $"server-{i}.properties")).ToArray();
        for (var i = 0; i < 3; i++)
        {
            await File.WriteAllTextAsync(files[i], $"""
                broker.id={i}
                listeners=PLAINTEXT://127.0.0.1:0
                log.dir={Path.Combine(_folder, $"kafka-logs-{i}")}
                controller.quorum.voters={string.Join(",", ports.Select((port, id) => $"{id}@127.0.0.1:{port}"))}
                akka.actor.provider=cluster
                akka.remote.dot-netty.tcp.hostname="127.0.0.1"
                akka.remote.dot-netty.tcp.port={ports[i]}
                akka.cluster.seed-nodes=["akka.tcp://actorbroker@127.0.0.1:{ports[0]}"]
                akka.cluster.gossip-interval=100ms
                akka.cluster.leader-actions-interval=100ms
                """);
        }
        _brokers.AddRange(await Task.WhenAll(files.Select(file => EmbeddedBroker.StartAsync(BrokerOptions.Load(file))))
            .WaitAsync(TimeSpan.FromSeconds(90)));
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_brokers.Select(b => b.DisposeAsync().AsTask()));
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>B03, B15, L04, L05, L08, L14, L15</summary>
    [Fact]
    public async Task The_scripts_lines_work_with_three_brokers()
    {
        var one = _brokers[0].BootstrapServers;
        await RunAsync($"topics --create --bootstrap-server {one} --replication-factor 3 --partitions 2 --topic my-replicated-topic");
        var described = await RunAsync($"topics --describe --bootstrap-server {one} --topic my-replicated-topic");
        Assert.Contains("PartitionCount: 2  ReplicationFactor: 3", described.Lines[0], StringComparison.Ordinal);
        foreach (var line in described.Lines[^2..])
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("my-replicated-topic", columns[0]);
            Assert.Contains(columns[2], new[] { "0", "1", "2" });
            foreach (var replicas in columns[4..6]) Assert.Equal(["0", "1", "2"], replicas.Split(',').Order(StringComparer.Ordinal));
        }

        await RunAsync($"produce --broker-list {List} --topic my-replicated-topic --acks all", "hello\nworld\n");
        var read = await RunAsync($"consume --bootstrap-server {List} --from-beginning --topic my-replicated-topic --max-messages 2");
        Assert.Equal(["hello", "world"], read.Lines.Order(StringComparer.Ordinal));

        // Kafka's check that all are up: ls /brokers/ids.
        var brokers = (await RunAsync($"cluster brokers --bootstrap-server {one} --json")).Json;
        Assert.Equal([0, 1, 2], brokers.EnumerateArray().Select(b => b.GetProperty("id").GetInt32()));
        Assert.All(brokers.EnumerateArray(), b => Assert.Equal("serving", b.GetProperty("state").GetString()));
        Assert.Equal(_brokers.Select(b => b.BootstrapServers), brokers.EnumerateArray().Select(b => b.GetProperty("address").GetString()));
    }

    private static async Task<TestIo> RunAsync(string commandLine, string input = "")
    {
        var (exit, io) = await TestIo.RunAsync(input, commandLine.Split(' '));
        Assert.True(exit == 0, $"{commandLine}: {io.Error}");
        return io;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

using ActorBroker.Hosting.Options;
using ActorBroker.Server.Tests.Support;

namespace ActorBroker.Server.Tests.Acceptance;

/// <summary>Three brokers out of three files, and the command lines of Kafka's scripts against them.</summary>
public sealed class ThreeBrokerRows : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("three").FullName;
    private readonly List<EmbeddedBroker> _brokers = [];
    private readonly int[] _ports = [Ports.Free(), Ports.Free(), Ports.Free(), Ports.Free()];

    private string List => string.Join(",", _brokers.Select(b => b.BootstrapServers));

    /// <summary>B03: broker.id, listeners and log.dir differ; what makes them one cluster is the same in all three.</summary>
    public async Task InitializeAsync()
    {
        var starting = Enumerable.Range(0, 3)
            .Select(async id => await EmbeddedBroker.StartAsync(BrokerOptions.Load(await WriteAsync(id, place: id))));
        _brokers.AddRange(await Task.WhenAll(starting).WaitAsync(TimeSpan.FromSeconds(90)));
    }

    /// <returns>The file of a broker at one of the ports.</returns>
    private async Task<string> WriteAsync(int id, int place)
    {
        var file = Path.Combine(_folder, $"server-{place}.properties");
        await File.WriteAllTextAsync(file, $"""
            broker.id={id}
            listeners=PLAINTEXT://127.0.0.1:0
            log.dir={DataOf(place)}
            broker.session.timeout.ms=1000
            controller.quorum.voters={string.Join(",", _ports[..3].Select((port, voter) => $"{voter}@127.0.0.1:{port}"))}
            akka.actor.provider=cluster
            akka.remote.dot-netty.tcp.hostname="127.0.0.1"
            akka.remote.dot-netty.tcp.port={_ports[place]}
            akka.cluster.seed-nodes=["akka.tcp://actorbroker@127.0.0.1:{_ports[0]}"]
            akka.cluster.gossip-interval=100ms
            akka.cluster.leader-actions-interval=100ms
            akka.cluster.failure-detector.acceptable-heartbeat-pause=60s
            """);
        return file;
    }

    private string DataOf(int place) => Path.Combine(_folder, $"kafka-logs-{place}");

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
        await RunAsync(
            $"topics --create --bootstrap-server {one} --replication-factor 3 --partitions 2 --topic my-replicated-topic");
        var described = await RunAsync($"topics --describe --bootstrap-server {one} --topic my-replicated-topic");
        Assert.Contains("PartitionCount: 2  ReplicationFactor: 3", described.Lines[0], StringComparison.Ordinal);
        foreach (var line in described.Lines[^2..])
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("my-replicated-topic", columns[0]);
            Assert.Contains(columns[2], new[] { "0", "1", "2" });
            foreach (var replicas in columns[4..6])
                Assert.Equal(["0", "1", "2"], replicas.Split(',').Order(StringComparer.Ordinal));
        }

        await RunAsync($"produce --broker-list {List} --topic my-replicated-topic --acks all", "hello\nworld\n");
        var read = await RunAsync(
            $"consume --bootstrap-server {List} --from-beginning --topic my-replicated-topic --max-messages 2");
        Assert.Equal(["hello", "world"], read.Lines.Order(StringComparer.Ordinal));

        // Kafka's check that all are up: ls /brokers/ids.
        var brokers = (await RunAsync($"cluster brokers --bootstrap-server {one} --json")).Json;
        Assert.Equal([0, 1, 2], brokers.EnumerateArray().Select(b => b.GetProperty("id").GetInt32()));
        Assert.All(brokers.EnumerateArray(), b => Assert.Equal("serving", b.GetProperty("state").GetString()));
        Assert.Equal(
            _brokers.Select(b => b.BootstrapServers), brokers.EnumerateArray().Select(b => b.GetProperty("address").GetString()));
    }

    /// <summary>G21, G22: which writes would stop with one broker less, and which have.</summary>
    [Fact]
    public async Task Partitions_at_and_below_their_minimum_are_shown()
    {
        var one = _brokers[0].BootstrapServers;
        var strict = await RunAsync($"topics --create --bootstrap-server {one} --replication-factor 3 --topic strict "
            + "--config min.insync.replicas=3");
        Assert.Contains("warning: min.insync.replicas is as large as the replication factor, 3", strict.Error, StringComparison.Ordinal);
        var lax = await RunAsync($"topics --create --bootstrap-server {one} --replication-factor 3 --topic lax");
        Assert.Empty(lax.Error);
        Assert.Equal(["strict"], await DescribedAsync("--at-min-isr-partitions"));
        Assert.Empty(await DescribedAsync("--under-min-isr-partitions"));

        await _brokers[2].DisposeAsync();
        _brokers.RemoveAt(2);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await DescribedAsync("--under-min-isr-partitions") is not ["strict"]) patience.Token.ThrowIfCancellationRequested();
        Assert.Empty(await DescribedAsync("--at-min-isr-partitions"));
        var status = (await RunAsync($"cluster status --bootstrap-server {one} --json")).Json;
        Assert.Equal((1, 0), (status.GetProperty("underMinIsrPartitions").GetInt32(), status.GetProperty("atMinIsrPartitions").GetInt32()));

        async Task<string[]> DescribedAsync(string filter) =>
            [.. (await RunAsync($"topics describe --bootstrap-server {one} {filter} --json")).Json.EnumerateArray()
                .Where(t => t.GetProperty("partitions").GetArrayLength() > 0).Select(t => t.GetProperty("topic").GetString()!)];
    }

    [Fact]
    public async Task A_broker_with_another_clusters_data_exits_with_1_and_names_both_clusters()
    {
        Directory.CreateDirectory(DataOf(3));
        await File.WriteAllTextAsync(
            Path.Combine(DataOf(3), "meta.properties"),
            "version=1\nnode.id=3\ncluster.id=AnotherClusterAltogether\ndirectory.id=AAAAAAAAAAAAAAAAAAAABQ\n");
        var (exit, io) = await TestIo.RunAsync("", "serve", "--config", await WriteAsync(3, place: 3), "--log-level", "None");
        Assert.Equal(1, exit);
        Assert.Contains("AnotherClusterAltogether", io.Error, StringComparison.Ordinal);
        Assert.Contains("Correct log.dirs", io.Error, StringComparison.Ordinal);
        await RunAsync(
            $"topics --create --bootstrap-server {_brokers[0].BootstrapServers} --replication-factor 3 --topic goes-on");
    }

    [Fact]
    public async Task A_second_broker_with_an_id_exits_with_2_and_names_the_key()
    {
        var (exit, io) = await TestIo.RunAsync("", "serve", "--config", await WriteAsync(2, place: 3), "--log-level", "None");
        Assert.Equal(2, exit);
        Assert.Contains("broker.id = 2: Another process is broker 2", io.Error, StringComparison.Ordinal);
        await RunAsync(
            $"topics --create --bootstrap-server {_brokers[2].BootstrapServers} --replication-factor 3 --topic goes-on");
    }

    private static async Task<TestIo> RunAsync(string commandLine, string input = "")
    {
        var (exit, io) = await TestIo.RunAsync(input, commandLine.Split(' '));
        Assert.True(exit == 0, $"{commandLine}: {io.Error}");
        return io;
    }
}

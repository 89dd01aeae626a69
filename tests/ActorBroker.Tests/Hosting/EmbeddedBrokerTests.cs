using System.Net;
using System.Net.Sockets;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Tests.Hosting;

public sealed class EmbeddedBrokerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Brokers_start_side_by_side_and_stop()
    {
        // Ports that nobody else gets when they are free again.
        var brokers = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => EmbeddedBroker.StartAsync(new() { Port = Ports.Free() })));
        Assert.Equal(3, brokers.Select(b => b.BootstrapServers).Distinct().Count());
        foreach (var broker in brokers)
        {
            await broker.DisposeAsync();
            await broker.Stopped;
            await Assert.ThrowsAsync<SocketException>(() => BrokerClient.ConnectAsync(broker));
        }
    }

    [Fact]
    public async Task Topics_configs_and_names_survive_a_restart()
    {
        MetadataResponse before;
        await using (var broker = await StartAsync())
        {
            using var client = await BrokerClient.ConnectAsync(broker);
            await client.AskAsync(
                new CreateTopicsRequest([new() { Name = "t", NumPartitions = 3, Configs = [new("retention.ms", "5")] }]));
            await client.AskAsync(new CreateTopicsRequest([new() { Name = "gone" }]));
            await client.AskAsync(new DeleteTopicsRequest([new("gone")], 60_000));
            before = await client.AskAsync(new MetadataRequest());
        }
        await using (var broker = await StartAsync())
        {
            using var client = await BrokerClient.ConnectAsync(broker);
            var after = await client.AskAsync(new MetadataRequest());
            Assert.Equal(before.ClusterId, after.ClusterId);
            var (was, topic) = (Assert.Single(before.Topics), Assert.Single(after.Topics));
            Assert.Equal((was.Name, was.TopicId, 3), (topic.Name, topic.TopicId, topic.Partitions.Length));
            Assert.All(topic.Partitions, p => Assert.Equal(new Epoch(1), p.LeaderEpoch));
            var configs = await client.AskAsync(
                new DescribeConfigsRequest([new(ConfigResourceType.Topic, "t", ["retention.ms"])]));
            Assert.Equal("5", configs.Results[0].Configs[0].Value);
        }
    }

    [Fact]
    public async Task A_topic_s_folders_come_and_go_with_it()
    {
        await using var broker = await StartAsync();
        using var client = await BrokerClient.ConnectAsync(broker);
        await client.AskAsync(new CreateTopicsRequest([new() { Name = "t", NumPartitions = 2 }]));
        Assert.Equal(["t-0", "t-1"], Folders("t-").Order());
        await client.AskAsync(new DeleteTopicsRequest([new("t")], 60_000));
        await Eventually(() => Folders("t-").All(f => f.EndsWith("-delete", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_partition_whose_folder_can_t_be_made_is_made_when_it_can()
    {
        await using var broker = await StartAsync();
        using var client = await BrokerClient.ConnectAsync(broker);
        var obstacle = _folder.Write("t-0", "no folder");
        Assert.Equal(ErrorCode.None,
            (await client.AskAsync(new CreateTopicsRequest([new() { Name = "t" }]))).Topics[0].ErrorCode);
        File.Delete(obstacle);
        await Eventually(() => File.Exists(Path.Combine(_folder.Path, "t-0", "00000000000000000000.log")));
    }

    [Fact]
    public async Task New_partitions_go_to_the_directory_with_the_fewest()
    {
        var (a, b) = (Path.Combine(_folder.Path, "a"), Path.Combine(_folder.Path, "b"));
        await using var broker = await EmbeddedBroker.StartAsync(new()
        {
            DataDirectory = _folder.Path,
            Configs = new Dictionary<string, string?> { ["log.dirs"] = $"{a},{b}" },
        });
        using var client = await BrokerClient.ConnectAsync(broker);
        await client.AskAsync(new CreateTopicsRequest([new() { Name = "t", NumPartitions = 6 }]));
        Assert.Equal(3, Directory.GetDirectories(a, "t-*").Length);
        Assert.Equal(3, Directory.GetDirectories(b, "t-*").Length);
    }

    [Fact]
    public async Task A_folder_that_no_topic_knows_is_set_aside()
    {
        await (await StartAsync()).DisposeAsync();
        Directory.CreateDirectory(Path.Combine(_folder.Path, "lost-0"));
        await using var broker = await StartAsync();
        var stray = Assert.Single(Folders("lost-"));
        Assert.EndsWith("-stray", stray, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_without_their_metadata_stop_the_start()
    {
        await using (var broker = await StartAsync())
        {
            using var client = await BrokerClient.ConnectAsync(broker);
            await client.AskAsync(new CreateTopicsRequest([new() { Name = "t" }]));
        }
        Directory.Move(Path.Combine(_folder.Path, "__cluster_metadata"), Path.Combine(_folder.Path, "elsewhere"));
        var refused = await Assert.ThrowsAsync<LogStorageException>(() => StartAsync());
        Assert.Contains("__cluster_metadata", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["t-0"], Folders("t-"));
    }

    [Fact]
    public async Task Metadata_that_can_t_be_read_stop_the_start_at_once()
    {
        await (await StartAsync()).DisposeAsync();
        var journal = Path.Combine(_folder.Path, "__cluster_metadata", "journal");
        Directory.Delete(journal, recursive: true);
        await File.WriteAllTextAsync(journal, "no folder");
        var refused = await Assert.ThrowsAsync<LogStorageException>(() => StartAsync());
        Assert.Contains("__cluster_metadata", refused.Message, StringComparison.Ordinal);
        File.Delete(journal);
        await (await StartAsync()).DisposeAsync();
    }

    [Fact]
    public async Task The_metadata_is_found_in_whichever_directory_it_is()
    {
        var (a, b) = (Path.Combine(_folder.Path, "a"), Path.Combine(_folder.Path, "b"));
        await using (var broker = await StartAsync(("log.dirs", a)))
        {
            using var client = await BrokerClient.ConnectAsync(broker);
            await client.AskAsync(new CreateTopicsRequest([new() { Name = "t" }]));
        }
        await using (var broker = await StartAsync(("log.dirs", $"{b},{a}")))
        {
            using var client = await BrokerClient.ConnectAsync(broker);
            Assert.Equal("t", Assert.Single((await client.AskAsync(new MetadataRequest())).Topics).Name);
        }
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_made_again()
    {
        await using (var broker = await StartAsync())
        {
            using var client = await BrokerClient.ConnectAsync(broker);
            await client.AskAsync(new CreateTopicsRequest([new() { Name = "t" }]));
        }
        Directory.Delete(Path.Combine(_folder.Path, "t-0"), recursive: true);
        await using (await StartAsync()) Assert.Equal(["t-0"], Folders("t-"));
    }

    [Fact]
    public async Task A_data_directory_has_one_broker_at_a_time_and_for_ever_the_same()
    {
        await using (await StartAsync())
        {
            var used = await Assert.ThrowsAsync<LogStorageException>(() => StartAsync());
            Assert.Contains(_folder.Path, used.Message, StringComparison.Ordinal);
        }
        var foreign = await Assert.ThrowsAsync<LogStorageException>(() => StartAsync(("broker.id", "7")));
        Assert.Contains("broker 0", foreign.Message, StringComparison.Ordinal);
        await (await StartAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_port_in_use_stops_the_start_and_leaves_nothing_behind()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var refused = await Assert.ThrowsAsync<BrokerConfigException>(
            () => EmbeddedBroker.StartAsync(new() { DataDirectory = _folder.Path, Port = port }));
        Assert.Contains($"PLAINTEXT://127.0.0.1:{port}", refused.Message, StringComparison.Ordinal);
        await (await StartAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_listener_on_all_interfaces_tells_clients_the_address_they_came_to()
    {
        await using var broker = await StartAsync(("listeners", "PLAINTEXT://:0"));
        using var client = await BrokerClient.ConnectAsync(broker);
        Assert.Equal("127.0.0.1", Assert.Single((await client.AskAsync(new MetadataRequest())).Brokers).Host);
    }

    [Fact]
    public async Task Clients_are_told_the_advertised_address_of_the_listener_they_came_through()
    {
        await using var broker = await StartAsync(
            ("listeners", "INNER://127.0.0.1:0,OUTER://127.0.0.1:0"), (
                "advertised.listeners", "INNER://inner.example:1234,OUTER://outer.example:9"),
            ("listener.security.protocol.map", "INNER:PLAINTEXT,OUTER:PLAINTEXT"));
        using var client = await BrokerClient.ConnectAsync(broker);
        var told = Assert.Single((await client.AskAsync(new MetadataRequest())).Brokers);
        Assert.Equal(("inner.example", 1234), (told.Host, told.Port));
    }

    [Fact]
    public async Task A_thousand_partitions_are_made_and_found_again()
    {
        await using (var broker = await StartAsync())
        {
            using var client = await BrokerClient.ConnectAsync(broker);
            var made = await client.AskAsync(new CreateTopicsRequest([new() { Name = "many", NumPartitions = 1000 }]));
            Assert.Equal(ErrorCode.None, made.Topics[0].ErrorCode);
        }
        await using (var broker = await StartAsync())
        {
            using var client = await BrokerClient.ConnectAsync(broker);
            Assert.Equal(1000, (await client.AskAsync(new MetadataRequest())).Topics[0].Partitions.Length);
        }
    }

    private Task<EmbeddedBroker> StartAsync(params (string Key, string Value)[] configs) => EmbeddedBroker.StartAsync(new()
    {
        DataDirectory = _folder.Path,
        Configs = configs.ToDictionary(c => c.Key, c => (string?)c.Value),
    });

    private IEnumerable<string> Folders(string start) =>
        Directory.GetDirectories(_folder.Path, start + "*").Select(d => Path.GetFileName(d));

    private static async Task Eventually(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!condition()) await Task.Delay(10, patience.Token);
    }
}

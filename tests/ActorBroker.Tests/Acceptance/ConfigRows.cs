using ActorBroker.Hosting.Options;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Part M: the keys that one broker can honour, with their defaults. M12 to M17 are a client's.</summary>
public sealed class ConfigRows : AcceptanceTest
{
    /// <summary>M01, M05 to M11, M18</summary>
    [Theory]
    [InlineData("broker.id", "0")]
    [InlineData("log.retention.hours", "168")]
    [InlineData("num.partitions", "1")]
    [InlineData("default.replication.factor", "1")]
    [InlineData("min.insync.replicas", "1")]
    [InlineData("delete.topic.enable", "true")]
    [InlineData("log.index.interval.bytes", "4096")]
    [InlineData("log.segment.bytes", "1073741824")]
    [InlineData("auto.create.topics.enable", "true")]
    [InlineData("unclean.leader.election.enable", "false")]
    public async Task A_broker_says_what_it_goes_by(string key, string value)
    {
        var config = await Client.ConfigAsync(ConfigResourceType.Broker, "0", key);
        Assert.Equal((value, ConfigSource.DefaultConfig), (config.Value, config.ConfigSource));
    }

    /// <summary>M03: several listeners, each with clients.</summary>
    [Fact]
    public async Task Every_listener_serves_clients()
    {
        var options = BrokerOptions.Load(null, new Dictionary<string, string?>
        {
            ["listeners"] = "ONE://127.0.0.1:0,TWO://127.0.0.1:0",
            ["listener.security.protocol.map"] = "ONE:PLAINTEXT,TWO:PLAINTEXT",
            ["log.dirs"] = Folder,
        });
        await using var broker = await EmbeddedBroker.StartAsync(options);
        using var client = await TestKafkaClient.ConnectAsync(broker);
        var told = (await client.AskAsync(new DescribeClusterRequest())).Brokers.Single();
        Assert.Equal(broker.BootstrapServers, $"{told.Host}:{told.Port}");
    }

    /// <summary>M02: log.dir where there is no log.dirs.</summary>
    [Fact]
    public async Task The_data_lie_where_log_dir_says()
    {
        var folder = Path.Combine(Folder, "here");
        var configs = new Dictionary<string, string?> { ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["log.dir"] = folder };
        await using var broker = await EmbeddedBroker.StartAsync(BrokerOptions.Load(null, configs));
        using var client = await TestKafkaClient.ConnectAsync(broker);
        await client.CreateAsync("t", 1);
        Assert.True(Directory.Exists(Path.Combine(folder, "t-0")));
    }

    /// <summary>M04, M19: a key that means nothing here is taken with a warning that says why.</summary>
    [Theory]
    [InlineData("zookeeper.connect", "localhost:2181")]
    [InlineData("inter.broker.protocol.version", "3.9")]
    public void A_key_without_effect_is_taken_with_a_warning(string key, string value)
    {
        var options = BrokerOptions.Load(null, new Dictionary<string, string?> { [key] = value });
        Assert.Contains(key, Assert.Single(options.Warnings), StringComparison.Ordinal);
    }

    /// <summary>M08: an acknowledgement of all never needs more replicas than there are.</summary>
    [Fact]
    public async Task More_replicas_in_sync_than_the_topic_has_are_not_waited_for()
    {
        await RestartAsync(("min.insync.replicas", "2"));
        await Client.CreateAsync("t", 1);
        Assert.Equal("2", (await Client.ConfigAsync(ConfigResourceType.Topic, "t", "min.insync.replicas")).Value);
        Assert.Equal(0, await Client.ProduceAsync("t", 0, TestBatch.Of("a"), acks: -1));
    }

    /// <summary>M10, I03, I04</summary>
    [Fact]
    public async Task The_offsets_topic_has_as_many_partitions_as_configured_and_fifty_by_default()
    {
        await Client.FindCoordinatorAsync("g");
        Assert.Equal(3, (await Client.DescribeAsync("__consumer_offsets")).Partitions.Length);
        Configs.Remove("offsets.topic.num.partitions");
        await RestartAsync();
        await Client.FindCoordinatorAsync("g");
        var offsets = await Client.DescribeAsync("__consumer_offsets");
        Assert.Equal((50, true), (offsets.Partitions.Length, offsets.IsInternal));
        var policy = await Client.ConfigAsync(ConfigResourceType.Topic, "__consumer_offsets", "cleanup.policy");
        Assert.Equal("compact", policy.Value);
    }

    [Theory]
    [InlineData("retention.ms", "soon")]
    [InlineData("cleanup.policy", "burn")]
    [InlineData("segment.bytes", "1")]
    [InlineData("min.insync.replicas", "0")]
    [InlineData("no.such.key", "1")]
    public async Task An_illegal_config_of_a_topic_is_refused_and_named(string key, string value)
    {
        var refused = await Client.TryCreateAsync(new() { Name = "t", NumPartitions = 1, Configs = [new(key, value)] });
        Assert.Equal(ErrorCode.InvalidConfig, refused.ErrorCode);
        Assert.Contains(key, refused.ErrorMessage, StringComparison.Ordinal);
    }
}

using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Hosting;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Part B: brokers, as far as one goes.</summary>
public sealed class ClusterRows : AcceptanceTest
{
    /// <summary>B01, B12, M01: a broker is one instance with its own id, reached by TCP.</summary>
    [Fact]
    public async Task A_started_broker_is_the_cluster_under_its_own_id()
    {
        await RestartAsync(("broker.id", "17"), ("broker.rack", "north"));
        var cluster = await Client.AskAsync(new DescribeClusterRequest());
        var broker = Assert.Single(cluster.Brokers);
        Assert.Equal((new BrokerId(17), "north"), (broker.BrokerId, broker.Rack));
        Assert.Equal(Broker.BootstrapServers, $"{broker.Host}:{broker.Port}");
        Assert.Equal(new BrokerId(17), cluster.ControllerId);
    }

    /// <summary>B02</summary>
    [Fact]
    public async Task Several_brokers_on_one_host_are_apart_by_port_and_data()
    {
        var configs = new Dictionary<string, string?> { ["broker.id"] = "2" };
        await using var other = await EmbeddedBroker.StartAsync(new() { Configs = configs });
        using var its = await TestKafkaClient.ConnectAsync(other);
        await its.CreateAsync("only-there", 1);
        Assert.Empty((await Client.AskAsync(new MetadataRequest())).Topics);
        Assert.NotEqual(
            (await Client.AskAsync(new MetadataRequest())).ClusterId,
            (await its.AskAsync(new MetadataRequest())).ClusterId);
    }

    /// <summary>B08, B09</summary>
    [Fact]
    public async Task A_client_with_one_address_finds_all_brokers_and_leaders()
    {
        await Client.CreateAsync("t", 3);
        var metadata = await Client.AskAsync(new MetadataRequest());
        var broker = Assert.Single(metadata.Brokers);
        using var found = await BrokerClient.ConnectAsync($"{broker.Host}:{broker.Port}");
        var again = await found.AskAsync(new MetadataRequest());
        Assert.Equal(metadata.ClusterId, again.ClusterId);
        Assert.All(again.Topics.Single().Partitions, p => Assert.Equal(broker.NodeId, p.LeaderId));
    }
}

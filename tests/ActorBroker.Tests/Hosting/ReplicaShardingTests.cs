using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Acceptance;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorBroker.Tests.Hosting;

/// <summary>In a cluster a broker's replicas are entities of its shard.</summary>
public sealed class ReplicaShardingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Each_broker_has_its_shard_with_its_replicas_and_a_deleted_topics_are_gone()
    {
        await using var cluster = await BrokerCluster.StartAsync(3, BrokerCluster.NobodyCrashes);
        using var client = await TestKafkaClient.ConnectAsync(cluster[1]);
        await client.TryCreateAsync(new()
        {
            Name = "t",
            Assignments = [new(0, [new(1), new(2)]), new(1, [new(3), new(2)])],
        });
        await cluster.UntilAsync(image => image.Topic("t") is not null);
        var id = cluster[1].Host.Metadata.Current.Topic("t")!.Id;
        Assert.Equal($"1: {id}-0", await ShardOfAsync(cluster, 1));
        Assert.Equal($"2: {id}-0 {id}-1", await ShardOfAsync(cluster, 2));
        Assert.Equal($"3: {id}-1", await ShardOfAsync(cluster, 3));
        await client.AskAsync(new DeleteTopicsRequest([new("t")], 30_000));
        await cluster.UntilAsync(image => image.Topic("t") is null);
        using var patience = new CancellationTokenSource(Patience);
        foreach (var broker in ThreeBrokers.Ids)
            while (await ShardOfAsync(cluster, broker) != $"{broker}: ") patience.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Akka stops the region of such a node at once, and with it all replicas.</summary>
    [Fact]
    public async Task A_broker_that_the_cluster_gives_up_closes_its_logs_in_order_and_joins_again()
    {
        await using var cluster = await BrokerCluster.StartAsync(3, BrokerCluster.NobodyCrashes);
        using (var client = await TestKafkaClient.ConnectAsync(cluster[1]))
        {
            await client.TryCreateAsync(new() { Name = "t", NumPartitions = 1, ReplicationFactor = 3 });
            await cluster.UntilAsync(image => image.Topic("t") is not null);
        }
        var (given, other) = (cluster[3], cluster[1]);
        var node = Akka.Cluster.Cluster.Get(given.System).SelfAddress;
        Akka.Cluster.Cluster.Get(other.System).Down(node);
        await given.Stopped.WaitAsync(BrokerCluster.Patience);
        cluster.Forget(3);
        Assert.True(cluster.DiskOf(3).FileExists("data/.kafka_cleanshutdown"));
        await cluster.StartOneAsync(3).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Topic("t")!.Partitions[0].Isr.Length == 3);
    }

    /// <returns>Its shard, and the entities there.</returns>
    private static async Task<string> ShardOfAsync(BrokerCluster cluster, int broker)
    {
        var region = ClusterSharding.Get(cluster[broker].System).ShardRegion("replica");
        var state = await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
        var shard = Assert.Single(state.Shards);
        return $"{shard.ShardId}: {string.Join(' ', shard.EntityIds.Order(StringComparer.Ordinal))}";
    }
}

using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Hosting;

namespace ActorBroker.Tests.Acceptance;

/// <summary>A cluster of three for all tests of a class that leave it whole.</summary>
public sealed class ThreeBrokers : IAsyncLifetime
{
    internal static readonly int[] Ids = [1, 2, 3];

    internal BrokerCluster Cluster { get; } = new(3, voters: 3, BrokerCluster.NobodyCrashes);

    public async Task InitializeAsync()
    {
        Cluster.Configs["offsets.topic.num.partitions"] = "3";
        Cluster.Configs["group.initial.rebalance.delay.ms"] = "0";
        Cluster.Configs["replica.high.watermark.checkpoint.interval.ms"] = "100";
        await Task.WhenAll(Ids.Select(id => Cluster.StartOneAsync(id))).WaitAsync(BrokerCluster.Patience);
        await Cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 3);
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    internal Task<TestKafkaClient> ConnectAsync(int broker = 1) => TestKafkaClient.ConnectAsync(Cluster[broker]);

    /// <summary>Made through one broker, and there on all.</summary>
    internal async Task<TopicImage> CreateAsync(string topic, int partitions, short replicas, params (string Key, string Value)[] configs)
    {
        using var client = await ConnectAsync();
        var made = await client.TryCreateAsync(new()
        {
            Name = topic,
            NumPartitions = partitions,
            ReplicationFactor = replicas,
            Configs = [.. configs.Select(c => new CreateTopicsRequest.Config(c.Key, c.Value))],
        });
        Assert.Equal((ErrorCode.None, null), (made.ErrorCode, made.ErrorMessage));
        await Cluster.UntilAsync(image => image.Topic(topic)?.Partitions.All(p => p.Isr.Length == replicas) ?? false);
        return Cluster[1].Host.Metadata.Current.Topic(topic)!;
    }

    internal Task<TestKafkaClient> LeaderAsync(TopicPartition partition) =>
        ConnectAsync(Cluster[1].Host.Metadata.Current.Partition(partition)!.Leader.Value);
}

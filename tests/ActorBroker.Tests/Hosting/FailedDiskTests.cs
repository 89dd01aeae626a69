using System.Collections.Immutable;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Acceptance;

namespace ActorBroker.Tests.Hosting;

/// <summary>Three brokers with two data directories each, of which one fails.</summary>
public sealed class FailedDiskTests
{
    private const string Topic = "t";
    private const int Partitions = 6;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>The first directory has the controller's journal too.</summary>
    [Theory]
    [InlineData("b")]
    [InlineData("a")]
    public async Task A_directory_that_fails_takes_only_its_replicas_and_they_come_back_with_it(string folder)
    {
        await using var cluster = await StartAsync();
        var victim = cluster.ControllerId();
        await CreateAsync(cluster, Topic, Partitions, leader: victim);
        var self = new BrokerId(victim);
        using var client = await TestKafkaClient.ConnectAsync(cluster[victim]);
        var inIt = await InFolderAsync(client, folder);
        Assert.Equal(Partitions / 2, inIt.Count);
        for (var i = 0; i < Partitions; i++) await WriteAsync(cluster, i, $"before {i}");

        var led = inIt.First(i => Image(cluster).Partition(new(Topic, i))!.Leader == self);
        cluster.FailFolder(victim, folder);
        var refused = await client.ErrorOfProduceAsync(Topic, led, TestBatch.Of("refused"));
        Assert.True(refused is ErrorCode.KafkaStorageError or ErrorCode.NotLeaderOrFollower, $"{refused}");
        await cluster.UntilAsync(image => image.Topic(Topic)!.Partitions.All(p =>
            inIt.Contains(p.Index)
                ? p.Leader != self && !p.Leader.IsNone && p.Isr.Length == 2 && p.Offline.SequenceEqual([self])
                : p.Isr.Length == 3 && p.Offline.IsEmpty));
        Assert.Contains(Image(cluster).Topic(Topic)!.Partitions, p => p.Leader == self); // The other directory goes on.
        for (var i = 0; i < Partitions; i++) await WriteAsync(cluster, i, $"meanwhile {i}");
        var measured = Measured.Of(victim);
        Assert.Equal(1, measured.Max(m => m.Name == "kafka.log.LogManager.OfflineLogDirectoryCount" ? m.Value : 0));
        Assert.Equal(inIt.Count, measured.Max(m => m.Name == "kafka.server.ReplicaManager.OfflineReplicaCount" ? m.Value : 0));
        var failed = Assert.Single(await DescribeAsync(client), d => d.ErrorCode == ErrorCode.KafkaStorageError);
        Assert.Equal(folder, Path.GetFileName(failed.LogDir));

        // What is new goes to the directory that is left.
        await CreateAsync(cluster, "later", 3, leader: victim);
        var healthy = Assert.Single(await DescribeAsync(client), d => d.ErrorCode == ErrorCode.None);
        Assert.Equal(3, Assert.Single(healthy.Topics, t => t.Name == "later").Partitions.Length);

        // A restart that finds it as it was, and one that finds it mended.
        await cluster.StopAsync(victim);
        await cluster.StartOneAsync(victim).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Topic(Topic)!.Partitions.All(p =>
            inIt.Contains(p.Index) ? p.Offline.SequenceEqual([self]) && p.Leader != self : p.Isr.Length == 3));
        await cluster.StopAsync(victim);
        cluster.Mend(victim);
        await cluster.StartOneAsync(victim).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Topic(Topic)!.Partitions.All(p => p.Isr.Length == 3 && p.Offline.IsEmpty));
        for (var i = 0; i < Partitions; i++)
        {
            using var leader = await LeaderOfAsync(cluster, i);
            Assert.Equal([$"before {i}", $"meanwhile {i}"], await leader.ReadValuesAsync(Topic, i));
        }
    }

    [Fact]
    public async Task A_broker_without_any_directory_that_works_stops_and_others_lead()
    {
        await using var cluster = await StartAsync();
        var victim = new BrokerId(2);
        await CreateAsync(cluster, Topic, Partitions, leader: 2);
        var broker = cluster[victim.Value];
        cluster.FailFolder(2, "a");
        using (var client = await TestKafkaClient.ConnectAsync(broker))
            for (var i = 0; i < Partitions; i++) await client.ErrorOfProduceAsync(Topic, i, TestBatch.Of("x")); // Some fail.
        await cluster.UntilAsync(image => image.Topic(Topic)!.Partitions.Any(p => p.Offline.Contains(victim)));
        Assert.False(broker.Stopped.IsCompleted);
        cluster.FailFolder(2, ""); // All of them.
        await broker.Stopped.WaitAsync(BrokerCluster.Patience);
        cluster.Forget(2);
        await cluster.UntilAsync(image => image.Topic(Topic)!.Partitions.All(p => p.Leader != victim && !p.Leader.IsNone));
    }

    private static async Task<BrokerCluster> StartAsync()
    {
        var cluster = await BrokerCluster.StartAsync(
            3, ("log.dirs", "a,b"), ("replica.high.watermark.checkpoint.interval.ms", "200"), BrokerCluster.NobodyCrashes);
        await cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 3);
        return cluster;
    }

    /// <summary>A topic that one broker leads as a whole, so that it leads some in each directory.</summary>
    private static async Task CreateAsync(BrokerCluster cluster, string topic, int partitions, int leader)
    {
        BrokerId[] replicas = [.. Enumerable.Range(0, 3).Select(i => new BrokerId(((leader - 1 + i) % 3) + 1))];
        var made = await cluster[leader].Host.Controller.AskAsync<ClusterCommand.CreateTopics.Answer>(
            new ClusterCommand.CreateTopics(
            [
                NewTopic.Named(topic, new TopicId((UInt128)topic[0]), configs: [new("min.insync.replicas", "2")]) with
                {
                    Assignment = Enumerable.Range(0, partitions)
                        .ToImmutableSortedDictionary(p => p, _ => replicas.ToImmutableArray()),
                },
            ]),
            Timeout);
        Assert.Equal(ErrorCode.None, made.Topics[0].Verdict.Error);
        await cluster.UntilAsync(image => image.Topic(topic) is not null);
    }

    private static MetadataImage Image(BrokerCluster cluster) => cluster.Running.First().Host.Metadata.Current;

    private static async Task<TestKafkaClient> LeaderOfAsync(BrokerCluster cluster, int partition) =>
        await TestKafkaClient.ConnectAsync(cluster[Image(cluster).Partition(new(Topic, partition))!.Leader.Value]);

    private static async Task WriteAsync(BrokerCluster cluster, int partition, string value)
    {
        using var leader = await LeaderOfAsync(cluster, partition);
        await leader.ProduceAsync(Topic, partition, value);
    }

    private static async Task<DescribeLogDirsResponse.Result[]> DescribeAsync(TestKafkaClient client) =>
        (await client.AskAsync(new DescribeLogDirsRequest(null))).Results;

    private static async Task<HashSet<int>> InFolderAsync(TestKafkaClient client, string folder) =>
        [.. (await DescribeAsync(client)).Single(d => Path.GetFileName(d.LogDir) == folder).Topics
            .Where(t => t.Name == Topic).SelectMany(t => t.Partitions).Select(p => p.PartitionIndex)];
}

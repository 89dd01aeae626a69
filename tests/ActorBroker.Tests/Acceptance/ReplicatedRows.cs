using System.Net.Sockets;
using ActorBroker.Core.Metadata;
using ActorBroker.Journal.Checkpoints;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Hosting;
using Akka.Actor;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Parts B, C, E and F: three brokers of which none fails.</summary>
public sealed class ReplicatedRows(ThreeBrokers brokers) : IClassFixture<ThreeBrokers>
{
    private const int NotThere = 9;

    /// <summary>B15, C19: topic1 with two partitions, topic2 with one, three replicas of each: every broker has all three partitions,
    /// and none leads two of a topic.</summary>
    [Fact]
    public async Task The_worked_example_of_three_replicas_lies_on_every_broker()
    {
        var first = await brokers.CreateAsync("topic1", 2, 3);
        var second = await brokers.CreateAsync("topic2", 1, 3);
        PartitionImage[] all = [.. first.Partitions, .. second.Partitions];
        Assert.All(all, p => Assert.Equal(ThreeBrokers.Ids, p.Replicas.Select(r => r.Value).Order()));
        Assert.NotEqual(first.Partitions[0].Leader, first.Partitions[1].Leader);
        foreach (var id in ThreeBrokers.Ids)
            foreach (var folder in new[] { "topic1-0", "topic1-1", "topic2-0" })
                Assert.True(brokers.Cluster.DiskOf(id).DirectoryExists($"data/{folder}"), $"{folder} on broker {id}");
    }

    /// <summary>B16: my-replicated-topic-1 with four partitions and two replicas of each on three brokers.</summary>
    [Fact]
    public async Task The_worked_example_of_two_replicas_spreads_over_the_brokers()
    {
        var topic = await brokers.CreateAsync("my-replicated-topic-1", 4, 2);
        Assert.Equal(4, topic.Partitions.Length);
        Assert.All(topic.Partitions, p => Assert.Equal(2, p.Replicas.Distinct().Count()));
        Assert.Equal([2, 3, 3], Count(topic.Partitions.SelectMany(p => p.Replicas)));
        Assert.Equal([1, 1, 2], Count(topic.Partitions.Select(p => p.Leader)));
        for (var partition = 0; partition < 4; partition++)
        {
            using var leader = await brokers.LeaderAsync(new(topic.Name, partition));
            Assert.Equal(0, await leader.ProduceAsync(topic.Name, partition, "x"));
        }
    }

    /// <summary>B06, B07, B08, E01, E04, E05, E22: which brokers live where, and who leads and has each partition; all replicas are in
    /// sync while nothing is wrong.</summary>
    [Fact]
    public async Task Every_broker_tells_the_same_of_brokers_topics_and_replicas()
    {
        await brokers.CreateAsync("told", 3, 3);
        HashSet<string> answers = [];
        foreach (var id in ThreeBrokers.Ids)
        {
            using var client = await brokers.ConnectAsync(id);
            var metadata = await client.AskAsync(new MetadataRequest { Topics = [new("told")] });
            Assert.Equal(
                ThreeBrokers.Ids.Select(b => $"{b} {brokers.Cluster[b].BootstrapServers}"),
                metadata.Brokers.OrderBy(b => b.NodeId.Value).Select(b => $"{b.NodeId} {b.Host}:{b.Port}"));
            var described = (await client.AskAsync(new DescribeTopicPartitionsRequest(["told"]))).Topics.Single();
            Assert.All(described.Partitions, p =>
            {
                Assert.Equal(ThreeBrokers.Ids, p.ReplicaNodes.Select(r => r.Value).Order());
                Assert.Equal(p.ReplicaNodes.Order(), p.IsrNodes.Order());
                Assert.Empty(p.OfflineReplicas);
            });
            answers.Add(string.Join("; ", described.Partitions.Select(p => $"{p.Index} {p.LeaderId} {p.LeaderEpoch}"))
                + $" {metadata.ClusterId} {metadata.ControllerId}");
        }
        Assert.Single(answers);
    }

    /// <summary>B13, C14, C19: leaders and replicas of a new topic differ by one at most.</summary>
    [Theory]
    [InlineData(12, 3)]
    [InlineData(7, 2)]
    [InlineData(5, 1)]
    public async Task A_new_topic_is_spread_evenly(int partitions, short replicas)
    {
        var topic = await brokers.CreateAsync($"even-{partitions}", partitions, replicas);
        foreach (var counts in new[] { Count(topic.Partitions.Select(p => p.Leader)), Count(topic.Partitions.SelectMany(p => p.Replicas)) })
            Assert.True(counts.Length == 3 && counts[^1] - counts[0] <= 1, string.Join(", ", counts));
    }

    /// <summary>B14: no broker has two replicas of a partition, and there can't be more than brokers.</summary>
    [Fact]
    public async Task More_replicas_than_brokers_are_refused_and_so_is_a_broker_named_twice()
    {
        using var client = await brokers.ConnectAsync();
        var tooMany = await client.TryCreateAsync(new() { Name = "four", NumPartitions = 1, ReplicationFactor = 4 });
        Assert.Equal(ErrorCode.InvalidReplicationFactor, tooMany.ErrorCode);
        foreach (var replicas in new BrokerId[][] { [new(1), new(1)], [new(1), new(NotThere)] })
        {
            var bad = await client.TryCreateAsync(
                new() { Name = "bad", NumPartitions = -1, ReplicationFactor = -1, Assignments = [new(0, replicas)] });
            Assert.Equal(ErrorCode.InvalidReplicaAssignment, bad.ErrorCode);
        }
    }

    /// <summary>B10, E02, E21, G09: whoever is not the leader neither takes records nor passes them on, nor serves consumers that know
    /// nothing of nearest replicas (KIP-392, Fetch v11).</summary>
    [Fact]
    public async Task Only_the_leader_writes_and_reads_and_nobody_passes_requests_on()
    {
        var leader = (await brokers.CreateAsync("direct", 1, 3)).Partitions[0].Leader;
        foreach (var id in ThreeBrokers.Ids.Where(id => id != leader.Value))
        {
            using var other = await brokers.ConnectAsync(id);
            Assert.Equal(ErrorCode.NotLeaderOrFollower, await other.ErrorOfProduceAsync("direct", 0, TestBatch.Of("x")));
            Assert.Equal(ErrorCode.NotLeaderOrFollower, await ErrorOfOldFetchAsync(other, "direct"));
        }
        using var client = await brokers.ConnectAsync(leader.Value);
        Assert.Equal(0, await client.ProduceAsync("direct", 0, "first"));
        Assert.Equal(["first"], await client.ReadValuesAsync("direct", 0));
    }

    /// <summary>B12</summary>
    [Fact]
    public async Task Clients_and_brokers_come_by_TCP()
    {
        var remote = ((ExtendedActorSystem)brokers.Cluster[1].System).Provider.DefaultAddress;
        using var socket = new TcpClient();
        await socket.ConnectAsync(remote.Host!, remote.Port!.Value);
        using var client = await brokers.ConnectAsync();
        Assert.NotEmpty((await client.AskAsync(new MetadataRequest())).Brokers);
    }

    /// <summary>C05, F03, F05, F06: asked of any broker, decided by the controller, known to all.</summary>
    [Fact]
    public async Task Partitions_are_added_through_any_broker_and_have_leaders_everywhere()
    {
        await brokers.CreateAsync("grows", 2, 2);
        using (var client = await brokers.ConnectAsync(3))
        {
            var answer = await client.AskAsync(new CreatePartitionsRequest([new("grows", 6, null)], 30_000, ValidateOnly: false));
            Assert.Equal(ErrorCode.None, answer.Results.Single().ErrorCode);
        }
        await brokers.Cluster.UntilAsync(
            image => image.Topic("grows")!.Partitions is { Length: 6 } all && all.All(p => !p.Leader.IsNone));
        foreach (var id in ThreeBrokers.Ids)
        {
            using var client = await brokers.ConnectAsync(id);
            Assert.Equal(6, (await client.DescribeAsync("grows")).Partitions.Count(p => p.ErrorCode == ErrorCode.None));
        }
        using var leader = await brokers.LeaderAsync(new("grows", 5));
        Assert.Equal(0, await leader.ProduceAsync("grows", 5, "in a new one"));
    }

    /// <summary>F01, F02, F03, R2: one controller, known to all brokers, and it is the oldest.</summary>
    [Fact]
    public async Task All_name_the_same_controller_and_it_is_the_oldest_broker()
    {
        var oldest = brokers.Cluster.ControllerId();
        foreach (var id in ThreeBrokers.Ids)
        {
            using var client = await brokers.ConnectAsync(id);
            Assert.Equal(oldest, (await client.AskAsync(new MetadataRequest())).ControllerId.Value);
            Assert.Equal(oldest, (await client.AskAsync(new DescribeClusterRequest())).ControllerId.Value);
        }
        foreach (var id in ThreeBrokers.Ids)
            Assert.Equal(id == oldest, brokers.Cluster.LogOf(id).Has("Controller starts at metadata version"));
    }

    /// <summary>B05, B20: brokers find each other and register without any other service, and the log shows it.</summary>
    [Fact]
    public async Task The_controller_logs_who_came()
    {
        var log = brokers.Cluster.LogOf(brokers.Cluster.ControllerId());
        foreach (var id in ThreeBrokers.Ids) await log.UntilAsync($"Broker {id} is there and has caught up; it may lead");
    }

    /// <summary>E09, E11: each replica has the whole log in the end, and its own high watermark on its disk.</summary>
    [Fact]
    public async Task Each_replica_keeps_its_high_watermark()
    {
        var topic = await brokers.CreateAsync("marked", 1, 3);
        using var leader = await brokers.LeaderAsync(new("marked", 0));
        for (var i = 0; i < 7; i++) await leader.ProduceAsync("marked", 0, $"{i}");
        using var patience = new CancellationTokenSource(BrokerCluster.Patience);
        foreach (var id in ThreeBrokers.Ids)
        {
            var file = new OffsetCheckpoint(brokers.Cluster.DiskOf(id), $"data/{OffsetCheckpoint.Replication}");
            while (file.Read(out _).GetValueOrDefault(new(topic.Name, 0)) != new Offset(7)) await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>E20: each replica more takes the records' size once more, and both what log-dirs describes and the metric say so.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Replicas_take_space_which_is_described_and_measured(short replicas)
    {
        var topic = $"copies-{replicas}";
        await brokers.CreateAsync(topic, 2, replicas);
        var batches = new[] { TestBatch.Of(new string('x', 10_000)), TestBatch.Of("a", "b", "c") };
        for (var partition = 0; partition < batches.Length; partition++)
        {
            using var leader = await brokers.LeaderAsync(new(topic, partition));
            await leader.ProduceAsync(topic, partition, batches[partition]);
        }
        var expected = batches.SelectMany((batch, partition) => Enumerable.Repeat($"{topic}-{partition} {batch.Length}", replicas))
            .Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected, await DescribedSizesAsync(topic));
        Assert.Equal(expected, MeasuredSizes(topic));
    }

    private async Task<IEnumerable<string>> DescribedSizesAsync(string topic)
    {
        var sizes = new List<string>();
        foreach (var id in ThreeBrokers.Ids)
        {
            using var client = await brokers.ConnectAsync(id);
            var described = await client.AskAsync(new DescribeLogDirsRequest(null));
            sizes.AddRange(described.Results.SelectMany(d => d.Topics).Where(t => t.Name == topic)
                .SelectMany(t => t.Partitions.Select(p => $"{topic}-{p.PartitionIndex} {p.PartitionSize}")));
        }
        return sizes.Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> MeasuredSizes(string topic) => ThreeBrokers.Ids.SelectMany(Measured.Of)
        .Where(m => m.Name == "kafka.log.Log.Size" && m.Tags["topic"] is string name && name == topic)
        .Select(m =>
        {
            Assert.Equal("data", Path.GetFileName(m.Tags["directory"] as string));
            return $"{topic}-{m.Tags["partition"]} {m.Value}";
        })
        .Order(StringComparer.Ordinal);

    private static async Task<ErrorCode> ErrorOfOldFetchAsync(TestKafkaClient client, string topic)
    {
        var fetch = TestKafkaClient.ToFetch(topic, new() { PartitionMaxBytes = 1 });
        return (await client.AskAsync(fetch, version: 10)).Responses[0].Partitions[0].Head.ErrorCode;
    }

    private static int[] Count(IEnumerable<BrokerId> brokers) => [.. brokers.CountBy(b => b).Select(c => c.Value).Order()];
}

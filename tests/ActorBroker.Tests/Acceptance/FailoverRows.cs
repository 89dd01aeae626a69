using ActorBroker.Core.Metadata;
using ActorBroker.Journal.Checkpoints;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Groups;
using ActorBroker.Tests.Hosting;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Parts B, E, F, G, I and Q: brokers fail, and others come.</summary>
public sealed class FailoverRows
{
    /// <summary>B17, G21, Q07, R18: of a partition with three replicas two may be lost, and it can still be read; written too, as far
    /// as min.insync.replicas lets it. (Five brokers, so that a majority of the controller's voters is left. The second one dies
    /// before the cluster has given up the first one.)</summary>
    [Fact]
    public async Task Of_three_replicas_two_may_fail_and_the_partition_is_still_read()
    {
        await using var cluster = await BrokerCluster.StartAsync(5, ("replica.high.watermark.checkpoint.interval.ms", "100"));
        await CreateAsync(cluster, "strict", 3, [3, 4, 5], ("min.insync.replicas", "2"));
        await CreateAsync(cluster, "lax", 3, [3, 4, 5], ("min.insync.replicas", "1"));
        foreach (var topic in new[] { "strict", "lax" }) await ProduceAsync(cluster, topic, "before");
        // Else the last one may not have heard yet that it is committed, and alone it must not show it (KIP-966).
        await KnowsAsync(cluster, 5, "strict", new(1));
        foreach (var victim in new[] { 3, 4 })
        {
            await cluster.CrashAsync(victim);
            await cluster.UntilAsync(image => image.Brokers[new BrokerId(victim)].IsFenced
                && Part(image, "lax").Leader is { IsNone: false } leader && leader.Value != victim);
        }
        await cluster.UntilAsync(image => Part(image, "strict").Leader.Value == 5 && Part(image, "strict").Isr.Length == 1);
        using var last = await TestKafkaClient.ConnectAsync(cluster[5]);
        Assert.Equal(["before"], await last.ReadValuesAsync("strict", 0));
        Assert.Equal(ErrorCode.NotEnoughReplicas, await last.ErrorOfProduceAsync("strict", 0, TestBatch.Of("refused")));
        await last.ProduceAsync("lax", 0, "after");
        Assert.Equal(["before", "after"], await last.ReadValuesAsync("lax", 0));
        await cluster.LogOf(5).UntilAsync("lax-0: of 3 replicas only this one is in sync, so acks=all promises no more than acks=1");
    }

    /// <summary>I15, Q06, G20, G22: with acks=all and as many replicas in sync demanded as there are, one broker less stops the
    /// writes, and what was acknowledged is on all of them.</summary>
    [Fact]
    public async Task With_all_replicas_demanded_one_lost_broker_stops_the_writes_and_nothing_is_lost()
    {
        await using var cluster = await BrokerCluster.StartAsync(3);
        await CreateAsync(cluster, "t", 3, [1, 2, 3], ("min.insync.replicas", "3"));
        for (var i = 0; i < 5; i++) await ProduceAsync(cluster, "t", $"{i}");
        await cluster.CrashAsync(3);
        await cluster.UntilAsync(image => Part(image, "t").Isr.Length == 2);
        using (var client = await LeaderAsync(cluster, "t"))
            Assert.Equal(ErrorCode.NotEnoughReplicas, await client.ErrorOfProduceAsync("t", 0, TestBatch.Of("refused")));
        await cluster.StartOneAsync(3).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => Part(image, "t").Isr.Length == 3);
        await ProduceAsync(cluster, "t", "5");
        // Any of them could go on with all of it. As in Kafka (KIP-966), the last record is shown when there are three again:
        // with fewer in sync than demanded, the high watermark stays where the new leader knew it.
        await cluster.CrashAsync(1);
        await cluster.UntilAsync(image => Part(image, "t").Leader.Value is 2 or 3);
        using var next = await LeaderAsync(cluster, "t");
        await cluster.StartOneAsync(1).WaitAsync(BrokerCluster.Patience);
        using var patience = new CancellationTokenSource(BrokerCluster.Patience);
        while (await next.ReadValuesAsync("t", 0) is var read && !read.SequenceEqual(["0", "1", "2", "3", "4", "5"]))
        {
            Assert.Equal(["0", "1", "2", "3", "4"], read);
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>B04: a fourth broker comes while a client writes; no request fails, and the newcomer gets new
    /// partitions.</summary>
    [Fact]
    public async Task A_broker_is_added_under_load_and_no_request_fails()
    {
        await using var cluster = new BrokerCluster(4, voters: 3, BrokerCluster.NobodyCrashes);
        await Task.WhenAll(ThreeBrokers.Ids.Select(id => cluster.StartOneAsync(id))).WaitAsync(BrokerCluster.Patience);
        await CreateAsync(cluster, "t", 3, [1, 2, 3]);
        using var stop = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            using var client = await LeaderAsync(cluster, "t");
            var sent = 0;
            for (; !stop.IsCancellationRequested; sent++) await client.ProduceAsync("t", 0, $"{sent}");
            return sent;
        });
        await cluster.StartOneAsync(4).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 4);
        await stop.CancelAsync();
        var sent = await load.WaitAsync(BrokerCluster.Patience);
        using var client = await LeaderAsync(cluster, "t");
        Assert.Equal(sent, (await client.BoundsAsync("t", 0)).End);
        Assert.Contains((await client.AskAsync(new MetadataRequest())).Brokers, b => b.NodeId.Value == 4);
        using var newcomer = await TestKafkaClient.ConnectAsync(cluster[4]);
        await newcomer.CreateAsync("u", 4);
        await cluster.UntilAsync(image => image.Topic("u") is { } u && u.Partitions.Any(p => p.Leader.Value == 4));
    }

    /// <summary>E16: without other replicas a partition is away as long as its broker, and comes back with it.</summary>
    [Fact]
    public async Task A_partition_with_one_replica_is_away_while_its_broker_is()
    {
        await using var cluster = await BrokerCluster.StartAsync(3);
        await CreateAsync(cluster, "t", 1, [3]);
        await ProduceAsync(cluster, "t", "kept");
        await cluster.CrashAsync(3);
        await cluster.UntilAsync(image => Part(image, "t").Leader.IsNone);
        using (var client = await TestKafkaClient.ConnectAsync(cluster[1]))
        {
            var described = (await client.DescribeAsync("t")).Partitions.Single();
            Assert.Equal((ErrorCode.LeaderNotAvailable, BrokerId.None), (described.ErrorCode, described.LeaderId));
            Assert.Equal([new BrokerId(3)], described.OfflineReplicas);
        }
        await cluster.StartOneAsync(3).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => Part(image, "t").Leader.Value == 3);
        using var again = await LeaderAsync(cluster, "t");
        Assert.Equal(["kept"], await again.ReadValuesAsync("t", 0));
    }

    /// <summary>F01, F02, F10, E19: the controller dies twice in a row; each time the oldest that is left takes over, knows who
    /// was in sync, and all are told.</summary>
    [Fact]
    public async Task The_controller_dies_twice_and_each_time_the_oldest_that_is_left_is_it()
    {
        await using var cluster = await BrokerCluster.StartAsync(3);
        await CreateAsync(cluster, "t", 3, [1, 2, 3]);
        for (var round = 0; round < 2; round++)
        {
            var controller = cluster.ControllerId();
            await cluster.CrashAsync(controller);
            await cluster.UntilAsync(image => image.Brokers[new BrokerId(controller)].IsFenced
                && Part(image, "t") is { Isr.Length: 2 } p && !p.Isr.Contains(new(controller)) && p.Isr.Contains(p.Leader));
            foreach (var broker in cluster.Running)
            {
                using var client = await TestKafkaClient.ConnectAsync(broker);
                using var patience = new CancellationTokenSource(BrokerCluster.Patience);
                while ((await client.AskAsync(new MetadataRequest())).ControllerId.Value != cluster.ControllerId())
                    await Task.Delay(20, patience.Token);
            }
            using (var client = await TestKafkaClient.ConnectAsync(cluster.Running.Last()))
                await client.CreateAsync($"u{round}", 1);
            await cluster.StartOneAsync(controller).WaitAsync(BrokerCluster.Patience);
            await cluster.UntilAsync(image => Part(image, "t").Isr.Length == 3);
            Assert.NotEqual(controller, cluster.ControllerId()); // The youngest now.
        }
    }

    /// <summary>A group moves with the leader of its partition of __consumer_offsets: its offsets and its members are there, and
    /// no commit that was acknowledged is lost. The topic has as many replicas as there were brokers, three at most.</summary>
    [Fact]
    public async Task A_group_goes_on_with_its_offsets_when_its_coordinators_broker_dies()
    {
        await using var cluster = new BrokerCluster(3, voters: 3);
        cluster.Configs["offsets.topic.num.partitions"] = "3";
        cluster.Configs["group.initial.rebalance.delay.ms"] = "0";
        await Task.WhenAll(ThreeBrokers.Ids.Select(id => cluster.StartOneAsync(id))).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 3);
        await CreateAsync(cluster, "t", 3, [1, 2, 3]);
        var coordinator = await CoordinatorAsync(cluster, "g");
        var offsets = await OffsetsTopicAsync(cluster);
        Assert.All(offsets.Partitions, p => Assert.Equal(3, p.Replicas.Length));
        using var member = await GroupMember.ConnectAsync(cluster[coordinator], "g", partitions: 1);
        await member.JoinAsync();
        Assert.Equal(ErrorCode.None, await member.CommitAsync(0, 41));
        Assert.Equal(ErrorCode.None, await member.CommitAsync(0, 42));

        await cluster.CrashAsync(coordinator);
        var next = await CoordinatorAsync(cluster, "g");
        Assert.NotEqual(coordinator, next);
        using var client = await TestKafkaClient.ConnectAsync(cluster[next]);
        Assert.Equal(42, (await client.CommittedAsync("g", "t", 0)).CommittedOffset.Value);
        Assert.Equal(
            ErrorCode.None, (await client.AskAsync(new HeartbeatRequest("g", member.Generation, member.MemberId))).ErrorCode);
        var other = ThreeBrokers.Ids.Single(id => id != coordinator && id != next);
        using var third = await TestKafkaClient.ConnectAsync(cluster[other]);
        Assert.Equal(
            ErrorCode.NotCoordinator,
            (await third.AskAsync(new HeartbeatRequest("g", member.Generation, member.MemberId))).ErrorCode);
        using var fourth = await TestKafkaClient.ConnectAsync(cluster[await CoordinatorAsync(cluster, "h")]);
        Assert.Equal(ErrorCode.None, await fourth.CommitAsync("h", "t", 0, 7));
    }

    /// <summary>The offsets topic has no more replicas than there are brokers when it is made.</summary>
    [Fact]
    public async Task The_offsets_topic_of_two_brokers_has_two_replicas()
    {
        await using var cluster = await BrokerCluster.StartAsync(2, voters: 1, BrokerCluster.NobodyCrashes);
        await cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 2);
        await CoordinatorAsync(cluster, "g");
        var offsets = await OffsetsTopicAsync(cluster);
        Assert.All(offsets.Partitions, p => Assert.Equal(2, p.Replicas.Length));
    }

    /// <summary>As a client: asks any broker until one is named that has loaded the group.</summary>
    private static async Task<int> CoordinatorAsync(BrokerCluster cluster, string group)
    {
        using var patience = new CancellationTokenSource(BrokerCluster.Patience);
        while (true)
        {
            using var any = await TestKafkaClient.ConnectAsync(cluster.Running.First());
            var found = (await any.AskAsync(new FindCoordinatorRequest(CoordinatorType.Group, [group]))).Coordinators[0];
            if (found.ErrorCode == ErrorCode.None && cluster.Running.Any(b => b.BootstrapServers == $"{found.Host}:{found.Port}"))
            {
                using var coordinator = await TestKafkaClient.ConnectAsync(cluster[found.NodeId.Value]);
                var loaded = (await coordinator.AskAsync(new OffsetFetchRequest([new(group, null)]))).Groups[0].ErrorCode;
                if (loaded == ErrorCode.None) return found.NodeId.Value;
                Assert.Contains(
                    loaded,
                    new[] { ErrorCode.CoordinatorLoadInProgress, ErrorCode.NotCoordinator, ErrorCode.CoordinatorNotAvailable });
            }
            else
            {
                Assert.Contains(found.ErrorCode, new[] { ErrorCode.None, ErrorCode.CoordinatorNotAvailable });
            }
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Whoever was asked for the coordinator knows of it; the others hear of it.</summary>
    private static async Task<TopicImage> OffsetsTopicAsync(BrokerCluster cluster)
    {
        await cluster.UntilAsync(image => image.Topic(TopicImage.ConsumerOffsets) is not null);
        return cluster.Running.First().Host.Metadata.Current.Topic(TopicImage.ConsumerOffsets)!;
    }

    private static PartitionImage Part(MetadataImage image, string topic) => image.Topic(topic)!.Partitions[0];

    private static async Task CreateAsync(
        BrokerCluster cluster, string topic, int replicas, int[] on, params (string Key, string Value)[] configs)
    {
        await cluster.UntilAsync(image => on.All(id => image.IsServing(new(id))));
        using var client = await TestKafkaClient.ConnectAsync(cluster.Running.First());
        var made = await client.TryCreateAsync(new()
        {
            Name = topic,
            NumPartitions = -1,
            ReplicationFactor = -1,
            Assignments = [new(0, [.. on.Select(id => new BrokerId(id))])],
            Configs = [.. configs.Select(c => new CreateTopicsRequest.Config(c.Key, c.Value))],
        });
        Assert.Equal((ErrorCode.None, null), (made.ErrorCode, made.ErrorMessage));
        await cluster.UntilAsync(image => image.Topic(topic) is not null && Part(image, topic).Isr.Length == replicas);
    }

    /// <summary>Waits until a broker knows that all before an offset is committed: it hears so with the next answer of the
    /// leader.</summary>
    private static async Task KnowsAsync(BrokerCluster cluster, int broker, string topic, Offset committed)
    {
        using var patience = new CancellationTokenSource(BrokerCluster.Patience);
        var file = new OffsetCheckpoint(cluster.DiskOf(broker), $"data/{OffsetCheckpoint.Replication}");
        while (file.Read(out _).GetValueOrDefault(new(topic, 0)) != committed) await Task.Delay(20, patience.Token);
    }

    private static async Task ProduceAsync(BrokerCluster cluster, string topic, string value)
    {
        using var client = await LeaderAsync(cluster, topic);
        await client.ProduceAsync(topic, 0, value);
    }

    private static Task<TestKafkaClient> LeaderAsync(BrokerCluster cluster, string topic) =>
        TestKafkaClient.ConnectAsync(cluster[Part(cluster.Running.First().Host.Metadata.Current, topic).Leader.Value]);
}

using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Acceptance;

namespace ActorBroker.Tests.Hosting;

/// <summary>What goes wrong in a cluster by bad input or broken machines: the right error, a line in the log that names the
/// cause, and a cluster that heals.</summary>
public sealed class ClusterFaultTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly (string, string) MinInSync = ("min.insync.replicas", "2");

    [Fact]
    public async Task The_second_broker_with_an_id_is_refused_and_the_first_goes_on()
    {
        await using var cluster = await BrokerCluster.StartAsync(1);
        var refused = await Assert.ThrowsAsync<BrokerConfigException>(() => cluster.StartRivalAsync(1))
            .WaitAsync(BrokerCluster.Patience);
        Assert.Contains("broker.id = 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Another process is broker 1", refused.Message, StringComparison.Ordinal);
        await cluster.LogOf(1).UntilAsync("the registration: DuplicateBrokerRegistration");
        Assert.Equal(1, cluster[1].Host.Metadata.Current.Brokers[new BrokerId(1)].Epoch);
        using var client = await TestKafkaClient.ConnectAsync(cluster[1]);
        await client.CreateAsync("t", 1);
        Assert.Equal(0, await client.ProduceAsync("t", 0, "on"));
    }

    /// <summary>It is a voter, too: neither its data nor its copy of the controller's journal come in.</summary>
    [Fact]
    public async Task A_broker_with_another_clusters_data_is_refused_and_started_with_its_own_it_is_let_in()
    {
        await using var foreign = await BrokerCluster.StartAsync(3);
        await foreign.CrashAsync(3);
        await using var cluster = await BrokerCluster.StartAsync(3);
        var (own, other) = (cluster[1].Host.Metadata.Current.ClusterId, foreign[1].Host.Metadata.Current.ClusterId);
        await cluster.CrashAsync(3);
        var disk = cluster.DiskOf(3);
        cluster.ReplaceDisk(3, foreign.DiskOf(3));
        var refused = await Assert.ThrowsAsync<LogStorageException>(() => cluster.StartOneAsync(3))
            .WaitAsync(BrokerCluster.Patience);
        Assert.Contains(own, refused.Message, StringComparison.Ordinal);
        Assert.Contains(other, refused.Message, StringComparison.Ordinal);
        using var client = await TestKafkaClient.ConnectAsync(cluster[1]);
        await client.CreateAsync("t", 1);

        cluster.ReplaceDisk(3, disk);
        await cluster.StartOneAsync(3).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Brokers.Values.All(b => b.IsActive) && image.Topic("t") is not null);
    }

    [Fact]
    public async Task A_voter_that_lost_its_disk_is_filled_again_and_then_votes()
    {
        await using var cluster = await BrokerCluster.StartAsync(3);
        await CreateAsync(cluster, "t", 3);
        await ProduceAsync(cluster, "t", "first");
        await cluster.CrashAsync(3);
        cluster.ReplaceDisk(3, new InMemoryFileSystem(TimeProvider.System));
        await cluster.StartOneAsync(3).WaitAsync(BrokerCluster.Patience);
        await cluster.LogOf(3).UntilAsync("Voter with an empty disk");
        await cluster.UntilAsync(image => image.Topic("t")!.Partitions.All(p => p.Isr.Length == 3));

        // It is needed now, for the journal as for the records.
        await CreateAsync(cluster, "u", 1);
        await cluster.CrashAsync(1);
        await cluster.UntilAsync(image => image.Brokers[new BrokerId(1)].IsFenced);
        await CreateAsync(cluster, "v", 1);
        await ProduceAsync(cluster, "t", "second");
        Assert.Equal(["first", "second"], await ReadAsync(cluster, "t"));
        Assert.Equal(["t", "u", "v"], cluster[3].Host.Metadata.Current.Topics.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(24 * 60)]
    [InlineData(-30)]
    public async Task A_clock_that_jumps_fences_nobody_and_loses_nothing(int minutes)
    {
        await using var cluster = await BrokerCluster.StartAsync(3, BrokerCluster.NobodyCrashes);
        await CreateAsync(cluster, "t", 3);
        await ProduceAsync(cluster, "t", "before");
        var before = cluster[1].Host.Metadata.Current;
        for (var id = 1; id <= 3; id++)
        {
            cluster.TimeOf(id).Ahead = TimeSpan.FromMinutes(minutes);
            await ProduceAsync(cluster, "t", $"with {id}");
        }
        for (var id = 1; id <= 3; id++) cluster.TimeOf(id).Ahead = TimeSpan.Zero;
        await ProduceAsync(cluster, "t", "after");
        await CreateAsync(cluster, "u", 1);
        Assert.Equal(["before", "with 1", "with 2", "with 3", "after"], await ReadAsync(cluster, "t"));
        var now = cluster[1].Host.Metadata.Current;
        Assert.Equal(Shown(before, "t"), Shown(now, "t"));
        Assert.All(now.Brokers.Values, b => Assert.True(b.IsActive));
        for (var id = 1; id <= 3; id++) Assert.False(cluster.LogOf(id).Has("is out of reach"));
    }

    /// <summary>As Kafka: records of the future (message.timestamp.after.max.ms) are refused, and that is what the clock makes of
    /// them; nobody is fenced for it, and when it is right again, they are taken.</summary>
    [Fact]
    public async Task A_clock_far_behind_refuses_records_of_the_future_until_it_is_set_right()
    {
        await using var cluster = await BrokerCluster.StartAsync(1);
        using var client = await TestKafkaClient.ConnectAsync(cluster[1]);
        await client.CreateAsync("t", 1);
        cluster.TimeOf(1).Ahead = TimeSpan.FromHours(-24);
        Assert.Equal(ErrorCode.InvalidTimestamp, await client.ErrorOfProduceAsync("t", 0, TestBatch.Of("too early")));
        cluster.TimeOf(1).Ahead = TimeSpan.Zero;
        Assert.Equal(0, await client.ProduceAsync("t", 0, "in time"));
        Assert.False(cluster.LogOf(1).Has("is out of reach"));
    }

    [Fact]
    public async Task What_asks_for_brokers_that_are_dead_or_unknown_is_refused_with_the_cause()
    {
        await using var cluster = await BrokerCluster.StartAsync(3);
        await CreateAsync(cluster, "t", 2);
        var home = cluster[1].Host.Metadata.Current.Topic("t")!.Partitions[0];
        var spare = Enumerable.Range(1, 3).Single(id => !home.Replicas.Contains(new BrokerId(id)));
        var dead = cluster[1].Host.Metadata.Current.Brokers[new BrokerId(spare)];
        await cluster.CrashAsync(spare);
        await cluster.UntilAsync(image => image.Brokers[new BrokerId(spare)].IsFenced);
        using var client = await TestKafkaClient.ConnectAsync(cluster[home.Leader.Value]);

        var tooMany = await client.TryCreateAsync(new() { Name = "u", NumPartitions = 1, ReplicationFactor = 3 });
        Assert.Equal(ErrorCode.InvalidReplicationFactor, tooMany.ErrorCode); // 38
        Assert.Contains("3 is larger than the number of brokers that are there, 2", tooMany.ErrorMessage!, StringComparison.Ordinal);
        foreach (var target in new[] { spare, 9 }) // 39
        {
            var moved = await MoveAsync(client, "t", home.Leader, new(target));
            Assert.Equal(ErrorCode.InvalidReplicaAssignment, moved.ErrorCode);
            Assert.Contains($"broker {target}", moved.ErrorMessage, StringComparison.OrdinalIgnoreCase);
        }
        var stale = await AskAsync<ClusterCommand.ChangeBroker.Answer>(
            cluster, new ClusterCommand.ChangeBroker(dead.Id, dead.Epoch - 1, BrokerChange.Unfence));
        Assert.Equal(ErrorCode.StaleBrokerEpoch, stale.Verdict.Error); // 77
        // What the dead broker still wants is from a life that is over; and nobody may count on it.
        var id = cluster[home.Leader.Value].Host.Metadata.Current.Topic("t")!.Id;
        var fromDead = await AskAsync<ClusterCommand.AlterPartition.Answer>(cluster, new ClusterCommand.AlterPartition(
            dead.Id, dead.Epoch, [new(id, 0, home.LeaderEpoch, home.PartitionEpoch, [new(dead.Id, dead.Epoch)])]));
        Assert.Equal(ErrorCode.StaleBrokerEpoch, fromDead.Error);
        var unknown = await AskAsync<ClusterCommand.UnregisterBroker.Answer>(
            cluster, new ClusterCommand.UnregisterBroker(new(9)));
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, unknown.Verdict.Error);
        var metadata = await client.AskAsync(new MetadataRequest());
        Assert.DoesNotContain(metadata.Brokers, b => b.NodeId.Value == spare);
        foreach (var line in new[]
        {
            "the creation of topic u: InvalidReplicationFactor. The replication factor 3",
            $"the reassignment of t-0: InvalidReplicaAssignment. Broker {spare} is not running",
            "the reassignment of t-0: InvalidReplicaAssignment. There is no broker 9",
            "the change of a broker: StaleBrokerEpoch.",
            "the replicas in sync: StaleBrokerEpoch",
            "the removal of a broker: BrokerIdNotRegistered. There is no broker 9",
        }) await LogLines.UntilAnyAsync(Enumerable.Range(1, 3).Select(cluster.LogOf), line);

        await cluster.StartOneAsync(spare).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Brokers.Values.All(b => b.IsActive));
        Assert.Equal(ErrorCode.None, (await MoveAsync(client, "t", home.Leader, new(spare))).ErrorCode);
        await cluster.UntilAsync(image => image.Topic("t")!.Partitions[0] is { IsMoving: false, Isr.Length: 2 } p
            && p.Replicas.Contains(new(spare)));
    }

    /// <summary>A client that knows more than the broker asks again later, one that knows less asks for metadata.</summary>
    [Fact]
    public async Task A_leader_epoch_other_than_the_brokers_is_refused_as_unknown_or_fenced()
    {
        await using var cluster = await BrokerCluster.StartAsync(3);
        await CreateAsync(cluster, "t", 3);
        var first = cluster[1].Host.Metadata.Current.Topic("t")!.Partitions[0];
        await cluster.CrashAsync(first.Leader.Value);
        await cluster.UntilAsync(
            image => image.Topic("t")!.Partitions[0] is var p && !p.Leader.IsNone && p.Leader != first.Leader);
        var now = cluster.Running.First().Host.Metadata.Current.Topic("t")!.Partitions[0];
        using var client = await TestKafkaClient.ConnectAsync(cluster[now.Leader.Value]);
        await client.ProduceAsync("t", 0, "x");
        Assert.Equal(ErrorCode.FencedLeaderEpoch, await client.ErrorOfFetchAsync("t", 0, first.LeaderEpoch)); // 74
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, await client.ErrorOfFetchAsync("t", 0, now.LeaderEpoch.Next())); // 75
        Assert.Equal(ErrorCode.None, await client.ErrorOfFetchAsync("t", 0, now.LeaderEpoch));
        Assert.Equal(ErrorCode.FencedLeaderEpoch, (await client.TryOffsetAsync("t", 0, -1, first.LeaderEpoch)).ErrorCode);
        var future = await client.EndOfEpochAsync("t", 0, now.LeaderEpoch.Next(), new(0));
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, future.ErrorCode);
        var follower = cluster.Running.First(b => b.Host != cluster[now.Leader.Value].Host);
        using var elsewhere = await TestKafkaClient.ConnectAsync(follower);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, await elsewhere.ErrorOfProduceAsync("t", 0, TestBatch.Of("y"))); // 6
    }

    [Fact]
    public async Task A_voter_alone_founds_no_cluster_and_serves_nobody_until_the_others_come()
    {
        await using var cluster = new BrokerCluster(3, voters: 3);
        var one = cluster.StartOneAsync(1);
        await cluster.LogOf(1).UntilAsync("There can be no controller: of controller.quorum.voters only [1]");
        Assert.False(one.IsCompleted);
        var two = cluster.StartOneAsync(2);
        await cluster.LogOf(1).UntilAsync("Nobody was elected to write the controller's journal");
        await cluster.LogOf(1).UntilAsync("1 has an empty disk; 2 has an empty disk; 3 does not answer");
        Assert.False(one.IsCompleted || two.IsCompleted);
        await Task.WhenAll(cluster.StartOneAsync(3), one, two).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 3);
    }

    /// <summary>Each lists itself as the first seed node. Only a side with a majority of the voters can serve; the other one
    /// stops itself, says why, and joins when it is started again.</summary>
    [Fact]
    public async Task Of_two_clusters_with_the_same_voters_the_smaller_one_stops_and_joins_the_other()
    {
        await using var cluster = new BrokerCluster(3, voters: 3);
        foreach (var id in new[] { 1, 3 }) cluster.Seeds[id] = [1];
        cluster.Seeds[2] = [2];
        var starting = new[] { cluster.StartOneAsync(1), cluster.StartOneAsync(3) };
        await Assert.ThrowsAsync<OperationCanceledException>(() => cluster.StartOneAsync(2)).WaitAsync(BrokerCluster.Patience);
        await cluster.LogOf(2).UntilAsync("two clusters were formed");
        await Task.WhenAll(starting).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 2);
        await CreateAsync(cluster, "t", 1);
        cluster.Seeds[2] = [1, 2];
        await cluster.StartOneAsync(2).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 3 && image.Topic("t") is not null);
        Assert.Single(cluster.Running.Select(b => b.Host.Metadata.Current.ClusterId).Distinct());
    }

    private static string Shown(MetadataImage image, string topic)
    {
        var partition = image.Topic(topic)!.Partitions[0];
        return $"{partition.Leader} {partition.LeaderEpoch} {string.Join(",", partition.Isr)}";
    }

    private static async Task CreateAsync(BrokerCluster cluster, string topic, short replicas)
    {
        using var client = await TestKafkaClient.ConnectAsync(cluster.Running.First());
        CreateTopicsRequest.Config[] configs = replicas > 1 ? [new(MinInSync.Item1, MinInSync.Item2)] : [];
        var made = await client.TryCreateAsync(
            new() { Name = topic, NumPartitions = 1, ReplicationFactor = replicas, Configs = configs });
        Assert.Equal((ErrorCode.None, null), (made.ErrorCode, made.ErrorMessage));
        await cluster.UntilAsync(image => image.Topic(topic) is not null);
    }

    private static async Task ProduceAsync(BrokerCluster cluster, string topic, string value)
    {
        using var client = await LeaderAsync(cluster, topic);
        await client.ProduceAsync(topic, 0, value);
    }

    private static async Task<List<string?>> ReadAsync(BrokerCluster cluster, string topic)
    {
        using var client = await LeaderAsync(cluster, topic);
        return await client.ReadValuesAsync(topic, 0);
    }

    private static async Task<TestKafkaClient> LeaderAsync(BrokerCluster cluster, string topic)
    {
        await cluster.UntilAsync(image => !image.Topic(topic)!.Partitions[0].Leader.IsNone);
        var leader = cluster.Running.First().Host.Metadata.Current.Topic(topic)!.Partitions[0].Leader;
        return await TestKafkaClient.ConnectAsync(cluster[leader.Value]);
    }

    private static async Task<AlterPartitionReassignmentsResponse.Partition> MoveAsync(
        TestKafkaClient client, string topic, params BrokerId[] replicas) => (await client.AskAsync(
            new AlterPartitionReassignmentsRequest([new(topic, [new(0, replicas)])], TimeoutMs: 30_000))).Topics[0].Partitions[0];

    private static Task<TAnswer> AskAsync<TAnswer>(BrokerCluster cluster, ClusterCommand command)
        where TAnswer : ClusterAnswer => cluster.Running.First().Host.Controller.AskAsync<TAnswer>(command, Timeout);
}

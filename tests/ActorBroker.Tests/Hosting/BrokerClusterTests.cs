using System.Globalization;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Hosting.Options;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Acceptance;

namespace ActorBroker.Tests.Hosting;

/// <summary>Three brokers that know of each other: who is told what, and who takes over.</summary>
public sealed class BrokerClusterTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_topic_made_on_one_broker_shows_on_all_and_a_crash_of_the_controller_loses_nothing()
    {
        await using var cluster = await BrokerCluster.StartAsync(3);
        await cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 3);
        Assert.Single(cluster.Running.Select(b => b.Host.Metadata.Current.ClusterId).Distinct());
        await CreateAsync(cluster, cluster[2], "first");
        Assert.Equal(3, cluster[1].Host.Metadata.Current.Topic("first")!.Partitions.Select(p => p.Leader).Distinct().Count());

        var controller = cluster.ControllerId();
        await cluster.CrashAsync(controller);
        await cluster.UntilAsync(image => image.Brokers[new BrokerId(controller)].IsFenced);
        var other = cluster.Running.First();
        await CreateAsync(cluster, other, "second");
        Assert.All(cluster.Running, broker => Assert.NotNull(broker.Host.Metadata.Current.Topic("first")));

        // Its copy of the journal catches up, and it is let lead again.
        await cluster.StartOneAsync(controller).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Brokers.Values.All(b => b.IsActive) && image.Topic("second") is not null);
        await CreateAsync(cluster, cluster[controller], "third");
    }

    [Fact]
    public async Task The_controller_moves_while_the_cluster_has_not_yet_given_up_the_node_that_it_was_on()
    {
        await using var cluster = await BrokerCluster.StartAsync(
            3, voters: 3, ("akka.cluster.split-brain-resolver.stable-after", "10m"));
        await CreateAsync(cluster, cluster[1], "t", replicas: 3);
        for (var crash = 0; crash < 2; crash++)
        {
            await cluster.UntilAsync(image => image.Topic("t") is { } topic && topic.Partitions.All(p => p.Isr.Length == 3));
            var controller = cluster.ControllerId();
            await cluster.CrashAsync(controller);
            await cluster.UntilAsync(image => image.Brokers[new BrokerId(controller)].IsFenced
                && image.Topic("t")!.Partitions.All(p => p.Leader != new BrokerId(controller) && !p.Leader.IsNone));
            Assert.Equal(3, Akka.Cluster.Cluster.Get(cluster.Running.First().System).State.Members.Count);
            Assert.Single(cluster.Running.First().Host.Metadata.Current.Brokers.Values, broker => broker.IsFenced);
            // The cluster lets go of the old process when the new one asks to be let in.
            await cluster.StartOneAsync(controller).WaitAsync(BrokerCluster.Patience);
            await cluster.UntilAsync(image => image.Brokers.Values.All(broker => broker.IsActive));
        }
    }

    [Fact]
    public async Task A_broker_that_stops_gives_away_what_it_leads_and_comes_back()
    {
        await using var cluster = await BrokerCluster.StartAsync(3, BrokerCluster.NobodyCrashes);
        await CreateAsync(cluster, cluster[1], "t", replicas: 3);
        await cluster.StopAsync(2);
        await cluster.UntilAsync(image => image.Topic("t")!.Partitions.All(p => p.Leader != new BrokerId(2) && !p.Leader.IsNone));
        await cluster.StartOneAsync(2).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Brokers[new BrokerId(2)] is { IsActive: true, Epoch: 2 });
    }

    [Fact]
    public async Task The_last_brokers_that_stop_wait_for_nobody()
    {
        // Longer than anybody waits here.
        await using var cluster = await BrokerCluster.StartAsync(
            3, BrokerCluster.NobodyCrashes, ("controlled.shutdown.retry.backoff.ms", "3600000"),
            ("akka.coordinated-shutdown.phases.before-service-unbind.timeout", "1h"));
        await CreateAsync(cluster, cluster[1], "all", replicas: 3);
        await CreateAsync(cluster, cluster[1], "one", replicas: 1);
        for (var id = 1; id <= 3; id++) await cluster.StopAsync(id);
    }

    [Fact]
    public async Task Preferred_leaders_lead_again_by_themselves()
    {
        await using var cluster = await BrokerCluster.StartAsync(
            3, BrokerCluster.NobodyCrashes, ("leader.imbalance.check.interval.seconds", "1"));
        await CreateAsync(cluster, cluster[1], "t", replicas: 3);
        await cluster.StopAsync(2);
        await cluster.UntilAsync(image => image.Topic("t")!.Partitions.All(p => p.Leader != new BrokerId(2)));
        await cluster.StartOneAsync(2).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Topic("t")!.Partitions.All(p => p.Leader == p.Replicas[0] && p.Isr.Length == 3));
    }

    [Fact]
    public async Task Without_auto_leader_rebalance_they_lead_again_when_that_is_asked_for()
    {
        await using var cluster = await BrokerCluster.StartAsync(
            3, BrokerCluster.NobodyCrashes, ("auto.leader.rebalance.enable", "false"),
            ("leader.imbalance.check.interval.seconds", "1"));
        await CreateAsync(cluster, cluster[1], "t", replicas: 3);
        await cluster.StopAsync(2);
        await cluster.StartOneAsync(2).WaitAsync(BrokerCluster.Patience);
        await cluster.UntilAsync(image => image.Topic("t")!.Partitions.All(p => p.Isr.Length == 3));
        var before = cluster[2].Host.Metadata.Current.Topic("t")!.Partitions;
        Assert.DoesNotContain(before, p => p.Leader == new BrokerId(2));

        using var client = await TestKafkaClient.ConnectAsync(cluster[2]);
        var elected = await client.AskAsync(new ElectLeadersRequest(ElectLeadersRequest.Preferred, null, 30_000));
        Assert.Equal(ErrorCode.None, elected.ErrorCode);
        await cluster.UntilAsync(image => image.Topic("t")!.Partitions.All(p => p.Leader == p.Replicas[0] && p.Isr.Length == 3));
    }

    /// <summary>B18, E14, Q05</summary>
    [Fact]
    public async Task What_was_acknowledged_survives_the_crash_of_the_leader_and_of_the_controller()
    {
        await using var cluster = await BrokerCluster.StartAsync(3);
        await CreateAsync(cluster, cluster[1], "t", replicas: 3, new KeyValuePair<string, string?>("min.insync.replicas", "2"));
        var partition = new TopicPartition("t", 0);
        List<string?> written = [];
        await WriteAsync("before");
        foreach (var victim in new[] { Leader().Value, cluster.ControllerId() })
        {
            await cluster.CrashAsync(victim);
            await cluster.UntilAsync(
                image => image.Brokers[new BrokerId(victim)].IsFenced && !image.Partition(partition)!.Leader.IsNone);
            await WriteAsync($"without {victim}");
            await cluster.StartOneAsync(victim).WaitAsync(BrokerCluster.Patience);
            await cluster.UntilAsync(image => image.Partition(partition)!.Isr.Length == 3);
        }

        async Task WriteAsync(string value)
        {
            using var client = await TestKafkaClient.ConnectAsync(cluster[Leader().Value]);
            await client.ProduceAsync("t", 0, value);
            written.Add(value);
            Assert.Equal(written, await client.ReadValuesAsync("t", 0));
        }

        BrokerId Leader() => cluster.Running.First().Host.Metadata.Current.Partition(partition)!.Leader;
    }

    /// <summary>Makes a topic by way of one broker, and waits until all know of it: the answer comes before that.</summary>
    private static async Task CreateAsync(
        BrokerCluster cluster, EmbeddedBroker broker, string topic, int replicas = 1,
        params KeyValuePair<string, string?>[] configs)
    {
        var id = new TopicId(UInt128.Parse(string.Concat(topic.Select(c => (int)c)), CultureInfo.InvariantCulture));
        var made = await broker.Host.Controller.AskAsync<ClusterCommand.CreateTopics.Answer>(
            new ClusterCommand.CreateTopics([NewTopic.Named(topic, id, 3, replicas, configs)]), Timeout);
        Assert.Equal(ErrorCode.None, made.Topics[0].Verdict.Error);
        await cluster.UntilAsync(image => image.Topic(topic) is not null);
    }
}

using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Acceptance;

namespace ActorBroker.Tests.Hosting;

/// <summary>A broker that was away for longer than others take to notice leads nothing until it has heard the news.</summary>
public sealed class OutOfTouchTests
{
    private const int Attempts = 20;

    [Fact]
    public async Task A_leader_that_stood_still_refuses_its_very_first_request_and_serves_again_when_it_has_the_news()
    {
        // Signs of life are rare, so that a request can come before the first of them.
        await using var cluster = await BrokerCluster.StartAsync(3, voters: 3, ("broker.heartbeat.interval.ms", "2000"));
        await cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 3);
        using var admin = await TestKafkaClient.ConnectAsync(cluster[1]);
        await admin.TryCreateAsync(new() { Name = "t", NumPartitions = 1, ReplicationFactor = 3 });
        await cluster.UntilAsync(image => image.Topic("t") is not null);
        var leader = cluster[1].Host.Metadata.Current.Partition(new TopicPartition("t", 0))!.Leader.Value;
        using var client = await TestKafkaClient.ConnectAsync(cluster[leader]);
        await client.ProduceAsync("t", 0, "before");

        // Once its next sign of life is answered it serves again, which may come first.
        for (var attempt = 1; ; attempt++)
        {
            cluster.TimeOf(leader).PutForward(TimeSpan.FromMinutes(1));
            var produced = await client.ErrorOfProduceAsync("t", 0, TestBatch.Of("refused"));
            var fetched = await client.FetchAsync("t", 0, 0);
            var described = await client.DescribeAsync("t");
            var listed = await client.TryOffsetAsync("t", 0, -1);
            if ((produced, fetched.Head.ErrorCode, described.Partitions[0].LeaderId, listed.ErrorCode) == (
                ErrorCode.NotLeaderOrFollower, ErrorCode.NotLeaderOrFollower, BrokerId.None, ErrorCode.NotLeaderOrFollower))
                break;
            Assert.True(attempt < Attempts, $"{produced}, {fetched.Head.ErrorCode}, {described.Partitions[0].LeaderId}");
        }

        using var patience = new CancellationTokenSource(BrokerCluster.Patience);
        while (await client.ErrorOfProduceAsync("t", 0, TestBatch.Of("after")) != ErrorCode.None) await Task.Delay(20, patience.Token);
        Assert.Equal("after", (await client.ReadValuesAsync("t", 0))[^1]);
    }

    [Fact]
    public async Task While_the_controller_moves_the_others_go_on_serving()
    {
        await using var cluster = await BrokerCluster.StartAsync(3);
        await cluster.UntilAsync(image => image.Brokers.Values.Count(b => b.IsActive) == 3);
        var controller = cluster.ControllerId();
        var other = cluster.Running.First(b => b != cluster[controller]);
        using var client = await TestKafkaClient.ConnectAsync(other);
        var id = other.Host.Metadata.Lease.Self;
        await client.TryCreateAsync(new()
        {
            Name = "t",
            Assignments = [new CreateTopicsRequest.Assignment(0, [id])],
        });
        await cluster.UntilAsync(image => image.Topic("t") is not null);
        await client.ProduceAsync("t", 0, "before");

        await cluster.CrashAsync(controller);
        var image = other.Host.Metadata.Current;
        while (!image.Brokers[new BrokerId(controller)].IsFenced)
        {
            await client.ProduceAsync("t", 0, "meanwhile"); // Which fails if it is refused.
            await Task.WhenAny(other.Host.Metadata.WhenAtLeastAsync(image.Version + 1), Task.Delay(50));
            image = other.Host.Metadata.Current;
        }
        await client.ProduceAsync("t", 0, "after");
    }
}

using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using ActorBroker.Tests.Acceptance;

namespace ActorBroker.Tests.Replication;

/// <summary>Replicas that are moved with a throttle (KIP-73).</summary>
public sealed class ThrottleTests
{
    private const int Records = 40;
    private static readonly string Large = new('x', 100_000);

    /// <summary>At 10 KB a second, 4 MB take minutes; what is not throttled is there at once.</summary>
    [Theory]
    [InlineData(ThrottledReplicas.LeaderRate, 1)]
    [InlineData(ThrottledReplicas.FollowerRate, 2)]
    public async Task A_throttled_move_waits_while_others_go_on_and_ends_when_it_is_set_free(string rate, int broker)
    {
        await using var cluster = await ReplicationCluster.StartAsync(2);
        foreach (var topic in new[] { "slow", "fast" })
        {
            await cluster.CreateAsync(topic, [1]);
            using var client = await cluster.LeaderOfAsync(topic);
            for (var i = 0; i < Records; i++) await client.ProduceAsync(topic, 0, Large);
        }
        cluster.Configure(ConfigResource.Broker(new(broker)), (rate, "10000"));
        cluster.Configure(
            ConfigResource.Topic("slow"), (ThrottledReplicas.OfLeaders, "0:1"), (ThrottledReplicas.OfFollowers, "0:2"));
        cluster.Move("slow", 2);
        cluster.Move("fast", 2);
        await ReplicationCluster.UntilAsync(() => !cluster.Partition("fast").IsMoving);
        Assert.True(cluster.Partition("slow").IsMoving);
        Assert.InRange(cluster[2].LogOf("slow").LogEndOffset.Value, 0, Records - 1);

        // A topic that is not slowed down goes on with all that it needs.
        await cluster.HeardAsync();
        using (var client = await cluster.LeaderOfAsync("fast")) await client.ProduceAsync("fast", 0, Large);
        cluster.Configure(ConfigResource.Broker(new(broker)), (rate, "1000000000"));
        await ReplicationCluster.UntilAsync(() => !cluster.Partition("slow").IsMoving);
        Assert.Empty(cluster.Image.ConfigsOf(ConfigResource.Topic("slow")));
        Assert.Empty(cluster.Image.ConfigsOf(ConfigResource.Broker(new(broker))));
        await cluster.HeardAsync();
        using var moved = await cluster[2].ConnectAsync();
        Assert.Equal(Records, (await moved.BoundsAsync("slow", 0)).End);
    }

    [Fact]
    public async Task A_follower_in_sync_is_not_slowed_down()
    {
        await using var cluster = await ReplicationCluster.StartAsync(2);
        await cluster.CreateAsync("t", [1, 2], ("min.insync.replicas", "2"));
        foreach (var broker in new[] { 1, 2 })
            cluster.Configure(
                ConfigResource.Broker(new(broker)), (ThrottledReplicas.LeaderRate, "10"), (ThrottledReplicas.FollowerRate, "10"));
        cluster.Configure(
            ConfigResource.Topic("t"), (ThrottledReplicas.OfLeaders, "*"), (ThrottledReplicas.OfFollowers, "*"));
        await cluster.HeardAsync();
        using var client = await cluster.LeaderOfAsync("t");
        for (var i = 0; i < Records; i++) Assert.Equal(i, await client.ProduceAsync("t", 0, Large));
        await cluster.SameAsync("t");
    }
}

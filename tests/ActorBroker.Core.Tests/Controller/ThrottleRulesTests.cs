using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Core.Replication;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Tests.Controller;

public sealed class ThrottleRulesTests
{
    private static readonly ConfigResource Topic = ConfigResource.Topic("t");

    [Fact]
    public void Throttles_end_with_the_moves_that_they_are_for()
    {
        var cluster = Clusters.Of(3);
        cluster.CreateOn("t", 0);
        cluster.CreateOn("u", 0);
        Set(cluster, Topic, (ThrottledReplicas.OfLeaders, "0:0,7:0"), (ThrottledReplicas.OfFollowers, "0:2"));
        Set(cluster, ConfigResource.Topic("u"), (ThrottledReplicas.OfLeaders, "*"));
        Set(cluster, ConfigResource.Broker(new(0)), (ThrottledReplicas.LeaderRate, "1000"), ("log.retention.ms", "5"));
        Set(cluster, ConfigResource.AllBrokers, (ThrottledReplicas.FollowerRate, "1000"));
        cluster.Move("t", 2);
        Assert.True(cluster.Partition("t").IsMoving);
        Assert.Equal("0:2", cluster.Image.ConfigsOf(Topic)[ThrottledReplicas.OfFollowers]);
        cluster.Alter("t", 0, 2);
        Assert.False(cluster.Partition("t").IsMoving);
        Assert.Equal(["7:0"], cluster.Image.ConfigsOf(Topic).Values); // Of another partition.
        Assert.Equal("1000", cluster.Image.ConfigsOf(ConfigResource.AllBrokers)[ThrottledReplicas.FollowerRate]);

        // The last throttled replica takes the rates with it; other configs stay.
        Set(cluster, ConfigResource.Topic("u"), (ThrottledReplicas.OfLeaders, "0:0"));
        Set(cluster, Topic, (ThrottledReplicas.OfLeaders, "0:0"));
        cluster.Move("u", 1);
        cluster.Move("t", 1);
        cluster.Alter("u", 0, 1);
        Assert.NotEmpty(cluster.Image.ConfigsOf(ConfigResource.AllBrokers));
        Assert.Equal(ErrorCode.None, cluster.Move("t")); // Called off.
        Assert.Empty(cluster.Image.ConfigsOf(Topic));
        Assert.Empty(cluster.Image.ConfigsOf(ConfigResource.AllBrokers));
        Assert.Equal(["log.retention.ms"], cluster.Image.ConfigsOf(ConfigResource.Broker(new(0))).Keys);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("*", true)]
    [InlineData("0:1, 3:2", true)]
    [InlineData("0", false)]
    [InlineData("0:1,*", false)]
    [InlineData("a:1", false)]
    public void Throttled_replicas_are_named_as_in_Kafka(string value, bool isAllowed)
    {
        var cluster = Clusters.Of(1);
        cluster.CreateOn("t", 0);
        var verdict = cluster.Configure(Topic, false, new ConfigEdit(ThrottledReplicas.OfLeaders, ConfigOperation.Set, value));
        Assert.Equal(isAllowed ? ErrorCode.None : ErrorCode.InvalidConfig, verdict.Error);
    }

    [Fact]
    public void A_list_contains_what_it_names_or_all()
    {
        Assert.True(ThrottledReplicas.Contain("1:2,3:4", 3, new(4)));
        Assert.False(ThrottledReplicas.Contain("1:2,3:4", 3, new(2)));
        Assert.True(ThrottledReplicas.Contain("*", 3, new(2)));
        Assert.False(ThrottledReplicas.Contain(null, 3, new(2)));
    }

    private static void Set(Clusters cluster, ConfigResource resource, params (string Key, string Value)[] configs) =>
        Assert.Equal(ErrorCode.None, cluster.Configure(
            resource, false, [.. configs.Select(c => new ConfigEdit(c.Key, ConfigOperation.Set, c.Value))]).Error);
}

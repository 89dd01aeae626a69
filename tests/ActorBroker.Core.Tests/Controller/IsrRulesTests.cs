using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Controller;

public class IsrRulesTests
{
    [Fact]
    public void A_leader_shrinks_and_expands_its_isr()
    {
        var cluster = LeaderElectionTests.With("1");
        Assert.Equal(ErrorCode.None, cluster.Alter("t", 2, 0));
        LeaderElectionTests.Expect(cluster, "[0,1,2] isr [0,2] elr [] leader 0 epoch 0");
        Assert.Equal(1, cluster.Partition("t").PartitionEpoch);
        Assert.Equal(ErrorCode.None, cluster.Alter("t", 0, 1, 2));
        Assert.Equal(2, cluster.Partition("t").PartitionEpoch);
    }

    [Theory]
    [InlineData(0, 5, 5, ErrorCode.NotController)]
    [InlineData(0, 1, 9, ErrorCode.NotController)]
    [InlineData(0, 0, 3, ErrorCode.FencedLeaderEpoch)]
    [InlineData(1, 1, 1, ErrorCode.InvalidUpdateVersion)]
    [InlineData(2, 1, 3, ErrorCode.InvalidRequest)]
    [InlineData(7, 1, 3, ErrorCode.StaleBrokerEpoch)]
    public void Who_does_not_know_what_is_now_is_refused(int broker, int leaderEpoch, int partitionEpoch, ErrorCode expected)
    {
        var cluster = LeaderElectionTests.With("1");
        cluster.Alter("t", 0, 1);
        cluster.Change(0, BrokerChange.Fence);
        cluster.Change(0, BrokerChange.Unfence);
        cluster.Alter("t", 0, 1);
        Assert.Equal((1, 3), (cluster.Partition("t").LeaderEpoch.Value, cluster.Partition("t").PartitionEpoch));
        Assert.Equal(expected, cluster.Alter(broker, Change(cluster, leaderEpoch, partitionEpoch, Heard(1, -1))));
        Assert.Equal(3, cluster.Partition("t").PartitionEpoch);
    }

    [Fact]
    public void Members_must_be_replicas_that_are_there_as_the_leader_heard_them()
    {
        var cluster = Clusters.Of(4);
        cluster.CreateOn("t", 0, 1, 2);
        cluster.Alter("t", 0);
        Assert.Equal(ErrorCode.InvalidRequest, cluster.Alter("t", 0, 3));
        Assert.Equal(ErrorCode.InvalidRequest, cluster.Alter("t", 1));
        Assert.Equal(ErrorCode.InvalidRequest, cluster.Alter("t", 0, 1, 1));
        cluster.Change(2, BrokerChange.Fence);
        Assert.Equal(ErrorCode.IneligibleReplica, cluster.Alter("t", 0, 2));
        cluster.Register(1);
        Assert.Equal(ErrorCode.IneligibleReplica, cluster.Alter(0, Change(cluster, 0, 1, Heard(0, 1), Heard(1, 1))));
        Assert.Equal(ErrorCode.None, cluster.Alter(0, Change(cluster, 0, 1, Heard(0, 1), Heard(1, 2))));
    }

    [Fact]
    public void Unknown_topics_and_partitions_have_their_own_codes()
    {
        var cluster = LeaderElectionTests.With("1");
        var change = Change(cluster, 0, 0, Heard(0, 1));
        Assert.Equal(ErrorCode.UnknownTopicId, cluster.Alter(0, change with { Topic = new TopicId(77) }));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.Alter(0, change with { Partition = 1 }));
    }

    private static InSyncReplica Heard(int broker, long epoch) => new(new BrokerId(broker), epoch);

    private static IsrChange Change(Clusters cluster, int leaderEpoch, int partitionEpoch, params InSyncReplica[] isr) =>
        new(cluster.Image.Topic("t")!.Id, 0, new Epoch(leaderEpoch), partitionEpoch, [.. isr]);
}

using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Controller;

public class PartitionRulesTests
{
    [Fact]
    public void A_topic_grows_and_its_partitions_stay_where_they_are()
    {
        var cluster = Clusters.Of(3);
        var before = cluster.Create("t", 2, 2).Topic!;
        var after = cluster.Grow("t", 5).Topic!;
        Assert.Equal(5, after.Partitions.Length);
        Assert.Equal(before.Partitions, after.Partitions.Take(2));
        Assert.All(after.Partitions, p => Assert.Equal(2, p.Replicas.Length));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void A_topic_never_shrinks_nor_grows_without_bound(int count)
    {
        var cluster = Clusters.Of(1);
        cluster.Create("t", 3);
        Assert.Equal(ErrorCode.InvalidPartitions, cluster.Grow("t", count).Verdict.Error);
        Assert.Equal(3, cluster.Image.Topic("t")!.Partitions.Length);
    }

    [Fact]
    public void New_partitions_may_be_assigned_by_hand()
    {
        var cluster = Clusters.Of(3);
        cluster.Create("t", 1, 2);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Grow("t", 3, [[new(0), new(1)]]).Verdict.Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, cluster.Grow("t", 2, [[new(0)]]).Verdict.Error);
        Assert.Equal(new BrokerId(2), cluster.Grow("t", 2, [[new(2), new(1)]]).Topic!.Partitions[1].Leader);
    }

    [Fact]
    public void Only_topics_of_users_grow()
    {
        var cluster = Clusters.Of(1);
        cluster.Create(TopicImage.ConsumerOffsets, 50);
        Assert.Equal(ErrorCode.InvalidTopicException, cluster.Grow(TopicImage.ConsumerOffsets, 60).Verdict.Error);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, cluster.Grow("nobody", 2).Verdict.Error);
    }
}

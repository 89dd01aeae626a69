using System.Collections.Immutable;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;

namespace ActorBroker.Core.Tests.Controller;

public class TopicRulesTests
{
    [Fact]
    public void One_request_makes_no_more_partitions_than_fit_into_an_entry_of_the_journal()
    {
        var cluster = Clusters.Of(3);
        var answer = (ClusterCommand.CreateTopics.Answer)cluster.Do(new ClusterCommand.CreateTopics(
            [.. Enumerable.Range(1, 3).Select(i => NewTopic.Named($"t{i}", new TopicId((UInt128)(100 + i)), 4000, 3))]));
        Assert.Equal(
            [ErrorCode.None, ErrorCode.None, ErrorCode.PolicyViolation], answer.Topics.Select(t => t.Verdict.Error));
        Assert.Null(cluster.Image.Topic("t3"));
    }

    [Theory]
    [InlineData("", ErrorCode.InvalidTopicException)]
    [InlineData(".", ErrorCode.InvalidTopicException)]
    [InlineData("..", ErrorCode.InvalidTopicException)]
    [InlineData("a/b", ErrorCode.InvalidTopicException)]
    [InlineData("ü", ErrorCode.InvalidTopicException)]
    [InlineData("a b", ErrorCode.InvalidTopicException)]
    [InlineData("...", ErrorCode.None)]
    [InlineData("Orders_2.eu-west", ErrorCode.None)]
    public void Names_are_letters_digits_dot_underscore_and_hyphen(string name, ErrorCode expected) =>
        Assert.Equal(expected, Clusters.Of(1).Create(name).Verdict.Error);

    [Fact]
    public void A_name_has_at_most_249_characters()
    {
        var cluster = Clusters.Of(1);
        Assert.Equal(ErrorCode.None, cluster.Create(new string('a', 249)).Verdict.Error);
        Assert.Equal(ErrorCode.InvalidTopicException, cluster.Create(new string('b', 250)).Verdict.Error);
    }

    [Fact]
    public void Names_that_differ_in_dot_and_underscore_only_collide()
    {
        var cluster = Clusters.Of(1);
        cluster.Create("a.b_c");
        var refused = cluster.Create("a_b.c").Verdict;
        Assert.Equal(ErrorCode.InvalidTopicException, refused.Error);
        Assert.Contains("a.b_c", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.None, cluster.Create("a-b-c").Verdict.Error);
    }

    [Fact]
    public void A_topic_gets_the_broker_s_defaults_where_the_request_leaves_them_open()
    {
        var cluster =
            Clusters.Of(3) with { Policy = Clusters.DefaultPolicy with { NumPartitions = 4, DefaultReplicationFactor = 2 } };
        var topic = cluster.Create("t").Topic!;
        Assert.Equal(4, topic.Partitions.Length);
        Assert.Equal(2, topic.ReplicationFactor);
    }

    [Theory]
    [InlineData(0, 1, ErrorCode.InvalidPartitions)]
    [InlineData(-2, 1, ErrorCode.InvalidPartitions)]
    [InlineData(int.MaxValue, 1, ErrorCode.InvalidPartitions)]
    [InlineData(1, 0, ErrorCode.InvalidReplicationFactor)]
    [InlineData(1, 4, ErrorCode.InvalidReplicationFactor)]
    [InlineData(1, 3, ErrorCode.None)]
    public void Partitions_and_replicas_must_be_possible(int partitions, int replicas, ErrorCode expected)
    {
        var cluster = Clusters.Of(3);
        var before = cluster.Image.Version;
        Assert.Equal(expected, cluster.Create("t", partitions, replicas).Verdict.Error);
        if (expected != ErrorCode.None) Assert.Equal(before, cluster.Image.Version);
    }

    [Fact]
    public void A_topic_exists_once()
    {
        var cluster = Clusters.Of(1);
        cluster.Create("t");
        Assert.Equal(ErrorCode.TopicAlreadyExists, cluster.Create("t").Verdict.Error);
    }

    [Fact]
    public void A_topic_that_a_request_names_twice_is_not_made()
    {
        var cluster = Clusters.Of(1);
        var answer = (ClusterCommand.CreateTopics.Answer)cluster.Do(
            new ClusterCommand.CreateTopics([cluster.New("t"), cluster.New("u"), cluster.New("t")]));
        Assert.Equal(
            [ErrorCode.InvalidRequest, ErrorCode.None, ErrorCode.InvalidRequest], answer.Topics.Select(t => t.Verdict.Error));
        Assert.Equal("u", Assert.Single(cluster.Image.Topics.Keys));
    }

    [Fact]
    public void Validation_says_the_same_and_changes_nothing()
    {
        var cluster = Clusters.Of(2);
        var answer = (ClusterCommand.CreateTopics.Answer)cluster.Do(
            new ClusterCommand.CreateTopics([cluster.New("t", 3, 2), cluster.New("u", 0)], ValidateOnly: true));
        Assert.Equal(3, answer.Topics[0].Topic!.Partitions.Length);
        Assert.Equal(ErrorCode.InvalidPartitions, answer.Topics[1].Verdict.Error);
        Assert.Empty(cluster.Image.Topics);
    }

    [Fact]
    public void Replicas_may_be_named_by_hand()
    {
        var cluster = Clusters.Of(3);
        var topic = cluster.Create(cluster.New("t") with { Assignment = Assign([2, 0], [1, 2]) }).Topic!;
        Assert.Equal([new BrokerId(2), new BrokerId(1)], topic.Partitions.Select(p => p.Leader));
        Assert.Equal([new BrokerId(2), new BrokerId(0)], topic.Partitions[0].Isr.AsEnumerable());
    }

    public static TheoryData<int[][]> BadAssignments => new() { { [[9]] }, { [[0, 0]] }, { [[0, 1], [1]] }, { [[]] } };

    [Theory]
    [MemberData(nameof(BadAssignments))]
    public void Replicas_named_by_hand_must_be_brokers_each_once_and_as_many_in_each_partition(int[][] partitions)
    {
        var cluster = Clusters.Of(3);
        Assert.Equal(
            ErrorCode.InvalidReplicaAssignment,
            cluster.Create(cluster.New("t") with { Assignment = Assign(partitions) }).Verdict.Error);
    }

    [Fact]
    public void An_assignment_has_no_gaps_and_goes_without_numbers()
    {
        var cluster = Clusters.Of(1);
        var gap = ImmutableSortedDictionary<int, ImmutableArray<BrokerId>>.Empty.Add(1, [new BrokerId(0)]);
        Assert.Equal(
            ErrorCode.InvalidReplicaAssignment, cluster.Create(cluster.New("t") with { Assignment = gap }).Verdict.Error);
        Assert.Equal(
            ErrorCode.InvalidRequest, cluster.Create(cluster.New("t", 1) with { Assignment = Assign([0]) }).Verdict.Error);
    }

    [Fact]
    public void Configs_of_a_new_topic_are_checked_and_kept()
    {
        var cluster = Clusters.Of(1);
        Assert.Equal(
            ErrorCode.InvalidConfig,
            cluster.Create("a", configs: new KeyValuePair<string, string?>("no.such.key", "1")).Verdict.Error);
        Assert.Equal(
            ErrorCode.InvalidConfig,
            cluster.Create("a", configs: new KeyValuePair<string, string?>("retention.ms", null)).Verdict.Error);
        var refused = cluster.Create("a", configs: new KeyValuePair<string, string?>("retention.ms", "soon")).Verdict;
        Assert.Equal(ErrorCode.InvalidConfig, refused.Error);
        Assert.Equal(
            "Invalid value 'soon' for retention.ms: allowed is a whole number of 64 bits, at least -1.", refused.Message);
        Assert.Empty(cluster.Image.Topics);

        cluster.Create("a", configs: new KeyValuePair<string, string?>("retention.ms", "1000"));
        Assert.Equal("1000", cluster.Image.ConfigsOf(ConfigResource.Topic("a"))["retention.ms"]);
    }

    [Fact]
    public void A_topic_is_deleted_by_name_or_id_with_its_configs()
    {
        var cluster = Clusters.Of(1);
        var a = cluster.Create("a", configs: new KeyValuePair<string, string?>("retention.ms", "1000")).Topic!;
        var b = cluster.Create("b").Topic!;
        Assert.Equal(a, cluster.Delete("a").Topic);
        var answer = (ClusterCommand.DeleteTopics.Answer)cluster.Do(
            new ClusterCommand.DeleteTopics(
                [new TopicRef(null, b.Id), new TopicRef(null, b.Id), new TopicRef("a", TopicId.None)]));
        Assert.Equal(
            [ErrorCode.None, ErrorCode.UnknownTopicId, ErrorCode.UnknownTopicOrPartition],
            answer.Topics.Select(t => t.Verdict.Error));
        Assert.Equal("b", answer.Topics[0].Name);
        Assert.Empty(cluster.Image.Topics);
        Assert.Empty(cluster.Image.TopicsById);
        Assert.Empty(cluster.Image.Configs);
    }

    [Fact]
    public void A_topic_made_again_is_another_topic()
    {
        var cluster = Clusters.Of(1);
        var first = cluster.Create("a").Id;
        cluster.Delete("a");
        Assert.NotEqual(first, cluster.Create("a").Id);
    }

    [Fact]
    public void Topics_stay_when_deletion_is_off_or_they_are_internal()
    {
        var cluster = Clusters.Of(1);
        cluster.Create(TopicImage.ConsumerOffsets, 50);
        Assert.Equal(ErrorCode.InvalidTopicException, cluster.Delete(TopicImage.ConsumerOffsets).Verdict.Error);

        cluster = Clusters.Of(1) with { Policy = Clusters.DefaultPolicy with { DeleteTopicEnabled = false } };
        cluster.Create("a");
        Assert.Equal(ErrorCode.TopicDeletionDisabled, cluster.Delete("a").Verdict.Error);
        Assert.NotNull(cluster.Image.Topic("a"));
    }

    private static ImmutableSortedDictionary<int, ImmutableArray<BrokerId>> Assign(params int[][] partitions) =>
        partitions.Select((replicas, i) => (i, replicas))
            .ToImmutableSortedDictionary(p => p.i, p => p.replicas.Select(r => new BrokerId(r)).ToImmutableArray());
}

using ActorBroker.Core.Configs;
using ActorBroker.Core.Controller;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Core.Tests.Controller;

public class ConfigRulesTests
{
    private static readonly ConfigResource Topic = ConfigResource.Topic("t");

    [Fact]
    public void Incremental_edits_leave_other_keys_alone()
    {
        var cluster = WithTopic();
        cluster.Configure(Topic, false, Set("retention.ms", "1"), Set("segment.bytes", "100"));
        cluster.Configure(
            Topic, false, Set("retention.ms", " 2 "), new ConfigEdit("segment.bytes", ConfigOperation.Delete, null));
        Assert.Equal([new("retention.ms", "2")], cluster.Image.ConfigsOf(Topic));
    }

    [Fact]
    public void The_older_form_replaces_all_keys()
    {
        var cluster = WithTopic();
        cluster.Configure(Topic, false, Set("retention.ms", "1"), Set("segment.bytes", "100"));
        cluster.Configure(Topic, true, Set("segment.bytes", "200"));
        Assert.Equal([new("segment.bytes", "200")], cluster.Image.ConfigsOf(Topic));
        cluster.Configure(Topic, true);
        Assert.Empty(cluster.Image.Configs);
    }

    [Fact]
    public void A_list_is_edited_from_its_default()
    {
        var cluster = WithTopic();
        cluster.Configure(Topic, false, new ConfigEdit("cleanup.policy", ConfigOperation.Append, "compact"));
        Assert.Equal("delete,compact", cluster.Image.ConfigsOf(Topic)["cleanup.policy"]);
        cluster.Configure(Topic, false, new ConfigEdit("cleanup.policy", ConfigOperation.Subtract, "delete"));
        Assert.Equal("compact", cluster.Image.ConfigsOf(Topic)["cleanup.policy"]);
        Assert.Equal(
            ErrorCode.InvalidConfig,
            cluster.Configure(Topic, false, new ConfigEdit("cleanup.policy", ConfigOperation.Subtract, "compact")).Error);
        Assert.Equal(
            ErrorCode.InvalidConfig,
            cluster.Configure(Topic, false, new ConfigEdit("retention.ms", ConfigOperation.Append, "1")).Error);
    }

    [Fact]
    public void One_bad_key_refuses_all_edits_of_its_resource()
    {
        var cluster = WithTopic();
        var refused = cluster.Configure(Topic, false, Set("retention.ms", "1"), Set("cleanup.policy", "burn"));
        Assert.Equal(ErrorCode.InvalidConfig, refused.Error);
        Assert.Contains("one or more of delete, compact", refused.Message, StringComparison.Ordinal);
        Assert.Empty(cluster.Image.Configs);
        Assert.Equal(
            ErrorCode.InvalidRequest, cluster.Configure(Topic, false, Set("retention.ms", "1"), Set("retention.ms", "2")).Error);
    }

    [Fact]
    public void Resources_must_exist()
    {
        var cluster = WithTopic();
        Assert.Equal(
            ErrorCode.UnknownTopicOrPartition,
            cluster.Configure(ConfigResource.Topic("other"), false, Set("retention.ms", "1")).Error);
        Assert.Equal(
            ErrorCode.InvalidRequest,
            cluster.Configure(ConfigResource.Broker(new(7)), false, Set("log.retention.ms", "1")).Error);
        Assert.Equal(
            ErrorCode.InvalidRequest, cluster.Configure(new(ConfigResourceType.BrokerLogger, "0"), false, Set("x", "1")).Error);
    }

    [Fact]
    public void A_broker_s_config_may_change_while_it_runs_if_it_is_dynamic()
    {
        var cluster = WithTopic();
        Assert.Equal(ErrorCode.None, cluster.Configure(ConfigResource.AllBrokers, false, Set("log.retention.ms", "5")).Error);
        Assert.Equal(ErrorCode.None, cluster.Configure(ConfigResource.Broker(new(0)), false, Set("log.retention.ms", "6")).Error);
        Assert.Equal(ErrorCode.InvalidConfig, cluster.Configure(ConfigResource.AllBrokers, false, Set("broker.id", "5")).Error);
    }

    [Fact]
    public void The_nearest_value_counts()
    {
        var cluster = WithTopic();
        Assert.Equal((604_800_000, ConfigSource.DefaultConfig), Retention());
        cluster.Configure(ConfigResource.AllBrokers, false, Set("log.retention.ms", "5"));
        Assert.Equal((5, ConfigSource.DynamicDefaultBrokerConfig), Retention());
        cluster.Configure(ConfigResource.Broker(new(0)), false, Set("log.retention.ms", "6"));
        Assert.Equal((6, ConfigSource.DynamicBrokerConfig), Retention());
        cluster.Configure(Topic, false, Set("retention.ms", "-1"));
        Assert.Equal((-1, ConfigSource.TopicConfig), Retention());

        (long, ConfigSource) Retention()
        {
            var entry = ConfigLayers.DescribeTopic(
                TopicConfigs.ByName["retention.ms"], cluster.Image.ConfigsOf(Topic), cluster.Image, new BrokerId(0),
                cluster.Policy.Settings);
            Assert.Equal(entry.Source, entry.Synonyms[0].Source);
            return (long.Parse(entry.Value!), entry.Source);
        }
    }

    [Fact]
    public void Every_default_of_a_topic_is_a_config_of_the_broker_that_allows_the_same()
    {
        // A throttle is for one topic at a time.
        foreach (var key in TopicConfigs.All.Where(k => !k.Name.EndsWith(".throttled.replicas", StringComparison.Ordinal)))
        {
            Assert.NotEmpty(key.Synonyms);
            foreach (var synonym in key.Synonyms) Assert.Contains(synonym.BrokerKey, BrokerConfigs.ByName.Keys);
            var first = BrokerConfigs.ByName[key.Synonyms[0].BrokerKey];
            Assert.Equal(key.Key.Type, first.Type);
            Assert.Equal(key.Key.Allowed, first.Allowed);
            Assert.True(first.IsDynamic, first.Name);
        }
    }

    private static ConfigEdit Set(string key, string value) => new(key, ConfigOperation.Set, value);

    private static Clusters WithTopic()
    {
        var cluster = Clusters.Of(1);
        cluster.Create("t");
        return cluster;
    }
}

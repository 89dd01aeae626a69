using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Tests.Hosting;

/// <summary>Metadata and its relatives, asked over a socket.</summary>
public sealed class ClusterApisTests : IAsyncLifetime
{
    private EmbeddedBroker _broker = null!;
    private BrokerClient _client = null!;

    public async Task InitializeAsync()
    {
        _broker = await EmbeddedBroker.StartAsync(
            new() { Configs = new Dictionary<string, string?> { ["num.partitions"] = "3" } });
        _client = await BrokerClient.ConnectAsync(_broker);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Metadata_names_the_broker_at_the_address_of_the_listener()
    {
        var metadata = await _client.AskAsync(new MetadataRequest());
        var broker = Assert.Single(metadata.Brokers);
        Assert.Equal(_broker.BootstrapServers, $"{broker.Host}:{broker.Port}");
        Assert.Equal(broker.NodeId, metadata.ControllerId);
        Assert.NotEqual("", metadata.ClusterId);
        Assert.Empty(metadata.Topics);
    }

    [Fact]
    public async Task Every_version_of_metadata_is_served()
    {
        ApiVersionTable.TryGet(ApiKey.Metadata, out var range);
        for (var version = range.Min; version <= range.Max; version++)
        {
            var name = $"t{version}";
            var topic = Assert.Single((await _client.AskAsync(new MetadataRequest { Topics = [new(name)] }, version)).Topics);
            Assert.Equal((ErrorCode.None, name, 3), (topic.ErrorCode, topic.Name, topic.Partitions.Length));
        }
    }

    [Fact]
    public async Task A_topic_that_is_asked_for_is_made_with_the_broker_s_defaults_and_is_there_at_once()
    {
        var topic = Assert.Single((await _client.AskAsync(new MetadataRequest { Topics = [new("orders")] })).Topics);
        Assert.Equal(ErrorCode.None, topic.ErrorCode);
        Assert.Equal([0, 1, 2], topic.Partitions.Select(p => p.Index));
        Assert.All(topic.Partitions, p => Assert.Equal((new BrokerId(0), Epoch.Zero), (p.LeaderId, p.LeaderEpoch)));
        Assert.False(topic.TopicId.IsNone);
    }

    [Fact]
    public async Task Nothing_is_made_where_either_side_does_not_want_it_or_the_name_is_illegal()
    {
        var unwanted = await _client.AskAsync(new MetadataRequest { Topics = [new("a")], AllowAutoTopicCreation = false });
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Assert.Single(unwanted.Topics).ErrorCode);
        var illegal = await _client.AskAsync(new MetadataRequest { Topics = [new("a/b"), new("")] });
        Assert.All(illegal.Topics, t => Assert.Equal(ErrorCode.InvalidTopicException, t.ErrorCode));

        await using var strict = await EmbeddedBroker.StartAsync(
            new() { Configs = new Dictionary<string, string?> { ["auto.create.topics.enable"] = "false" } });
        using var client = await BrokerClient.ConnectAsync(strict);
        Assert.Equal(
            ErrorCode.UnknownTopicOrPartition,
            Assert.Single((await client.AskAsync(new MetadataRequest { Topics = [new("a")] })).Topics).ErrorCode);
        Assert.Empty((await client.AskAsync(new MetadataRequest())).Topics);
    }

    [Fact]
    public async Task All_topics_none_and_those_of_an_id_can_be_asked_for()
    {
        await _client.AskAsync(new MetadataRequest { Topics = [new("b"), new("a")] });
        var all = (await _client.AskAsync(new MetadataRequest { Topics = null })).Topics;
        Assert.Equal(["a", "b"], all.Select(t => t.Name));
        Assert.Equal(["a", "b"], (await _client.AskAsync(new MetadataRequest(), version: 0)).Topics.Select(t => t.Name));
        Assert.Empty((await _client.AskAsync(new MetadataRequest { Topics = [] })).Topics);

        var byId = (
            await _client.AskAsync(
                new MetadataRequest { Topics = [new(null, all[1].TopicId), new(null, new TopicId(77))] })).Topics;
        Assert.Equal(("b", ErrorCode.None), (byId[0].Name, byId[0].ErrorCode));
        Assert.Equal((null, ErrorCode.UnknownTopicId), (byId[1].Name, byId[1].ErrorCode));
    }

    [Fact]
    public async Task Many_clients_that_ask_for_a_new_topic_at_once_all_get_the_same()
    {
        var clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => BrokerClient.ConnectAsync(_broker)));
        var answers = await Task.WhenAll(clients.Select(c => c.AskAsync(new MetadataRequest { Topics = [new("same")] })));
        Assert.All(answers, a => Assert.Equal(ErrorCode.None, Assert.Single(a.Topics).ErrorCode));
        Assert.Single(answers.Select(a => a.Topics[0].TopicId).Distinct());
        foreach (var client in clients) client.Dispose();
    }

    [Fact]
    public async Task The_cluster_is_described()
    {
        var cluster = await _client.AskAsync(new DescribeClusterRequest { IncludeClusterAuthorizedOperations = true });
        Assert.Equal(_broker.BootstrapServers, $"{cluster.Brokers[0].Host}:{cluster.Brokers[0].Port}");
        Assert.Equal((await _client.AskAsync(new MetadataRequest())).ClusterId, cluster.ClusterId);
        Assert.Equal(AuthorizedOperations.AllOfCluster, cluster.ClusterAuthorizedOperations);
        var controllers = await _client.AskAsync(
            new DescribeClusterRequest { EndpointType = DescribeClusterRequest.Controllers });
        Assert.Equal(ErrorCode.MismatchedEndpointType, controllers.ErrorCode);
    }

    [Fact]
    public async Task Partitions_are_described_page_by_page()
    {
        await _client.AskAsync(new MetadataRequest { Topics = [new("a"), new("b")] });
        var seen = new List<(string, int)>();
        DescribeTopicPartitionsCursor? cursor = null;
        do
        {
            var page = await _client.AskAsync(new DescribeTopicPartitionsRequest([], ResponsePartitionLimit: 2, cursor));
            Assert.InRange(page.Topics.Sum(t => t.Partitions.Length), 1, 2);
            seen.AddRange(page.Topics.SelectMany(t => t.Partitions.Select(p => (t.Name!, p.Index))));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        Assert.Equal([("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1), ("b", 2)], seen);

        var missing = await _client.AskAsync(new DescribeTopicPartitionsRequest(["nobody"]));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Assert.Single(missing.Topics).ErrorCode);
    }
}

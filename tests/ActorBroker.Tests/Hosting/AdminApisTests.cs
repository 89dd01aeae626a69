using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Tests.Hosting;

/// <summary>What administrators' tools do, over a socket.</summary>
public sealed class AdminApisTests : IAsyncLifetime
{
    private EmbeddedBroker _broker = null!;
    private BrokerClient _client = null!;

    public async Task InitializeAsync()
    {
        _broker = await EmbeddedBroker.StartAsync(
            new() { Configs = new Dictionary<string, string?> { ["log.retention.hours"] = "2" } });
        _client = await BrokerClient.ConnectAsync(_broker);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Topics_are_made_described_grown_and_deleted()
    {
        var made = await CreateAsync(
            new CreateTopicsRequest.Topic { Name = "t", NumPartitions = 2, Configs = [new("retention.ms", "60000")] });
        Assert.Equal((ErrorCode.None, 2, (short)1), (made.ErrorCode, made.NumPartitions, made.ReplicationFactor));
        Assert.Contains(
            made.Configs!, c => c is { Name: "retention.ms", Value: "60000", ConfigSource: ConfigSource.TopicConfig });
        Assert.Contains(
            made.Configs!, c => c is { Name: "segment.bytes", Value: "1073741824", ConfigSource: ConfigSource.DefaultConfig });

        var grown = await _client.AskAsync(new CreatePartitionsRequest([new("t", 5, null)], 60_000));
        Assert.Equal(ErrorCode.None, Assert.Single(grown.Results).ErrorCode);
        Assert.Equal(
            5, Assert.Single((await _client.AskAsync(new MetadataRequest { Topics = [new("t")] })).Topics).Partitions.Length);
        var shrunk = await _client.AskAsync(new CreatePartitionsRequest([new("t", 1, null)], 60_000));
        Assert.Equal(ErrorCode.InvalidPartitions, Assert.Single(shrunk.Results).ErrorCode);

        var deleted = await _client.AskAsync(new DeleteTopicsRequest([new("t"), new("u")], 60_000));
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownTopicOrPartition], deleted.Responses.Select(r => r.ErrorCode));
        Assert.Empty((await _client.AskAsync(new MetadataRequest())).Topics);
    }

    [Fact]
    public async Task Every_version_of_the_topic_apis_is_served()
    {
        foreach (var version in Versions(ApiKey.CreateTopics))
        {
            var topic = new CreateTopicsRequest.Topic { Name = $"c{version}", NumPartitions = 1, ReplicationFactor = 1 };
            Assert.Equal(ErrorCode.None, (await CreateAsync(topic, version)).ErrorCode);
        }
        foreach (var version in Versions(ApiKey.CreatePartitions))
            Assert.Equal(
                ErrorCode.None,
                (await _client.AskAsync(new CreatePartitionsRequest([new("c2", 2 + version, null)], 60_000), version))
                    .Results[0].ErrorCode);
        foreach (var version in Versions(ApiKey.DeleteTopics))
            Assert.Equal(
                ErrorCode.None,
                (await _client.AskAsync(new DeleteTopicsRequest([new($"c{version + 1}")], 60_000), version))
                    .Responses[0].ErrorCode);
    }

    [Fact]
    public async Task What_can_t_be_is_refused_topic_by_topic_with_a_reason()
    {
        var answer = await _client.AskAsync(new CreateTopicsRequest(
        [
            new() { Name = "ok" },
            new() { Name = "a b" },
            new() { Name = "x", ReplicationFactor = 2 },
            new() { Name = "y", NumPartitions = 0 },
            new() { Name = "z", Configs = [new("nonsense", "1")] },
            new() { Name = "w", Assignments = [new(0, [new BrokerId(0)]), new(0, [new BrokerId(0)])] },
            new() { Name = "v", Assignments = [new(0, [new BrokerId(9)])] },
        ]));
        Assert.Equal(
            [ErrorCode.None, ErrorCode.InvalidTopicException, ErrorCode.InvalidReplicationFactor, ErrorCode.InvalidPartitions,
                ErrorCode.InvalidConfig,
                ErrorCode.InvalidReplicaAssignment, ErrorCode.InvalidReplicaAssignment],
            answer.Topics.Select(t => t.ErrorCode));
        Assert.All(answer.Topics.Skip(1), t => Assert.NotEmpty(t.ErrorMessage!));
        Assert.Equal(ErrorCode.TopicAlreadyExists, (await CreateAsync(new CreateTopicsRequest.Topic { Name = "ok" })).ErrorCode);
    }

    [Fact]
    public async Task Validation_makes_nothing()
    {
        var answer = await _client.AskAsync(
            new CreateTopicsRequest([new() { Name = "t", NumPartitions = 4 }], ValidateOnly: true));
        Assert.Equal((ErrorCode.None, 4), (answer.Topics[0].ErrorCode, answer.Topics[0].NumPartitions));
        Assert.Empty((await _client.AskAsync(new MetadataRequest())).Topics);
    }

    [Fact]
    public async Task Configs_say_where_they_come_from()
    {
        await CreateAsync(new CreateTopicsRequest.Topic { Name = "t" });
        var retention = await DescribeAsync(ConfigResourceType.Topic, "t", "retention.ms");
        Assert.Equal(
            ("7200000", ConfigSource.StaticBrokerConfig, ConfigType.Long, false),
            (retention.Value, retention.ConfigSource, retention.ConfigType, retention.ReadOnly));
        Assert.Equal(
            [new("log.retention.hours", "2", ConfigSource.StaticBrokerConfig),
                new("log.retention.hours", "168", ConfigSource.DefaultConfig)],
            retention.Synonyms);
        Assert.NotEmpty(retention.Documentation!);

        var id = await DescribeAsync(ConfigResourceType.Broker, "0", "broker.id");
        Assert.Equal(("0", ConfigSource.DefaultConfig, true), (id.Value, id.ConfigSource, id.ReadOnly));
        Assert.StartsWith("Number of this broker", id.Documentation, StringComparison.Ordinal);

        var missing = await _client.AskAsync(
            new DescribeConfigsRequest(
                [new(ConfigResourceType.Topic, "nobody", null), new(ConfigResourceType.Broker, "7", null)]));
        Assert.Equal([ErrorCode.UnknownTopicOrPartition, ErrorCode.InvalidRequest], missing.Results.Select(r => r.ErrorCode));
    }

    [Fact]
    public async Task Configs_are_changed_in_both_forms()
    {
        await CreateAsync(new CreateTopicsRequest.Topic { Name = "t", Configs = [new("segment.bytes", "100000")] });
        var added = await _client.AskAsync(new IncrementalAlterConfigsRequest(
            [new(ConfigResourceType.Topic, "t",
                [new("retention.ms", ConfigOperation.Set, "5"), new("cleanup.policy", ConfigOperation.Append, "compact")])]));
        Assert.Equal(ErrorCode.None, Assert.Single(added.Responses).ErrorCode);
        Assert.Equal("5", (await DescribeAsync(ConfigResourceType.Topic, "t", "retention.ms")).Value);
        Assert.Equal("delete,compact", (await DescribeAsync(ConfigResourceType.Topic, "t", "cleanup.policy")).Value);
        Assert.Equal("100000", (await DescribeAsync(ConfigResourceType.Topic, "t", "segment.bytes")).Value);

        var replaced = await _client.AskAsync(
            new AlterConfigsRequest([new(ConfigResourceType.Topic, "t", [new("retention.ms", "6")])]));
        Assert.Equal(ErrorCode.None, Assert.Single(replaced.Responses).ErrorCode);
        Assert.Equal("6", (await DescribeAsync(ConfigResourceType.Topic, "t", "retention.ms")).Value);
        Assert.Equal(
            ConfigSource.DefaultConfig, (await DescribeAsync(ConfigResourceType.Topic, "t", "segment.bytes")).ConfigSource);

        var refused = Assert.Single((await _client.AskAsync(new IncrementalAlterConfigsRequest(
            [new(ConfigResourceType.Topic, "t", [new("retention.ms", ConfigOperation.Set, "soon")])]))).Responses);
        Assert.Equal(ErrorCode.InvalidConfig, refused.ErrorCode);
        Assert.Contains("allowed is", refused.ErrorMessage, StringComparison.Ordinal);
    }

    private async Task<CreateTopicsResponse.Topic> CreateAsync(CreateTopicsRequest.Topic topic, short? version = null) =>
        Assert.Single((await _client.AskAsync(new CreateTopicsRequest([topic]), version)).Topics);

    private async Task<DescribeConfigsResponse.Config> DescribeAsync(ConfigResourceType type, string name, string key)
    {
        var result = Assert.Single(
            (await _client.AskAsync(new DescribeConfigsRequest([new(type, name, [key])], true, true))).Results);
        Assert.Equal(ErrorCode.None, result.ErrorCode);
        return Assert.Single(result.Configs);
    }

    private static IEnumerable<short> Versions(ApiKey key)
    {
        ApiVersionTable.TryGet(key, out var range);
        for (var version = range.Min; version <= range.Max; version++) yield return version;
    }
}

using System.Net;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Tests.Kafka;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Requests that can't be served: Kafka's code or a closed connection, and the broker goes on for the others.</summary>
public sealed class BadRequests : AcceptanceTest
{
    [Theory]
    [InlineData(999, 0)]
    [InlineData(-1, 0)]
    [InlineData(4, 1)]
    [InlineData((short)ApiKey.Metadata, 99)]
    [InlineData((short)ApiKey.Metadata, -1)]
    [InlineData((short)ApiKey.Produce, 2)]
    [InlineData((short)ApiKey.Fetch, 3)]
    [InlineData((short)ApiKey.CreateTopics, 1)]
    public async Task An_unknown_api_or_version_closes_its_connection_only(short key, short version)
    {
        using var raw = await RawAsync();
        await raw.SendAsync(RawClient.Request((ApiKey)key, version, 1, new ApiVersionsRequest("", "")));
        Assert.True(await raw.IsClosedByBrokerAsync());
        Assert.Empty((await Client.AskAsync(new MetadataRequest())).Topics);
    }

    [Fact]
    public async Task A_hundred_requests_in_one_piece_are_answered_in_their_order()
    {
        await Client.CreateAsync("t", 1);
        using var raw = await RawAsync();
        var fetch = TestKafkaClient.ToFetch("t", new FetchRequest.Partition { PartitionMaxBytes = 1000 });
        await raw.SendAsync([.. Enumerable.Range(0, 100).Select(i => (i % 5) switch
        {
            0 => RawClient.Request(ApiKey.Produce, 9, i, TestKafkaClient.ToProduce("t", 0, TestBatch.Of($"{i}"))),
            1 => RawClient.Request(ApiKey.Produce, 9, i, TestKafkaClient.ToProduce("t", 0, TestBatch.Of($"{i}"), acks: 1)),
            2 => RawClient.Request(ApiKey.Metadata, 12, i, new MetadataRequest()),
            3 => RawClient.Request(ApiKey.Fetch, 12, i, fetch),
            _ => RawClient.ApiVersions(i),
        })]);
        for (var i = 0; i < 100; i++) Assert.Equal(i, await raw.ReceiveCorrelationIdAsync());
        Assert.Equal(Enumerable.Range(0, 100).Where(i => i % 5 < 2).Select(i => $"{i}"), await Client.ReadValuesAsync("t", 0));
    }

    /// <summary>What comes behind a request sees its effect.</summary>
    [Fact]
    public async Task Requests_in_one_piece_take_effect_in_their_order()
    {
        using var raw = await RawAsync();
        await raw.SendAsync(
            RawClient.Request(ApiKey.CreateTopics, 5, 1, new CreateTopicsRequest([new() { Name = "t", NumPartitions = 1 }])),
            RawClient.Request(ApiKey.Produce, 9, 2, TestKafkaClient.ToProduce("t", 0, TestBatch.Of("a"))),
            RawClient.Request(ApiKey.DeleteTopics, 3, 3, new DeleteTopicsRequest([new("t")], 60_000)),
            RawClient.Request(ApiKey.Metadata, 4, 4, new MetadataRequest()));
        Assert.Equal("1, 2, 3", await raw.ReceiveCorrelationIdsAsync(3));
        Assert.Empty(Metadata(await raw.ReceiveAsync()).Topics);

        static MetadataResponse Metadata(byte[] frame)
        {
            var wire = new WireReader(frame.AsSpan(4));
            return MetadataResponse.Read(ref wire, 4);
        }
    }

    [Fact]
    public async Task Half_a_request_and_a_half_closed_connection_disturb_nobody()
    {
        await Client.CreateAsync("t", 1);
        using var raw = await RawAsync();
        var request = RawClient.Request(ApiKey.Produce, 9, 1, TestKafkaClient.ToProduce("t", 0, TestBatch.Of("never")));
        await raw.Socket.SendAsync(request.AsMemory(0, request.Length - 1));
        await Client.ProduceAsync("t", 0, "other");
        raw.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.True(await raw.IsClosedByBrokerAsync());
        Assert.Equal(["other"], await Client.ReadValuesAsync("t", 0));
    }

    /// <summary>H18: the client is told, and decides where to go on.</summary>
    [Theory]
    [InlineData(-5)]
    [InlineData(4)]
    [InlineData(long.MaxValue)]
    public async Task A_fetch_outside_of_the_log_is_out_of_range(long offset)
    {
        await Client.CreateAsync("t", 1);
        await Client.ProduceAsync("t", 0, "a", "b", "c");
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await Client.FetchAsync("t", 0, offset)).Head.ErrorCode);
        Assert.Equal(ErrorCode.None, (await Client.FetchAsync("t", 0, 3)).Head.ErrorCode);
    }

    [Fact]
    public async Task A_client_that_knows_a_later_leader_than_the_broker_is_refused()
    {
        await Client.CreateAsync("t", 1);
        await Client.ProduceAsync("t", 0, "a");
        var epoch = (await Client.DescribeAsync("t")).Partitions[0].LeaderEpoch;
        Assert.Equal(ErrorCode.None, await Client.ErrorOfFetchAsync("t", 0, epoch));
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, await Client.ErrorOfFetchAsync("t", 0, epoch.Next()));
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await Client.TryOffsetAsync("t", 0, 0, leader: epoch.Next())).ErrorCode);
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await Client.EndOfEpochAsync("t", 0, leader: epoch.Next(), epoch)).ErrorCode);
        Assert.Equal(new Offset(1), (await Client.EndOfEpochAsync("t", 0, epoch, epoch)).EndOffset);
    }

    [Theory]
    [InlineData("", ErrorCode.InvalidTopicException)]
    [InlineData(".", ErrorCode.InvalidTopicException)]
    [InlineData("..", ErrorCode.InvalidTopicException)]
    [InlineData("a/b", ErrorCode.InvalidTopicException)]
    [InlineData("../up", ErrorCode.InvalidTopicException)]
    [InlineData("a b", ErrorCode.InvalidTopicException)]
    [InlineData("ä", ErrorCode.InvalidTopicException)]
    [InlineData("a\0b", ErrorCode.InvalidTopicException)]
    [InlineData("has_dot", ErrorCode.InvalidTopicException)]
    [InlineData("has.dot", ErrorCode.TopicAlreadyExists)]
    public async Task Illegal_names_are_no_topics(string name, ErrorCode error)
    {
        await Client.CreateAsync("has.dot", 1);
        var refused = await Client.TryCreateAsync(new() { Name = name, NumPartitions = 1 });
        Assert.Equal(error, refused.ErrorCode);
        Assert.NotEmpty(refused.ErrorMessage!);
        Assert.Single((await Client.AskAsync(new MetadataRequest())).Topics);
    }

    [Theory]
    [InlineData(249, ErrorCode.None)]
    [InlineData(250, ErrorCode.InvalidTopicException)]
    public async Task A_name_has_249_characters_at_most(int length, ErrorCode error) =>
        Assert.Equal(error, (await Client.TryCreateAsync(new() { Name = new string('n', length), NumPartitions = 1 })).ErrorCode);

    /// <summary>B14: more replicas than brokers are refused.</summary>
    [Theory]
    [InlineData(0, 1, ErrorCode.InvalidPartitions)]
    [InlineData(-2, 1, ErrorCode.InvalidPartitions)]
    [InlineData(1, 2, ErrorCode.InvalidReplicationFactor)]
    [InlineData(1, 0, ErrorCode.InvalidReplicationFactor)]
    [InlineData(1, -2, ErrorCode.InvalidReplicationFactor)]
    public async Task Impossible_numbers_of_partitions_or_replicas_are_refused(int partitions, short replicas, ErrorCode error)
    {
        var refused = await Client.TryCreateAsync(new() { Name = "t", NumPartitions = partitions, ReplicationFactor = replicas });
        Assert.Equal(error, refused.ErrorCode);
    }

    [Fact]
    public async Task One_request_cannot_make_a_topic_twice_nor_another_again()
    {
        var twice = await Client.AskAsync(new CreateTopicsRequest([new() { Name = "t" }, new() { Name = "t" }]));
        Assert.All(twice.Topics, t => Assert.Equal(ErrorCode.InvalidRequest, t.ErrorCode));
        await Client.CreateAsync("t", 1);
        Assert.Equal(ErrorCode.TopicAlreadyExists, (await Client.TryCreateAsync(new() { Name = "t" })).ErrorCode);
    }

    private Task<RawClient> RawAsync() => RawClient.ConnectAsync(IPEndPoint.Parse(Broker.BootstrapServers));
}

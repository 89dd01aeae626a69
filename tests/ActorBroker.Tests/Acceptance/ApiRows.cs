using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Tests.Acceptance;

/// <summary>P06: what ApiVersions names is served, in each version, with an answer of that version's form.</summary>
public sealed class ApiRows : AcceptanceTest
{
    private const string Group = "g";

    private readonly HashSet<ApiKey> _asked = [];

    [Fact]
    public async Task Every_version_of_every_api_is_answered()
    {
        await Client.CreateAsync("t", 1);
        await Client.FindCoordinatorAsync(Group);
        await EachVersionAsync(new ApiVersionsRequest("test", "1"));
        await EachVersionAsync(TestKafkaClient.ToProduce("t", 0, TestBatch.Of("a")));
        await EachVersionAsync(TestKafkaClient.ToFetch("t", new() { PartitionMaxBytes = 1000 }));
        await EachVersionAsync(new ListOffsetsRequest { Topics = [new("t", [new(0, Epoch.None, 0)])] });
        await EachVersionAsync(new MetadataRequest { Topics = [new("t")] });
        var commit = new OffsetCommitRequest.Partition(0, new(1), Epoch.None, "");
        await EachVersionAsync(new OffsetCommitRequest { GroupId = Group, Topics = [new("t", [commit])] });
        await EachVersionAsync(new OffsetFetchRequest([new(Group, [new("t", [0])])]));
        await EachVersionAsync(new FindCoordinatorRequest(CoordinatorType.Group, [Group]));
        await EachVersionAsync(new JoinGroupRequest { GroupId = Group, SessionTimeoutMs = 1, ProtocolType = "consumer" });
        await EachVersionAsync(new HeartbeatRequest(Group, 1, "nobody"));
        await EachVersionAsync(new LeaveGroupRequest(Group, [new("nobody")]));
        await EachVersionAsync(new SyncGroupRequest { GroupId = Group, MemberId = "nobody" });
        await EachVersionAsync(new DescribeGroupsRequest([Group]));
        await EachVersionAsync(new ListGroupsRequest());
        await EachVersionAsync(new CreateTopicsRequest([new() { Name = "u", NumPartitions = 1, ReplicationFactor = 1 }]));
        await EachVersionAsync(new DeleteTopicsRequest([new("nowhere")], 60_000));
        await EachVersionAsync(new DeleteRecordsRequest([new("t", [new(0, Offset.Zero)])], 60_000));
        await EachVersionAsync(new InitProducerIdRequest(null, int.MaxValue));
        await EachVersionAsync(new OffsetForLeaderEpochRequest { Topics = [new("t", [new(0, Epoch.None, Epoch.Zero)])] });
        await EachVersionAsync(new DescribeConfigsRequest([new(ConfigResourceType.Topic, "t", null)]));
        await EachVersionAsync(new AlterConfigsRequest([new(ConfigResourceType.Topic, "t", [])]));
        await EachVersionAsync(new IncrementalAlterConfigsRequest([new(ConfigResourceType.Topic, "t", [])]));
        await EachVersionAsync(new DescribeLogDirsRequest(null));
        await EachVersionAsync(new CreatePartitionsRequest([new("t", 1, null)], 60_000));
        await EachVersionAsync(new DeleteGroupsRequest(["nobody"]));
        await EachVersionAsync(new OffsetDeleteRequest(Group, [new("t", [0])]));
        await EachVersionAsync(new DescribeClusterRequest());
        await EachVersionAsync(new DescribeTopicPartitionsRequest(["t"]));
        await EachVersionAsync(new ElectLeadersRequest(ElectLeadersRequest.Preferred, [new("t", [0])], 60_000));
        await EachVersionAsync(new AlterPartitionReassignmentsRequest([new("t", [new(0, null)])], 60_000));
        await EachVersionAsync(new ListPartitionReassignmentsRequest(null, 60_000));
        await EachVersionAsync(new DecommissionBrokerRequest(new(99), 60_000));

        var advertised = (await Client.AskAsync(new ApiVersionsRequest("test", "1"))).ApiKeys;
        Assert.Equal(_asked.Order(), advertised.Select(a => a.ApiKey).Order());
    }

    private async Task EachVersionAsync<TRequest, TResponse>(IRequest<TRequest, TResponse> request)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        Assert.True(ApiVersionTable.TryGet(TRequest.Key, out var range));
        for (var version = range.Min; version <= range.Max; version++) await Client.AskAsync(request, version);
        _asked.Add(TRequest.Key);
    }
}

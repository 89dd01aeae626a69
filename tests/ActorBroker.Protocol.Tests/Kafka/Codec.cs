using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Protocol.Tests.Kafka;

/// <summary>A codec without its type, so that one test can go over all of them.</summary>
internal abstract record Codec(ApiKey Key, string Direction, short Min, short Max, Type Message)
{
    public string Name => $"{Key} {Direction}";

    public IEnumerable<short> Versions => Enumerable.Range(Min, Max - Min + 1).Select(version => (short)version);

    public bool IsFlexible(short version) => ApiVersionTable.IsFlexible(Key, version);

    public abstract object Read(ReadOnlyMemory<byte> body, short version, out int bytesRead);

    public abstract object Read(ReadOnlySpan<byte> body, short version);

    public abstract byte[] Write(object message, short version);

    public object Read(byte[] body, short version) => Read(body.AsMemory(), version, out _);

    public override string ToString() => Name;
}

internal sealed record Codec<T>(ApiKey Key, string Direction, short Min, short Max) : Codec(Key, Direction, Min, Max, typeof(T))
    where T : IWireValue<T>
{
    public override object Read(ReadOnlyMemory<byte> body, short version, out int bytesRead)
    {
        var wire = new WireReader(body);
        var message = T.Read(ref wire, version);
        bytesRead = wire.Position;
        return message;
    }

    public override object Read(ReadOnlySpan<byte> body, short version)
    {
        var wire = new WireReader(body);
        return T.Read(ref wire, version);
    }

    public override byte[] Write(object message, short version)
    {
        using var wire = new WireWriter(16);
        ((T)message).Write(wire, version);
        return wire.WrittenSpan.ToArray();
    }

    public override string ToString() => Name;
}

internal static class Codecs
{
    public static readonly Codec[] All =
    [
        .. Of<ProduceRequest, ProduceResponse>(),
        .. Of<FetchRequest, FetchResponse>(max: 18),
        .. Of<ListOffsetsRequest, ListOffsetsResponse>(max: 11),
        .. Of<MetadataRequest, MetadataResponse>(),
        .. Of<OffsetCommitRequest, OffsetCommitResponse>(),
        .. Of<OffsetFetchRequest, OffsetFetchResponse>(),
        .. Of<FindCoordinatorRequest, FindCoordinatorResponse>(),
        .. Of<JoinGroupRequest, JoinGroupResponse>(),
        .. Of<HeartbeatRequest, HeartbeatResponse>(),
        .. Of<LeaveGroupRequest, LeaveGroupResponse>(),
        .. Of<SyncGroupRequest, SyncGroupResponse>(),
        .. Of<DescribeGroupsRequest, DescribeGroupsResponse>(),
        .. Of<ListGroupsRequest, ListGroupsResponse>(),
        .. Of<ApiVersionsRequest, ApiVersionsResponse>(),
        .. Of<CreateTopicsRequest, CreateTopicsResponse>(),
        .. Of<DeleteTopicsRequest, DeleteTopicsResponse>(),
        .. Of<DeleteRecordsRequest, DeleteRecordsResponse>(),
        .. Of<InitProducerIdRequest, InitProducerIdResponse>(),
        .. Of<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(),
        .. Of<DescribeConfigsRequest, DescribeConfigsResponse>(),
        .. Of<AlterConfigsRequest, AlterConfigsResponse>(),
        .. Of<DescribeLogDirsRequest, DescribeLogDirsResponse>(),
        .. Of<CreatePartitionsRequest, CreatePartitionsResponse>(),
        .. Of<DeleteGroupsRequest, DeleteGroupsResponse>(),
        .. Of<ElectLeadersRequest, ElectLeadersResponse>(),
        .. Of<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(),
        .. Of<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>(),
        .. Of<DecommissionBrokerRequest, DecommissionBrokerResponse>(),
        .. Of<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(),
        .. Of<OffsetDeleteRequest, OffsetDeleteResponse>(),
        .. Of<DescribeClusterRequest, DescribeClusterResponse>(),
        .. Of<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(),
    ];

    public static TheoryData<ApiKey> Keys => [.. All.Select(codec => codec.Key).Distinct()];

    /// <param name="max">Where the codec knows versions that are not served.</param>
    private static Codec[] Of<TRequest, TResponse>(short? max = null)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        Assert.True(ApiVersionTable.TryGet(TRequest.Key, out var range));
        var last = max ?? range.Max;
        return
        [
            new Codec<TRequest>(TRequest.Key, "request", range.Min, last),
            new Codec<TResponse>(TRequest.Key, "response", range.Min, last),
        ];
    }
}

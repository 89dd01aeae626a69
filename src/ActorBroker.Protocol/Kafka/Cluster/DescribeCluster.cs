namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// DescribeCluster: key 60, versions 0-2, all flexible (KIP-700). v1 adds the endpoint type (KIP-919), v2 fenced brokers.
/// </summary>
public sealed record DescribeClusterRequest : IRequest<DescribeClusterRequest, DescribeClusterResponse>
{
    public const sbyte Brokers = 1;

    public const sbyte Controllers = 2;

    public static ApiKey Key => ApiKey.DescribeCluster;

    public bool IncludeClusterAuthorizedOperations { get; init; }

    /// <summary><see cref="Brokers"/> or <see cref="Controllers"/>.</summary>
    public sbyte EndpointType { get; init; } = Brokers;

    public bool IncludeFencedBrokers { get; init; }

    public static DescribeClusterRequest Read(ref WireReader wire, short version)
    {
        var request = new DescribeClusterRequest
        {
            IncludeClusterAuthorizedOperations = wire.Boolean(),
            EndpointType = version >= 1 ? wire.Int8() : Brokers,
            IncludeFencedBrokers = version >= 2 && wire.Boolean(),
        };
        wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.Boolean(IncludeClusterAuthorizedOperations);
        if (version >= 1) wire.Int8(EndpointType);
        if (version >= 2) wire.Boolean(IncludeFencedBrokers);
        wire.NoTags();
    }
}

/// <summary>DescribeCluster: key 60, versions 0-2, all flexible. v1 adds the endpoint type, v2 fenced brokers.</summary>
public sealed record DescribeClusterResponse : IWireValue<DescribeClusterResponse>
{
    public int ThrottleTimeMs { get; init; }

    public ErrorCode ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public sbyte EndpointType { get; init; } = DescribeClusterRequest.Brokers;

    public string ClusterId { get; init; } = "";

    public BrokerId ControllerId { get; init; } = BrokerId.None;

    public Broker[] Brokers { get; init; } = [];

    public int ClusterAuthorizedOperations { get; init; } = AuthorizedOperations.NotRequested;

    public static DescribeClusterResponse Read(ref WireReader wire, short version)
    {
        var response = new DescribeClusterResponse
        {
            ThrottleTimeMs = wire.Int32(),
            ErrorCode = wire.ErrorCode(),
            ErrorMessage = wire.NullableString(flexible: true),
            EndpointType = version >= 1 ? wire.Int8() : DescribeClusterRequest.Brokers,
            ClusterId = wire.String(flexible: true),
            ControllerId = wire.BrokerId(),
            Brokers = wire.Array<Broker>(flexible: true, version),
            ClusterAuthorizedOperations = wire.Int32(),
        };
        wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.Int32(ThrottleTimeMs);
        wire.ErrorCode(ErrorCode);
        wire.NullableString(ErrorMessage, flexible: true);
        if (version >= 1) wire.Int8(EndpointType);
        wire.String(ClusterId, flexible: true);
        wire.BrokerId(ControllerId);
        wire.Array(Brokers, flexible: true, version);
        wire.Int32(ClusterAuthorizedOperations);
        wire.NoTags();
    }

    public readonly record struct Broker(BrokerId BrokerId, string Host, int Port, string? Rack, bool IsFenced = false)
        : IWireValue<Broker>
    {
        public static Broker Read(ref WireReader wire, short version)
        {
            var broker = new Broker(
                BrokerId: wire.BrokerId(),
                Host: wire.String(flexible: true),
                Port: wire.Int32(),
                Rack: wire.NullableString(flexible: true),
                IsFenced: version >= 2 && wire.Boolean());
            wire.SkipTags();
            return broker;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.BrokerId(BrokerId);
            wire.String(Host, flexible: true);
            wire.Int32(Port);
            wire.NullableString(Rack, flexible: true);
            if (version >= 2) wire.Boolean(IsFenced);
            wire.NoTags();
        }
    }
}

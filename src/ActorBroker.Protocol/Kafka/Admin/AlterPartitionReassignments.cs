namespace ActorBroker.Protocol.Kafka;

/// <summary>
/// AlterPartitionReassignments: key 45, versions 0-1, flexible (KIP-455). v1 may forbid other numbers of replicas (KIP-860).
/// </summary>
public sealed record AlterPartitionReassignmentsRequest(
    AlterPartitionReassignmentsRequest.Topic[] Topics, int TimeoutMs, bool AllowReplicationFactorChange = true)
    : IRequest<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>
{
    public static ApiKey Key => ApiKey.AlterPartitionReassignments;

    public static AlterPartitionReassignmentsRequest Read(ref WireReader wire, short version)
    {
        var timeout = wire.Int32();
        var allow = version < 1 || wire.Boolean();
        var request = new AlterPartitionReassignmentsRequest(wire.Array<Topic>(flexible: true, version), timeout, allow);
        wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.Int32(TimeoutMs);
        if (version >= 1) wire.Boolean(AllowReplicationFactorChange);
        wire.Array(Topics, flexible: true, version);
        wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var value = new Topic(wire.String(flexible: true), wire.Array<Partition>(flexible: true, version));
            wire.SkipTags();
            return value;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.String(Name, flexible: true);
            wire.Array(Partitions, flexible: true, version);
            wire.NoTags();
        }
    }

    /// <param name="Replicas">Where it shall be, the preferred leader first; null: call off the move that is under way.</param>
    public readonly record struct Partition(int Index, BrokerId[]? Replicas) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var value = new Partition(wire.Int32(), wire.NullableBrokerIds(flexible: true));
            wire.SkipTags();
            return value;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            wire.NullableBrokerIds(Replicas, flexible: true);
            wire.NoTags();
        }
    }
}

/// <summary>
/// AlterPartitionReassignments: key 45, versions 0-1, flexible. v1 says again whether other numbers of replicas were allowed.
/// </summary>
public sealed record AlterPartitionReassignmentsResponse : IWireValue<AlterPartitionReassignmentsResponse>
{
    public int ThrottleTimeMs { get; init; }

    public bool AllowReplicationFactorChange { get; init; } = true;

    /// <summary>Of the whole request.</summary>
    public ErrorCode ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public Topic[] Topics { get; init; } = [];

    public static AlterPartitionReassignmentsResponse Read(ref WireReader wire, short version)
    {
        var response = new AlterPartitionReassignmentsResponse
        {
            ThrottleTimeMs = wire.Int32(),
            AllowReplicationFactorChange = version < 1 || wire.Boolean(),
            ErrorCode = wire.ErrorCode(),
            ErrorMessage = wire.NullableString(flexible: true),
            Topics = wire.Array<Topic>(flexible: true, version),
        };
        wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.Int32(ThrottleTimeMs);
        if (version >= 1) wire.Boolean(AllowReplicationFactorChange);
        wire.ErrorCode(ErrorCode);
        wire.NullableString(ErrorMessage, flexible: true);
        wire.Array(Topics, flexible: true, version);
        wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var value = new Topic(wire.String(flexible: true), wire.Array<Partition>(flexible: true, version));
            wire.SkipTags();
            return value;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.String(Name, flexible: true);
            wire.Array(Partitions, flexible: true, version);
            wire.NoTags();
        }
    }

    public readonly record struct Partition(int Index, ErrorCode ErrorCode, string? ErrorMessage = null) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var value = new Partition(wire.Int32(), wire.ErrorCode(), wire.NullableString(flexible: true));
            wire.SkipTags();
            return value;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            wire.ErrorCode(ErrorCode);
            wire.NullableString(ErrorMessage, flexible: true);
            wire.NoTags();
        }
    }
}

namespace ActorBroker.Protocol.Kafka;

/// <summary>ListPartitionReassignments: key 46, version 0, flexible (KIP-455).</summary>
/// <param name="Topics">Null: all partitions.</param>
public sealed record ListPartitionReassignmentsRequest(ListPartitionReassignmentsRequest.Topic[]? Topics, int TimeoutMs)
    : IRequest<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>
{
    public static ApiKey Key => ApiKey.ListPartitionReassignments;

    public static ListPartitionReassignmentsRequest Read(ref WireReader wire, short version)
    {
        var timeout = wire.Int32();
        var request = new ListPartitionReassignmentsRequest(wire.NullableArray<Topic>(flexible: true, version), timeout);
        wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.Int32(TimeoutMs);
        wire.NullableArray(Topics, flexible: true, version);
        wire.NoTags();
    }

    public readonly record struct Topic(string Name, int[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var value = new Topic(wire.String(flexible: true), wire.Int32Array(flexible: true));
            wire.SkipTags();
            return value;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.String(Name, flexible: true);
            wire.Int32Array(Partitions, flexible: true);
            wire.NoTags();
        }
    }
}

/// <summary>ListPartitionReassignments: key 46, version 0, flexible. Only what is being moved is in it.</summary>
public sealed record ListPartitionReassignmentsResponse(
    ListPartitionReassignmentsResponse.Topic[] Topics, ErrorCode ErrorCode = ErrorCode.None, string? ErrorMessage = null,
    int ThrottleTimeMs = 0)
    : IWireValue<ListPartitionReassignmentsResponse>
{
    public static ListPartitionReassignmentsResponse Read(ref WireReader wire, short version)
    {
        var (throttle, error, message) = (wire.Int32(), wire.ErrorCode(), wire.NullableString(flexible: true));
        var response = new ListPartitionReassignmentsResponse(
            wire.Array<Topic>(flexible: true, version), error, message, throttle);
        wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        wire.Int32(ThrottleTimeMs);
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

    /// <param name="Replicas">All that it has now, old and new.</param>
    public readonly record struct Partition(
        int Index, BrokerId[] Replicas, BrokerId[] AddingReplicas, BrokerId[] RemovingReplicas) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var value = new Partition(
                wire.Int32(), wire.BrokerIds(flexible: true), wire.BrokerIds(flexible: true), wire.BrokerIds(flexible: true));
            wire.SkipTags();
            return value;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            wire.BrokerIds(Replicas, flexible: true);
            wire.BrokerIds(AddingReplicas, flexible: true);
            wire.BrokerIds(RemovingReplicas, flexible: true);
            wire.NoTags();
        }
    }
}

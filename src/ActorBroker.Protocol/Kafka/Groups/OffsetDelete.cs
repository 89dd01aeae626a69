namespace ActorBroker.Protocol.Kafka;

/// <summary>OffsetDelete: key 47, version 0 (KIP-496), never flexible.</summary>
public sealed record OffsetDeleteRequest(string GroupId, OffsetDeleteRequest.Topic[] Topics)
    : IRequest<OffsetDeleteRequest, OffsetDeleteResponse>
{
    public static ApiKey Key => ApiKey.OffsetDelete;

    public static OffsetDeleteRequest Read(ref WireReader wire, short version) =>
        new(wire.String(flexible: false), wire.Array<Topic>(flexible: false, version));

    public void Write(WireWriter wire, short version)
    {
        wire.String(GroupId, flexible: false);
        wire.Array(Topics, flexible: false, version);
    }

    public readonly record struct Topic(string Name, int[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version) =>
            new(wire.String(flexible: false), wire.Int32Array(flexible: false));

        public void Write(WireWriter wire, short version)
        {
            wire.String(Name, flexible: false);
            wire.Int32Array(Partitions, flexible: false);
        }
    }
}

/// <summary>OffsetDelete: key 47, version 0. The error precedes the throttle time, unlike elsewhere.</summary>
public sealed record OffsetDeleteResponse(ErrorCode ErrorCode, OffsetDeleteResponse.Topic[] Topics, int ThrottleTimeMs = 0)
    : IWireValue<OffsetDeleteResponse>
{
    public static OffsetDeleteResponse Read(ref WireReader wire, short version)
    {
        var error = wire.ErrorCode();
        var throttle = wire.Int32();
        return new OffsetDeleteResponse(error, wire.Array<Topic>(flexible: false, version), throttle);
    }

    public void Write(WireWriter wire, short version)
    {
        wire.ErrorCode(ErrorCode);
        wire.Int32(ThrottleTimeMs);
        wire.Array(Topics, flexible: false, version);
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version) =>
            new(wire.String(flexible: false), wire.Array<Partition>(flexible: false, version));

        public void Write(WireWriter wire, short version)
        {
            wire.String(Name, flexible: false);
            wire.Array(Partitions, flexible: false, version);
        }
    }

    public readonly record struct Partition(int Index, ErrorCode ErrorCode) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version) => new(wire.Int32(), wire.ErrorCode());

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            wire.ErrorCode(ErrorCode);
        }
    }
}

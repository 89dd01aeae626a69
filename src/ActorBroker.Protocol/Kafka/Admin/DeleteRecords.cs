namespace ActorBroker.Protocol.Kafka;

/// <summary>DeleteRecords: key 21, versions 0-2. v2 is flexible.</summary>
public sealed record DeleteRecordsRequest(DeleteRecordsRequest.Topic[] Topics, int TimeoutMs)
    : IRequest<DeleteRecordsRequest, DeleteRecordsResponse>
{
    /// <summary>In place of an offset: all up to the high watermark.</summary>
    public static readonly Offset HighWatermark = new(-1);

    public static ApiKey Key => ApiKey.DeleteRecords;

    public static DeleteRecordsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var request = new DeleteRecordsRequest(wire.Array<Topic>(flexible, version), wire.Int32());
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        wire.Array(Topics, flexible, version);
        wire.Int32(TimeoutMs);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var topic = new Topic(wire.String(flexible), wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.String(Name, flexible);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    /// <param name="Offset">The first offset that is kept, or <see cref="HighWatermark"/>.</param>
    public readonly record struct Partition(int Index, Offset Offset) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var partition = new Partition(wire.Int32(), wire.Offset());
            if (version >= 2) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            wire.Offset(Offset);
            if (version >= 2) wire.NoTags();
        }
    }
}

/// <summary>DeleteRecords: key 21, versions 0-2. v2 is flexible.</summary>
public sealed record DeleteRecordsResponse(DeleteRecordsResponse.Topic[] Topics, int ThrottleTimeMs = 0)
    : IWireValue<DeleteRecordsResponse>
{
    public static DeleteRecordsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var throttle = wire.Int32();
        var response = new DeleteRecordsResponse(wire.Array<Topic>(flexible, version), throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        wire.Int32(ThrottleTimeMs);
        wire.Array(Topics, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, Partition[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var topic = new Topic(wire.String(flexible), wire.Array<Partition>(flexible, version));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.String(Name, flexible);
            wire.Array(Partitions, flexible, version);
            if (flexible) wire.NoTags();
        }
    }

    /// <param name="LowWatermark">The log start after the deletion.</param>
    public readonly record struct Partition(int Index, Offset LowWatermark, ErrorCode ErrorCode) : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var partition = new Partition(wire.Int32(), wire.Offset(), wire.ErrorCode());
            if (version >= 2) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(Index);
            wire.Offset(LowWatermark);
            wire.ErrorCode(ErrorCode);
            if (version >= 2) wire.NoTags();
        }
    }
}

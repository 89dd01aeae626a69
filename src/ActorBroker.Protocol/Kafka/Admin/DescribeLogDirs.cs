namespace ActorBroker.Protocol.Kafka;

/// <summary>DescribeLogDirs: key 35, versions 1-4. v2 is flexible.</summary>
/// <param name="Topics">Null: all partitions.</param>
public sealed record DescribeLogDirsRequest(DescribeLogDirsRequest.Topic[]? Topics)
    : IRequest<DescribeLogDirsRequest, DescribeLogDirsResponse>
{
    public static ApiKey Key => ApiKey.DescribeLogDirs;

    public static DescribeLogDirsRequest Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var request = new DescribeLogDirsRequest(wire.NullableArray<Topic>(flexible, version));
        if (flexible) wire.SkipTags();
        return request;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        wire.NullableArray(Topics, flexible, version);
        if (flexible) wire.NoTags();
    }

    public readonly record struct Topic(string Name, int[] Partitions) : IWireValue<Topic>
    {
        public static Topic Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var topic = new Topic(wire.String(flexible), wire.Int32Array(flexible));
            if (flexible) wire.SkipTags();
            return topic;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.String(Name, flexible);
            wire.Int32Array(Partitions, flexible);
            if (flexible) wire.NoTags();
        }
    }
}

/// <summary>DescribeLogDirs: key 35, versions 1-4. v2 is flexible; v3 adds the error of the whole, v4 the disks' space
/// (KIP-827).</summary>
public sealed record DescribeLogDirsResponse(
    DescribeLogDirsResponse.Result[] Results, ErrorCode ErrorCode = ErrorCode.None, int ThrottleTimeMs = 0)
    : IWireValue<DescribeLogDirsResponse>
{
    public static DescribeLogDirsResponse Read(ref WireReader wire, short version)
    {
        var flexible = version >= 2;
        var throttle = wire.Int32();
        var error = version >= 3 ? wire.ErrorCode() : ErrorCode.None;
        var response = new DescribeLogDirsResponse(wire.Array<Result>(flexible, version), error, throttle);
        if (flexible) wire.SkipTags();
        return response;
    }

    public void Write(WireWriter wire, short version)
    {
        var flexible = version >= 2;
        wire.Int32(ThrottleTimeMs);
        if (version >= 3) wire.ErrorCode(ErrorCode);
        wire.Array(Results, flexible, version);
        if (flexible) wire.NoTags();
    }

    /// <summary>One data directory.</summary>
    /// <param name="ErrorCode"><see cref="ErrorCode.KafkaStorageError"/>: it has failed.</param>
    /// <param name="TotalBytes">Of the disk that it lies on; -1: not known.</param>
    /// <param name="UsableBytes">Free there; -1: not known.</param>
    public readonly record struct Result(
        ErrorCode ErrorCode, string LogDir, Topic[] Topics, long TotalBytes = -1, long UsableBytes = -1) : IWireValue<Result>
    {
        public static Result Read(ref WireReader wire, short version)
        {
            var flexible = version >= 2;
            var result = new Result(wire.ErrorCode(), wire.String(flexible), wire.Array<Topic>(flexible, version));
            if (version >= 4) result = result with { TotalBytes = wire.Int64(), UsableBytes = wire.Int64() };
            if (flexible) wire.SkipTags();
            return result;
        }

        public void Write(WireWriter wire, short version)
        {
            var flexible = version >= 2;
            wire.ErrorCode(ErrorCode);
            wire.String(LogDir, flexible);
            wire.Array(Topics, flexible, version);
            if (version >= 4)
            {
                wire.Int64(TotalBytes);
                wire.Int64(UsableBytes);
            }
            if (flexible) wire.NoTags();
        }
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

    /// <param name="PartitionSize">Bytes of its segments.</param>
    /// <param name="OffsetLag">Records that a log which is being moved to this directory lacks.</param>
    public readonly record struct Partition(int PartitionIndex, long PartitionSize, long OffsetLag, bool IsFutureKey)
        : IWireValue<Partition>
    {
        public static Partition Read(ref WireReader wire, short version)
        {
            var partition = new Partition(wire.Int32(), wire.Int64(), wire.Int64(), wire.Boolean());
            if (version >= 2) wire.SkipTags();
            return partition;
        }

        public void Write(WireWriter wire, short version)
        {
            wire.Int32(PartitionIndex);
            wire.Int64(PartitionSize);
            wire.Int64(OffsetLag);
            wire.Boolean(IsFutureKey);
            if (version >= 2) wire.NoTags();
        }
    }
}

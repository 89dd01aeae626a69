using ActorBroker.Core.Groups.Assignors;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Server.Clients.Consuming;

/// <summary>Where to start where nothing is committed, or what is committed is gone.</summary>
internal enum OffsetReset
{
    Latest,
    Earliest,

    /// <summary>Fail.</summary>
    None,
}

/// <summary>How a consumer reads, with the defaults of Kafka's clients.</summary>
internal sealed record ConsumerOptions
{
    /// <summary>Null: no group, so neither subscription nor commits.</summary>
    public string? GroupId { get; init; }
    public string? GroupInstanceId { get; init; }
    public OffsetReset OffsetReset { get; init; } = OffsetReset.Latest;
    public bool AutoCommit { get; init; } = true;
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A member that does not poll for so long leaves the group; also how long a rebalance waits for it.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);
    public IReadOnlyList<IAssignor> Assignors { get; init; } = [new RangeAssignor(), new StickyAssignor()];
    public int FetchMinBytes { get; init; } = 1;
    public int FetchMaxBytes { get; init; } = 50 << 20;
    public int MaxPartitionFetchBytes { get; init; } = 1 << 20;
    public TimeSpan FetchMaxWait { get; init; } = TimeSpan.FromMilliseconds(500);
    public IsolationLevel IsolationLevel { get; init; }

    /// <summary>A batch that becomes larger than this is refused instead of filling the memory.</summary>
    public int MaxDecompressedBytes { get; init; } = 256 << 20;
}

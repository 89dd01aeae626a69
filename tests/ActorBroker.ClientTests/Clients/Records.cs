namespace ActorBroker.ClientTests.Clients;

/// <summary>A record to produce. Without a partition the client's own partitioner decides.</summary>
internal sealed record SentRecord(
    string? Key, string? Value, int? Partition = null, IReadOnlyDictionary<string, string>? Headers = null);

/// <summary>A record as a client printed it.</summary>
internal sealed record SeenRecord(
    string Topic, int Partition, long Offset, string? Key, string? Value, long Timestamp,
    IReadOnlyDictionary<string, string> Headers);

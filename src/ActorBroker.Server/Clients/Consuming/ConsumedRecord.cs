using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Server.Clients.Consuming;

/// <summary>A record with bytes of its own.</summary>
internal sealed record ConsumedRecord(
    TopicPartition Partition, Offset Offset, long TimestampMs, TimestampType TimestampType, byte[]? Key, byte[]? Value,
    RecordHeader[] Headers);

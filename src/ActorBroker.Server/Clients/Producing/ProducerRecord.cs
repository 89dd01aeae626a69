using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Server.Clients.Producing;

/// <param name="Partition">Null: the partitioner chooses.</param>
/// <param name="TimestampMs">Null: the producer's clock.</param>
internal readonly record struct ProducerRecord(
    string Topic, byte[]? Key, byte[]? Value, int? Partition = null, RecordHeader[]? Headers = null, long? TimestampMs = null);

/// <summary>
/// The future of a record that was handed over: await <see cref="Batch"/>, then ask for the <see cref="Offset"/>.
/// </summary>
internal readonly record struct Delivery(TopicPartition Partition, Task<ProducedBatch> Batch, int Index)
{
    /// <exception cref="KafkaException">The record was not delivered.</exception>
    public async Task<Offset> OffsetAsync() => (await Batch).FirstOffset is { IsNone: false } first ? first + Index : Offset.None;
}

/// <param name="FirstOffset"><see cref="Offset.None"/> with acks 0.</param>
internal readonly record struct ProducedBatch(Offset FirstOffset);

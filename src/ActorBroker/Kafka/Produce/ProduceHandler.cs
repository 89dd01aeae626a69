using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using ActorBroker.Replicas;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Kafka.Produce;

/// <summary>
/// Produce: key 0, versions 3-13. Checks each batch where it lies in the frame, on the connection's thread, and tells it to the
/// replica. Known gap: transactional batches are refused.
/// </summary>
internal sealed class ProduceHandler(LocalReplicas replicas, TimeProvider time, ILogger log) : IProduceHandler
{
    private const short FirstVersionWithTopicIds = 13, FirstVersionWithTransactionAbortable = 11;

    public void Start(PendingProduce request, WireReader body)
    {
        var produce = new ProduceRequestReader(body, request.Version);
        produce.CountPartitions(); // Throws for a malformed request, before any part of it takes effect.
        request.SetAcks(produce.Acks, TimeSpan.FromMilliseconds(Math.Max(produce.TimeoutMs, 0)));
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var mayServe = replicas.Lease.IsHeld;
        while (produce.NextTopic())
        {
            request.AddTopic(produce.TopicName, produce.TopicId, produce.PartitionCount);
            while (produce.NextPartition()) Tell(request, produce, nowMs, mayServe);
        }
        request.AllTold();
    }

    private void Tell(PendingProduce request, in ProduceRequestReader produce, long nowMs, bool mayServe)
    {
        var part = request.AddPartition(produce.PartitionIndex);
        var byId = request.Version >= FirstVersionWithTopicIds;
        var isHere = byId
            ? replicas.TryFind(produce.TopicId, produce.PartitionIndex, out var replica)
            : replicas.TryFind(produce.TopicNameUtf8, produce.PartitionIndex, out replica);
        if (!isHere)
        {
            part.Refused(byId ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition);
            return;
        }
        if (replica!.IsInternal)
        {
            part.Refused(ErrorCode.InvalidTopicException, "Only the broker itself writes to an internal topic.");
            return;
        }
        var batch = produce.Records is { } range ? request.Frame.Memory.Slice(range.Start, range.Length) : default;
        var error = Prepare(ref batch, request.Version, replica, nowMs, out var header);
        if (!error.IsNone)
        {
            part.RecordErrors = error.Records;
            part.Refused(error.Code, error.Message);
            return;
        }
        (part.Batch, part.Header, part.Acks, part.Timeout) = (batch, header, request.Acks, request.Timeout);
        if (!mayServe) part.Refusal = ErrorCode.NotLeaderOrFollower;
        replica.Actor.Tell(part, ActorRefs.NoSender);
    }

    /// <summary>Checks a batch and gives it the codec that its topic asks for.</summary>
    /// <remarks>It does not throw: replicas may have heard of other batches, and write into the same frame.</remarks>
    private BatchError Prepare(
        ref Memory<byte> batch, short version, LocalReplica replica, long nowMs, out RecordBatchHeader header)
    {
        header = default;
        try
        {
            var rules = replica.Rules;
            var error = Check(batch.Span, version, rules, nowMs, out header);
            if (error.IsNone && rules.Stored is { } stored && stored.Codec != header.Attributes.Codec)
                error = Recompress(ref batch, ref header, stored, rules);
            return error;
        }
        catch (Exception e)
        {
            Log.BatchFailed(log, e, replica.Partition);
            return new(ErrorCode.UnknownServerError, $"The batch could not be looked at: {e.Message}");
        }
    }

    /// <summary>
    /// The topic's <c>compression.type</c> is not the producer's: the batch is stored as another, with bytes of its
    /// own.
    /// </summary>
    private static BatchError Recompress(
        ref Memory<byte> batch, ref RecordBatchHeader header, StoredCompression stored, TopicRecordRules rules)
    {
        try
        {
            batch = stored.Apply(batch.Span, rules.MaxDecompressedBytes);
            RecordBatchHeader.TryRead(batch.Span, out header);
            return batch.Length <= rules.MaxMessageBytes ? default : new(
                ErrorCode.MessageTooLarge,
                $"Packed anew the batch has {batch.Length} bytes, more than max.message.bytes = {rules.MaxMessageBytes}");
        }
        catch (RecordFormatException e)
        {
            return new(e.Code, e.Message);
        }
    }

    private static BatchError Check(
        ReadOnlySpan<byte> batch, short version, TopicRecordRules rules, long nowMs, out RecordBatchHeader header)
    {
        var error = RecordBatchValidator.CheckProduce(batch, version, out header);
        if (error.IsNone) error = RecordBatchValidator.CheckTopic(batch, header, rules, nowMs);
        if (error.IsNone && header.Attributes.IsTransactional)
        {
            var code = version < FirstVersionWithTransactionAbortable
                ? ErrorCode.InvalidTxnState
                : ErrorCode.TransactionAbortable;
            return new(code, "This broker does not support transactions yet.");
        }
        return error;
    }
}

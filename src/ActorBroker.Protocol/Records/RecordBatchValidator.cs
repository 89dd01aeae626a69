using System.Globalization;

namespace ActorBroker.Protocol.Records;

/// <summary>
/// Says whether a batch from a client may be appended, with Kafka's error code where not. First
/// <see cref="CheckProduce"/>, which needs nothing but the bytes, then <see cref="CheckTopic"/>. A compressed batch is
/// opened only where the topic's rules cannot be judged from its header.
/// </summary>
public static class RecordBatchValidator
{
    /// <summary>The first Produce version whose clients know zstd (KIP-110).</summary>
    private const short FirstProduceVersionWithZstd = 7;

    private static BatchError Ok => default;

    /// <summary>Checks shape and CRC of the bytes that a Produce request carries for one partition: exactly one batch.</summary>
    public static BatchError CheckProduce(ReadOnlySpan<byte> batch, short produceVersion, out RecordBatchHeader header)
    {
        if (!RecordBatchHeader.TryRead(batch, out header))
            return Corrupt(
                batch.IsEmpty
                    ? "No record batch"
                    : $"A record batch has {RecordBatchHeader.SizeBytes} bytes or more, not {batch.Length}");
        if (header.Magic != RecordBatchHeader.CurrentMagic)
            return Invalid($"Message format {header.Magic}: only record batch version 2 is stored");
        if (header.TotalBytes < RecordBatchHeader.SizeBytes || header.TotalBytes > batch.Length)
            return Corrupt($"The batch says that it has {header.TotalBytes} bytes, but {batch.Length} came");
        if (header.TotalBytes < batch.Length)
            return Invalid("A Produce request carries exactly one record batch for each partition");
        if (header.Crc != RecordBatchHeader.ComputeCrc(batch))
            return Corrupt("CRC-32C of the record batch is wrong");
        if (header.BaseOffset != Offset.Zero)
            return Invalid($"Base offset {header.BaseOffset}: a producer's batch starts at 0");
        if (header.RecordCount <= 0 || header.LastOffsetDelta != header.RecordCount - 1)
            return Invalid($"{header.RecordCount} records cannot end at offset delta {header.LastOffsetDelta}");
        if (header.Attributes.IsControl)
            return Invalid("Only brokers write control batches");
        if (header.Attributes.HasDeleteHorizon)
            return Invalid("Only compaction sets a delete horizon");
        if (header.HasProducerId && (header.ProducerEpoch < 0 || header.BaseSequence < 0))
            return Invalid($"Producer {header.ProducerId} sent epoch {header.ProducerEpoch} and sequence {header.BaseSequence}");
        if (header.Attributes.IsTransactional && !header.HasProducerId)
            return Invalid("A transactional batch needs a producer id");
        if (header.Attributes.Codec > CompressionCodec.Zstd)
            return new(ErrorCode.UnsupportedCompressionType, $"Compression codec {(int)header.Attributes.Codec} does not exist");
        if (header.Attributes.Codec == CompressionCodec.Zstd && produceVersion < FirstProduceVersionWithZstd)
            return new(ErrorCode.UnsupportedCompressionType, "zstd needs Produce version 7 or later");
        return header.Attributes.Codec == CompressionCodec.None ? CheckRecordsFillBatch(batch, header) : Ok;
    }

    /// <summary>Checks a batch that passed <see cref="CheckProduce"/> against its topic's rules.</summary>
    /// <param name="nowMs">The leader's clock, milliseconds since 1970.</param>
    public static BatchError CheckTopic(ReadOnlySpan<byte> batch, in RecordBatchHeader header, TopicRecordRules rules, long nowMs)
    {
        if (batch.Length > rules.MaxMessageBytes)
            return new(
                ErrorCode.MessageTooLarge,
                $"The record batch has {batch.Length} bytes, more than max.message.bytes = {rules.MaxMessageBytes}");
        if (batch.Length > rules.SegmentBytes)
            return new(
                ErrorCode.RecordListTooLarge,
                $"The record batch has {batch.Length} bytes, more than segment.bytes = {rules.SegmentBytes}");

        var createTime = rules.TimestampType == TimestampType.CreateTime;
        if (createTime && header.Attributes.TimestampType == TimestampType.LogAppendTime)
            return new(ErrorCode.InvalidTimestamp, "The topic's timestamps are the producer's, the batch says LogAppendTime");
        if (createTime && IsAfter(header.MaxTimestampMs, nowMs, rules.TimestampAfterMaxMs))
            return TooFarAhead(header.MaxTimestampMs, nowMs, rules);

        // The header has no minimum: with a bound on age, or on keys, only the records can tell.
        var checkAge = createTime && rules.TimestampBeforeMaxMs != long.MaxValue;
        return checkAge || rules.RequiresKeys ? RecordScan.Check(batch, header, rules, nowMs) : Ok;
    }

    /// <summary>
    /// Checks bytes that are already in a log, or came from a leader: whole, of this format, CRC right. Offsets,
    /// epochs and control batches are as they are.
    /// </summary>
    /// <param name="bytes">The batch, and maybe others after it.</param>
    public static BatchError CheckStored(ReadOnlySpan<byte> bytes, out RecordBatchHeader header)
    {
        if (!RecordBatchHeader.TryRead(bytes, out header))
            return Corrupt($"{bytes.Length} bytes are left, less than a batch header");
        if (header.Magic != RecordBatchHeader.CurrentMagic)
            return Corrupt($"Message format {header.Magic} instead of 2");
        if (header.TotalBytes < RecordBatchHeader.SizeBytes || header.TotalBytes > bytes.Length)
            return Corrupt($"The batch says that it has {header.TotalBytes} bytes, but {bytes.Length} are left");
        if (header.Crc != RecordBatchHeader.ComputeCrc(bytes[..(int)header.TotalBytes]))
            return Corrupt("CRC-32C of the record batch is wrong");
        if (header.BaseOffset.IsNone || header.LastOffsetDelta < 0 || header.RecordCount < 0)
            return Corrupt(
                $"Offset {header.BaseOffset}, last delta {header.LastOffsetDelta} and {header.RecordCount} records make no batch");
        return Ok;
    }

    internal static bool IsAfter(long timestampMs, long nowMs, long maxAheadMs) =>
        maxAheadMs != long.MaxValue && timestampMs > nowMs && timestampMs - nowMs > maxAheadMs;

    internal static BatchError TooFarAhead(long timestampMs, long nowMs, TopicRecordRules rules) =>
        new(ErrorCode.InvalidTimestamp, string.Create(
        CultureInfo.InvariantCulture,
        $"Timestamp {timestampMs} is {timestampMs - nowMs} ms ahead, more than message.timestamp.after.max.ms = {rules.TimestampAfterMaxMs}"));

    /// <summary>
    /// Hops from length to length, which costs nanoseconds per record and keeps out what no consumer could read.
    /// </summary>
    private static BatchError CheckRecordsFillBatch(ReadOnlySpan<byte> batch, in RecordBatchHeader header)
    {
        var records = batch[RecordBatchHeader.SizeBytes..];
        var position = 0;
        for (var i = 0; i < header.RecordCount; i++)
        {
            if (!RecordLayout.TryRead(records, ref position, out var record))
                return Invalid($"Record {i} of {header.RecordCount} is malformed");
            if (record.OffsetDelta != i) return Invalid($"Record {i} says offset delta {record.OffsetDelta}");
        }
        return position == records.Length ? Ok : Invalid($"{records.Length - position} bytes follow the last record");
    }

    private static BatchError Corrupt(string message) => new(ErrorCode.CorruptMessage, message);

    internal static BatchError Invalid(string message) => new(ErrorCode.InvalidRecord, message);
}

using System.Collections.Immutable;
using System.Globalization;

namespace ActorBroker.Protocol.Records;

/// <summary>
/// Looks at every record of a batch for what its header cannot tell: keys of compacted topics and the oldest timestamp.
/// </summary>
internal static class RecordScan
{
    /// <summary>Enough for a client to see what is wrong, however many records are.</summary>
    private const int MaxRecordErrors = 10;

    public static BatchError Check(ReadOnlySpan<byte> batch, in RecordBatchHeader header, TopicRecordRules rules, long nowMs)
    {
        try
        {
            using var records = RecordBatchReader.Open(batch, rules.MaxDecompressedBytes);
            return Check(records, header, rules, nowMs);
        }
        catch (RecordFormatException e)
        {
            return new(e.Code, e.Message);
        }
    }

    private static BatchError Check(in RecordBatchReader records, in RecordBatchHeader header, TopicRecordRules rules, long nowMs)
    {
        var errors = ImmutableArray.CreateBuilder<RecordError>();
        var code = ErrorCode.None;
        var index = 0;
        foreach (var record in records)
        {
            if (record.OffsetDelta != index)
                return RecordBatchValidator.Invalid($"Record {index} says offset delta {record.OffsetDelta}");
            var (error, message) = Check(record, rules, nowMs);
            if (error != ErrorCode.None && errors.Count < MaxRecordErrors)
            {
                code = code == ErrorCode.None ? error : code;
                errors.Add(new(index, message!));
            }
            index++;
        }
        return code == ErrorCode.None ? default : new(code, errors[0].Message, errors.ToImmutable());
    }

    private static (ErrorCode Code, string? Message) Check(in RecordView record, TopicRecordRules rules, long nowMs)
    {
        if (rules.RequiresKeys && !record.HasKey)
            return (ErrorCode.InvalidRecord, "A compacted topic takes no record without a key");
        var timestampMs = record.TimestampMs;
        if (rules.TimestampType == TimestampType.LogAppendTime || timestampMs < 0) return default;
        if (RecordBatchValidator.IsAfter(timestampMs, nowMs, rules.TimestampAfterMaxMs))
            return (ErrorCode.InvalidTimestamp, RecordBatchValidator.TooFarAhead(timestampMs, nowMs, rules).Message);
        if (rules.TimestampBeforeMaxMs != long.MaxValue && timestampMs < nowMs - rules.TimestampBeforeMaxMs)
            return (ErrorCode.InvalidTimestamp, string.Create(CultureInfo.InvariantCulture,
                $"Timestamp {timestampMs} is {nowMs - timestampMs} ms old, above message.timestamp.before.max.ms = {rules.TimestampBeforeMaxMs}"));
        return default;
    }
}

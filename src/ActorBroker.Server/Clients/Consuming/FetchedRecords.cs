using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Server.Clients.Consuming;

/// <summary>
/// What a Fetch response has for one partition, opened: the records to hand over, and where the next fetch starts.
/// </summary>
internal sealed record FetchedRecords(TopicPartition Partition, Queue<ConsumedRecord> Records, Offset NextOffset)
{
    /// <param name="from">The offset that was asked for; batches may start before it.</param>
    /// <param name="aborted">With read-committed: transactions whose records are not for readers. Null: all records are.</param>
    /// <exception cref="RecordFormatException">The records are damaged.</exception>
    public static FetchedRecords Open(
        TopicPartition partition, Offset from, ReadOnlySpan<byte> bytes, FetchResponse.AbortedTransaction[]? aborted,
        int maxDecompressedBytes)
    {
        var records = new Queue<ConsumedRecord>();
        var next = from;
        var filter = new AbortedFilter(aborted);
        foreach (var slice in new RecordBatches(bytes))
        {
            if (slice.Header.Crc != RecordBatchHeader.ComputeCrc(slice.Bytes))
                throw new RecordFormatException(
                    ErrorCode.CorruptMessage, $"{partition}: the batch at offset {slice.Header.BaseOffset} has a wrong CRC");
            next = Offset.Max(next, slice.Header.NextOffset);
            using var reader = RecordBatchReader.Open(slice.Bytes, maxDecompressedBytes);
            if (filter.Hides(reader)) continue;
            foreach (var record in reader)
                if (record.Offset >= from) records.Enqueue(Copy(partition, record, slice.Header.Attributes.TimestampType));
        }
        return new(partition, records, next);
    }

    private static ConsumedRecord Copy(TopicPartition partition, in RecordView record, TimestampType timestampType)
    {
        RecordHeader[] headers = [];
        if (record.HeaderCount > 0)
        {
            var list = new List<RecordHeader>(record.HeaderCount);
            foreach (var header in record.Headers)
                list.Add(new(Encoding.UTF8.GetString(header.Key), header.HasValue ? header.Value.ToArray() : null));
            headers = [.. list];
        }
        return new(partition, record.Offset, record.TimestampMs, timestampType,
            record.HasKey ? record.Key.ToArray() : null, record.HasValue ? record.Value.ToArray() : null, headers);
    }

    /// <summary>Knows, going through batches in order, which belong to transactions that were aborted (KIP-98).</summary>
    private sealed class AbortedFilter(FetchResponse.AbortedTransaction[]? aborted)
    {
        private readonly Queue<FetchResponse.AbortedTransaction> _ahead = new((aborted ?? []).OrderBy(a => a.FirstOffset));
        private readonly HashSet<long> _open = [];

        public bool Hides(in RecordBatchReader batch)
        {
            while (_ahead.TryPeek(out var next) && next.FirstOffset <= batch.Header.LastOffset)
                _open.Add(_ahead.Dequeue().ProducerId);
            if (!batch.Header.Attributes.IsControl)
                return batch.Header.Attributes.IsTransactional && _open.Contains(batch.Header.ProducerId);
            foreach (var record in batch)
                if (ControlRecord.TryRead(record, out var control) && control.Type == ControlRecordType.Abort)
                    _open.Remove(batch.Header.ProducerId);
            return true;
        }
    }
}

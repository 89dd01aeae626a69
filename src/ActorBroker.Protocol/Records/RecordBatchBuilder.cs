using System.Text;
using ActorBroker.Protocol.Records.Compression;

namespace ActorBroker.Protocol.Records;

/// <summary>Collects records and writes them as one batch. One owner; holds pooled memory until it is disposed.</summary>
public sealed class RecordBatchBuilder(RecordBatchOptions? options = null) : IDisposable
{
    private readonly PooledBuffer _records = new();
    private long _baseTimestampMs;
    private long _maxTimestampMs = -1;
    private int _lastOffsetDelta = -1;

    /// <summary>
    /// May change until the batch is built: an idempotent producer's sequence is known only when the batch is closed.
    /// </summary>
    public RecordBatchOptions Options { get; set; } = options ?? RecordBatchOptions.Default;

    public int RecordCount { get; private set; }

    /// <summary>The batch's size if its records were not compressed.</summary>
    public int UncompressedBytes => RecordBatchHeader.SizeBytes + _records.Length;

    /// <summary>The size that one more record may add, from above.</summary>
    public static int MaxBytesOf(OptionalBytes key, OptionalBytes value, ReadOnlySpan<RecordHeader> headers = default)
    {
        const int RecordOverhead = 1 + (3 * ZigZag.MaxBytesOfInt32) + (2 * ZigZag.MaxBytesOfInt32) + ZigZag.MaxBytesOfInt64;
        return RecordOverhead + key.Span.Length + value.Span.Length + BytesOf(headers);
    }

    /// <summary>Adds a record at the next offset.</summary>
    public void Append(long timestampMs, OptionalBytes key, OptionalBytes value, ReadOnlySpan<RecordHeader> headers = default) =>
        AppendAt(_lastOffsetDelta + 1, timestampMs, key, value, headers);

    /// <summary>Adds a record some offsets after the batch's first: compacted batches have gaps.</summary>
    public void AppendAt(
        int offsetDelta, long timestampMs, OptionalBytes key, OptionalBytes value, ReadOnlySpan<RecordHeader> headers = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(offsetDelta, _lastOffsetDelta);
        if (RecordCount == 0) _baseTimestampMs = timestampMs;
        var timestampDeltaMs = timestampMs - _baseTimestampMs;
        var bytes = 1 + ZigZag.SizeOf(timestampDeltaMs) + ZigZag.SizeOf(offsetDelta)
            + BytesOf(key) + BytesOf(value) + ZigZag.SizeOf(headers.Length) + BytesOf(headers);

        WriteVarint(bytes);
        _records.Write([0]); // The record's attributes: none are defined.
        WriteVarint(timestampDeltaMs);
        WriteVarint(offsetDelta);
        Write(key);
        Write(value);
        WriteVarint(headers.Length);
        foreach (var header in headers)
        {
            WriteVarint(header.KeyBytes);
            Encoding.UTF8.GetBytes(header.Key, _records);
            Write(header.Value);
        }
        RecordCount++;
        _lastOffsetDelta = offsetDelta;
        _maxTimestampMs = Math.Max(_maxTimestampMs, timestampMs);
    }

    /// <summary>Makes the batch end at a later offset than its last record, as compaction keeps a batch's last offset.</summary>
    public void EndAt(int lastOffsetDelta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lastOffsetDelta, _lastOffsetDelta);
        _lastOffsetDelta = lastOffsetDelta;
    }

    /// <summary>The batch as bytes of its own.</summary>
    public byte[] Build()
    {
        using var output = new PooledBuffer(initialBytes: UncompressedBytes);
        Build(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Adds the batch to <paramref name="output"/>. The builder stays as it is.</summary>
    /// <exception cref="CompressionUnavailableException">The codec's native library is missing.</exception>
    public void Build(PooledBuffer output)
    {
        if (_lastOffsetDelta < 0) throw new InvalidOperationException("A batch has a last offset: append a record first");
        var start = output.Length;
        output.GetSpan(RecordBatchHeader.SizeBytes);
        output.Advance(RecordBatchHeader.SizeBytes);
        if (Options.Codec == CompressionCodec.None || RecordCount == 0) output.Write(_records.WrittenSpan);
        else Compressors.For(Options.Codec).Compress(_records.WrittenSpan, output);

        var batch = output.Written[start..];
        var header = new RecordBatchHeader
        {
            BaseOffset = Options.BaseOffset,
            LengthAfterPrefix = batch.Length - RecordBatchHeader.PrefixBytes,
            LeaderEpoch = Options.LeaderEpoch,
            Magic = RecordBatchHeader.CurrentMagic,
            Attributes = RecordBatchAttributes.Of(
                Options.Codec, Options.TimestampType, Options.IsTransactional, Options.IsControl),
            LastOffsetDelta = _lastOffsetDelta,
            BaseTimestampMs = _baseTimestampMs,
            MaxTimestampMs = _maxTimestampMs,
            ProducerId = Options.ProducerId,
            ProducerEpoch = Options.ProducerEpoch,
            BaseSequence = Options.BaseSequence,
            RecordCount = RecordCount,
        };
        header.Write(batch);
        (header with { Crc = RecordBatchHeader.ComputeCrc(batch) }).Write(batch);
    }

    public void Dispose() => _records.Dispose();

    private static int BytesOf(OptionalBytes bytes) =>
        bytes.HasValue ? ZigZag.SizeOf(bytes.Span.Length) + bytes.Span.Length : ZigZag.SizeOf(-1);

    private static int BytesOf(ReadOnlySpan<RecordHeader> headers)
    {
        var bytes = 0;
        foreach (var header in headers) bytes += ZigZag.SizeOf(header.KeyBytes) + header.KeyBytes + BytesOf(header.Value);
        return bytes;
    }

    private void Write(OptionalBytes bytes)
    {
        WriteVarint(bytes.HasValue ? bytes.Span.Length : -1);
        _records.Write(bytes.Span);
    }

    private void WriteVarint(long value) => _records.Advance(ZigZag.Write(_records.GetSpan(ZigZag.MaxBytesOfInt64), value));
}

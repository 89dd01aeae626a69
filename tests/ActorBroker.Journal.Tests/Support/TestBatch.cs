using System.Text;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Journal.Tests.Support;

/// <summary>Batches as producers send them.</summary>
internal static class TestBatch
{
    public const long Time = 1_700_000_000_000;

    public static byte[] Of(
        int records, int valueBytes = 10, long timestampMs = Time, CompressionCodec codec = CompressionCodec.None)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = codec });
        for (var i = 0; i < records; i++) builder.Append(timestampMs, Encoding.ASCII.GetBytes($"key-{i}"), new byte[valueBytes]);
        return builder.Build();
    }

    public static byte[] Timed(params long[] timestampsMs)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var timestampMs in timestampsMs) builder.Append(timestampMs, default, "value"u8.ToArray());
        return builder.Build();
    }

    public static byte[] Idempotent(long producerId, short epoch, int sequence, int records = 1, long timestampMs = Time)
    {
        using var builder = new RecordBatchBuilder(
            new RecordBatchOptions { ProducerId = producerId, ProducerEpoch = epoch, BaseSequence = sequence });
        for (var i = 0; i < records; i++) builder.Append(timestampMs, default, "value"u8.ToArray());
        return builder.Build();
    }

    public static RecordBatchHeader Header(ReadOnlySpan<byte> batch) =>
        RecordBatchHeader.TryRead(batch, out var header) ? header : throw new InvalidOperationException("no batch");

    public static List<(RecordBatchHeader Header, byte[] Bytes)> Split(ReadOnlySpan<byte> bytes)
    {
        var found = new List<(RecordBatchHeader, byte[])>();
        foreach (var batch in new RecordBatches(bytes)) found.Add((batch.Header, batch.Bytes.ToArray()));
        return found;
    }
}

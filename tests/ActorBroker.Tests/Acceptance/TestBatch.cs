using System.Text;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Record batches as clients send them, and as none should.</summary>
internal static class TestBatch
{
    /// <summary>The time of the first record of batches whose time does not matter: old ones would fall to retention.</summary>
    public static readonly long TimestampMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Records without key.</summary>
    public static byte[] Of(params string[] values) => Of(new RecordBatchOptions(), values);

    public static byte[] Of(RecordBatchOptions options, params string[] values) => At(TimestampMs, options, values);

    /// <summary>The first record has this time, each next one a millisecond more.</summary>
    public static byte[] At(long timestampMs, params string[] values) => At(timestampMs, new RecordBatchOptions(), values);

    /// <summary>One record; a null value is a tombstone.</summary>
    public static byte[] Keyed(string? key, string? value, RecordBatchOptions? options = null)
    {
        using var builder = new RecordBatchBuilder(options);
        builder.Append(TimestampMs, Bytes(key), Bytes(value));
        return builder.Build();
    }

    /// <summary>The batch with other words in its header, and the CRC right again.</summary>
    public static byte[] With(byte[] batch, Func<RecordBatchHeader, RecordBatchHeader> change)
    {
        RecordBatchHeader.TryRead(batch, out var header);
        change(header).Write(batch);
        (change(header) with { Crc = RecordBatchHeader.ComputeCrc(batch) }).Write(batch);
        return batch;
    }

    private static byte[] At(long timestampMs, RecordBatchOptions options, string[] values)
    {
        using var builder = new RecordBatchBuilder(options);
        for (var i = 0; i < values.Length; i++) builder.Append(timestampMs + i, OptionalBytes.Null, Bytes(values[i]));
        return builder.Build();
    }

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}

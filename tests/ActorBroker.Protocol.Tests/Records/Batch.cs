using System.Text;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Protocol.Tests.Records;

/// <summary>Batches for tests.</summary>
internal static class Batch
{
    public const int NoLimit = int.MaxValue;

    public static byte[] Of(params string[] values) => Of(RecordBatchOptions.Default, values);

    public static byte[] Of(RecordBatchOptions options, params string[] values)
    {
        using var builder = new RecordBatchBuilder(options);
        for (var i = 0; i < values.Length; i++) builder.Append(1000 + i, $"key-{i}".Utf8(), values[i].Utf8());
        return builder.Build();
    }

    public static RecordBatchHeader HeaderOf(byte[] batch)
    {
        Assert.True(RecordBatchHeader.TryRead(batch, out var header));
        return header;
    }

    /// <summary>The batch with one field changed and, as a liar would, the right CRC.</summary>
    public static byte[] With(this byte[] batch, Func<RecordBatchHeader, RecordBatchHeader> change)
    {
        var changed = (byte[])batch.Clone();
        change(HeaderOf(batch)).Write(changed);
        (HeaderOf(changed) with { Crc = RecordBatchHeader.ComputeCrc(changed) }).Write(changed);
        return changed;
    }

    public static List<CopiedRecord> Read(ReadOnlySpan<byte> batch, int maxDecompressedBytes = NoLimit)
    {
        var read = new List<CopiedRecord>();
        using var records = RecordBatchReader.Open(batch, maxDecompressedBytes);
        foreach (var record in records)
        {
            var headers = new List<CopiedHeader>();
            foreach (var header in record.Headers)
                headers.Add(new(Encoding.UTF8.GetString(header.Key), header.HasValue ? Convert.ToHexString(header.Value) : null));
            read.Add(new(record.Offset, record.TimestampMs,
                record.HasKey ? record.Key.ToArray() : null, record.HasValue ? record.Value.ToArray() : null, headers));
        }
        return read;
    }

    public static byte[] Utf8(this string text) => Encoding.UTF8.GetBytes(text);
}

internal sealed record CopiedRecord(Offset Offset, long TimestampMs, byte[]? Key, byte[]? Value, List<CopiedHeader> Headers)
{
    public string? Text => Value is null ? null : Encoding.UTF8.GetString(Value);
}

internal sealed record CopiedHeader(string Key, string? Hex)
{
    public RecordHeader ToHeader() => new(Key, Hex is null ? null : Convert.FromHexString(Hex));
}

using ActorBroker.Protocol.Records.Compression;

namespace ActorBroker.Protocol.Records;

/// <summary>The codec that a topic's batches are stored with whatever their producers used: <c>compression.type</c>.</summary>
/// <param name="Level">By the codec's own scale; null: Kafka's default for it.</param>
public readonly record struct StoredCompression(CompressionCodec Codec, int? Level = null)
{
    /// <summary>
    /// The batch with its records compressed so, and all else as it was. Opens and packs the records: far from free.
    /// </summary>
    /// <param name="batch">A whole batch, its CRC checked.</param>
    /// <param name="maxDecompressedBytes">Bound on the records' size.</param>
    /// <exception cref="RecordFormatException">
    /// Not decompressible, larger than the bound, or the codec's library is missing.
    /// </exception>
    public byte[] Apply(ReadOnlySpan<byte> batch, int maxDecompressedBytes)
    {
        if (!RecordBatchHeader.TryRead(batch, out var header))
            throw new RecordFormatException(ErrorCode.CorruptMessage, $"{batch.Length} bytes are less than a batch header");
        var records = batch[RecordBatchHeader.SizeBytes..];
        using var plain = new PooledBuffer(maxDecompressedBytes);
        using var output = new PooledBuffer(initialBytes: batch.Length);
        if (header.Attributes.Codec != CompressionCodec.None)
        {
            Compressors.For(header.Attributes.Codec).Decompress(records, plain);
            records = plain.WrittenSpan;
        }
        output.Write(batch[..RecordBatchHeader.SizeBytes]);
        if (Codec == CompressionCodec.None) output.Write(records);
        else Compressors.For(Codec).Compress(records, output, Level);

        var stored = output.WrittenSpan.ToArray();
        header = header with
        {
            LengthAfterPrefix = stored.Length - RecordBatchHeader.PrefixBytes,
            Attributes = header.Attributes.With(Codec),
        };
        header.Write(stored);
        (header with { Crc = RecordBatchHeader.ComputeCrc(stored) }).Write(stored);
        return stored;
    }
}

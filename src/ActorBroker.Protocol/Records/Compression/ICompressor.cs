namespace ActorBroker.Protocol.Records.Compression;

/// <summary>Packs and unpacks the record area of batches. Stateless: usable from any thread.</summary>
public interface ICompressor
{
    CompressionCodec Codec { get; }

    /// <param name="level">By the codec's own scale; null: Kafka's default for it. Snappy has none.</param>
    /// <exception cref="CompressionUnavailableException">A native library is missing.</exception>
    void Compress(ReadOnlySpan<byte> records, PooledBuffer output, int? level = null);

    /// <summary>Stops with an error as soon as the output's bound is passed, without having allocated more than that.</summary>
    /// <exception cref="RecordFormatException">Not bytes of this codec, or more than the output may hold.</exception>
    /// <exception cref="CompressionUnavailableException">A native library is missing.</exception>
    void Decompress(ReadOnlySpan<byte> compressed, PooledBuffer output);
}

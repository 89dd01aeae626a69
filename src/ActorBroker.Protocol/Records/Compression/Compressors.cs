namespace ActorBroker.Protocol.Records.Compression;

/// <summary>The codecs that Kafka knows.</summary>
public static class Compressors
{
    private static readonly GzipCompressor Gzip = new();
    private static readonly SnappyCompressor Snappy = new();
    private static readonly Lz4Compressor Lz4 = new();
    private static readonly ZstdCompressor Zstd = new();

    /// <exception cref="RecordFormatException">No codec has this number, or it is
    /// <see cref="CompressionCodec.None"/>.</exception>
    public static ICompressor For(CompressionCodec codec) => codec switch
    {
        CompressionCodec.Gzip => Gzip,
        CompressionCodec.Snappy => Snappy,
        CompressionCodec.Lz4 => Lz4,
        CompressionCodec.Zstd => Zstd,
        _ => throw new RecordFormatException(
            ErrorCode.UnsupportedCompressionType, $"Compression codec {(int)codec} does not exist"),
    };

    /// <summary>Parses Kafka's names: none, gzip, snappy, lz4, zstd.</summary>
    public static bool TryParse(string? name, out CompressionCodec codec)
    {
        CompressionCodec? parsed = name?.ToLowerInvariant() switch
        {
            "none" or "uncompressed" => CompressionCodec.None,
            "gzip" => CompressionCodec.Gzip,
            "snappy" => CompressionCodec.Snappy,
            "lz4" => CompressionCodec.Lz4,
            "zstd" => CompressionCodec.Zstd,
            _ => null,
        };
        codec = parsed ?? CompressionCodec.None;
        return parsed is not null;
    }
}

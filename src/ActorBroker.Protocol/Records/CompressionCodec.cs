namespace ActorBroker.Protocol.Records;

/// <summary>How a batch's records are compressed: bits 0-2 of its attributes. The header never is.</summary>
public enum CompressionCodec
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}

namespace ActorBroker.Protocol.Records.Compression;

/// <summary>This machine lacks the native library of a codec; the message names the package to install.</summary>
public sealed class CompressionUnavailableException(string message, Exception? inner = null)
    : RecordFormatException(ErrorCode.UnsupportedCompressionType, message, inner);

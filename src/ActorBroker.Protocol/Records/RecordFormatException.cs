namespace ActorBroker.Protocol.Records;

/// <summary>
/// The bytes are not what record batch version 2 allows, or exceed a limit. The only exception of this folder's
/// readers.
/// </summary>
public class RecordFormatException(ErrorCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What a client that sent the bytes is told.</summary>
    public ErrorCode Code { get; } = code;
}

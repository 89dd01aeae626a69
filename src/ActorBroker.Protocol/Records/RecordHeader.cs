using System.Text;

namespace ActorBroker.Protocol.Records;

/// <summary>A header to write (KIP-82).</summary>
public readonly record struct RecordHeader(string Key, byte[]? Value)
{
    internal int KeyBytes => Encoding.UTF8.GetByteCount(Key);
}

using System.Buffers.Binary;
using System.Buffers.Text;

namespace ActorBroker.Protocol;

/// <summary>
/// A topic's identity (KIP-516): 128 bits, made once at creation, so that a topic that is deleted and created again is
/// another topic. Text form: Kafka's 22 characters of unpadded base64url over the big-endian bytes.
/// </summary>
public readonly record struct TopicId(UInt128 Value)
{
    /// <summary>No topic id; on the wire sixteen zero bytes.</summary>
    public static readonly TopicId None;

    public bool IsNone => Value == UInt128.Zero;

    /// <summary>Reads the 16 big-endian bytes of the wire.</summary>
    public static TopicId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the 16 big-endian bytes of the wire.</summary>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <summary>Reads Kafka's text form, as in <c>partition.metadata</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TopicId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[16];
        if (text.Length != 22 || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != 16) return false;
        id = Read(bytes);
        return true;
    }

    /// <summary>The bits are random already; see <see cref="StableHash"/>.</summary>
    public override int GetHashCode() => (int)(uint)(Value ^ (Value >> 64));

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        Write(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}

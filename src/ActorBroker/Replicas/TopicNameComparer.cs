using System.Text;
using ActorBroker.Protocol;

namespace ActorBroker.Replicas;

/// <summary>Topic names, also as the UTF-8 of a request. Legal names are ASCII, so a byte is a character.</summary>
internal sealed class TopicNameComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static readonly TopicNameComparer Instance = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<byte> alternate, string other) => Ascii.Equals(alternate, other);

    public int GetHashCode(string name) => StableHash.Of(name);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => StableHash.Of(alternate);

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
}

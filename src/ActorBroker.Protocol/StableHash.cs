namespace ActorBroker.Protocol;

/// <summary>
/// Hash codes that are the same in each process, unlike .NET's own: the order in which a hash table is walked goes by them, and a
/// simulation that is repeated in another process has to walk it alike.
/// </summary>
public static class StableHash
{
    private const uint FnvBasis = 2166136261;
    private const uint FnvPrime = 16777619;

    /// <summary>FNV-1a over the characters' low bytes; names of topics are ASCII.</summary>
    public static int Of(string name)
    {
        var hash = FnvBasis;
        foreach (var c in name) hash = (hash ^ (byte)c) * FnvPrime;
        return (int)hash;
    }

    /// <summary>That of the string whose UTF-8 these bytes are, if it is ASCII.</summary>
    public static int Of(ReadOnlySpan<byte> name)
    {
        var hash = FnvBasis;
        foreach (var b in name) hash = (hash ^ b) * FnvPrime;
        return (int)hash;
    }

    /// <summary>Strings compared ordinally, with these hash codes.</summary>
    public static IEqualityComparer<string> Names { get; } = new NameComparer();

    private sealed class NameComparer : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string name) => Of(name);
    }
}

namespace Hocon.Syntax;

/// <summary>What keeps hostile text from overflowing the stack or filling the memory. Far above what people write.</summary>
internal static class Limits
{
    /// <summary>Braces, brackets and dots of keys around one value.</summary>
    public const int WrittenDepth = 256;

    /// <summary>The same once substitutions have copied values into one another.</summary>
    public const int ResolvedDepth = 512;

    /// <summary>Values, and steps of look-ups, that wait for one another: what the stack carries.</summary>
    public const int ResolverNesting = 1000;

    public const int IncludeDepth = 32;

    /// <summary>Work that one document may cause: characters and elements that are joined or merged, and 16 for each
    /// look-up.</summary>
    public const long Expansion = 4 * 1024 * 1024;
}

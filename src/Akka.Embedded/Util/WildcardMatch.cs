namespace Akka.Util;

/// <summary>Patterns with * (any text) and ? (any character).</summary>
public static class WildcardMatch
{
    public static bool Like(this string text, string pattern, bool caseSensitive = false) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(Escaped(pattern), text, ignoreCase: !caseSensitive);

    // Backslash is the escape character of the matcher and an ordinary one here.
    private static string Escaped(string pattern) => pattern.Replace("\\", "\\\\", StringComparison.Ordinal);
}

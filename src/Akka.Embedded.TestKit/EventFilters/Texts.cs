namespace Akka.TestKit.Internal;

/// <summary>How filters look at the texts of log events.</summary>
internal static class Texts
{
    public static Predicate<string> Matcher(string? whole, string? start, string? part) => (whole, start, part) switch
    {
        ({ } text, _, _) => actual => actual == text,
        (_, { } text, _) => actual => actual.StartsWith(text, StringComparison.Ordinal),
        (_, _, { } text) => actual => actual.Contains(text, StringComparison.Ordinal),
        _ => _ => true,
    };

    public static string Of(object? message) => message?.ToString() ?? "null";

    /// <summary>A source may be given with or without the address of its system: <c>/user/a</c> is
    /// <c>akka://test/user/a</c>.</summary>
    public static bool IsSource(string actual, string? expected)
    {
        if (expected is null || actual == expected) return true;
        var plain = actual.Split(" (")[0].TrimStart('['); // Loggers add the system's name in brackets.
        var scheme = plain.IndexOf("://", StringComparison.Ordinal);
        var root = scheme < 0 ? -1 : plain.IndexOf('/', scheme + 3);
        return plain == expected || (root >= 0 && plain[root..] == (expected.StartsWith('/') ? expected : "/" + expected));
    }
}

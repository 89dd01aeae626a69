namespace Hocon.Syntax;

/// <summary>
/// Reads <c>include "x"</c>, <c>include file("x")</c>, <c>include required(file("x"))</c> and the like from the tokens of their
/// line.
/// </summary>
internal static class IncludeStatement
{
    private static readonly string[] Functions = ["required(", "file(", "url(", "classpath(", "resource("];

    /// <summary>Is this what follows the word <c>include</c> in a statement, or is <c>include</c> just a key?</summary>
    public static bool StartsWith(Token afterInclude) => afterInclude.Kind switch
    {
        TokenKind.Quoted => true,
        TokenKind.Unquoted => Array.Exists(Functions, f => afterInclude.Text.StartsWith(f, StringComparison.Ordinal)),
        _ => false,
    };

    /// <param name="tokens">All that stands between the word <c>include</c> and the end of the statement.</param>
    /// <param name="origin">Where the statement begins.</param>
    public static Include Parse(IEnumerable<Token> tokens, Origin origin)
    {
        string? name = null;
        var shape = "";
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Space) continue;
            shape += token.Kind == TokenKind.Quoted ? "\"\"" : token.Text;
            if (token.Kind == TokenKind.Quoted) name = token.Text;
        }

        var required = shape.StartsWith("required(", StringComparison.Ordinal) && shape.EndsWith(')');
        IncludeKind? kind = (required ? shape["required(".Length..^1] : shape) switch
        {
            "\"\"" or "file(\"\")" => IncludeKind.File,
            "url(\"\")" => IncludeKind.Url,
            "classpath(\"\")" or "resource(\"\")" => IncludeKind.Resource,
            _ => null,
        };
        if (kind is null || string.IsNullOrEmpty(name))
            throw new HoconParserException(origin,
                "include takes a quoted name, or file(\"...\"), url(\"...\"), classpath(\"...\"), each also in required(...)");
        return new Include(kind.Value, RelativeTo(origin.Source, kind.Value, name), required, origin);
    }

    /// <summary>A relative file is looked for beside the file that names it.</summary>
    private static string RelativeTo(string? includer, IncludeKind kind, string name)
    {
        if (kind != IncludeKind.File || includer is null || Path.IsPathRooted(name)) return name;
        var folder = Path.GetDirectoryName(includer);
        return string.IsNullOrEmpty(folder) ? name : Path.Combine(folder, name);
    }
}

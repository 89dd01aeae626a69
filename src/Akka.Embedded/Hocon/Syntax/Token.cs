namespace Hocon.Syntax;

internal enum TokenKind
{
    /// <summary>Spaces and tabs within a line; they matter between the parts of a value.</summary>
    Space,
    NewLine,
    Comma,
    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,
    /// <summary><c>=</c> or <c>:</c></summary>
    Assign,
    /// <summary><c>+=</c></summary>
    Append,
    Unquoted,
    /// <summary>Text in one or three pairs of quotes, escapes already replaced.</summary>
    Quoted,
    /// <summary><c>${path}</c>; the text is the path as it was written.</summary>
    Reference,
    /// <summary><c>${?path}</c></summary>
    OptionalReference,
    End,
}

internal readonly record struct Token(TokenKind Kind, string Text, Origin Origin)
{
    public override string ToString() => Kind switch
    {
        TokenKind.NewLine => "the end of the line",
        TokenKind.End => "the end of the text",
        TokenKind.Reference => $"${{{Text}}}",
        TokenKind.OptionalReference => $"${{?{Text}}}",
        _ => $"'{Text}'",
    };
}

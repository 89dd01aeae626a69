using System.Globalization;
using System.Text;

namespace Hocon.Syntax;

/// <summary>Cuts a text into tokens. Comments are dropped here; the line ends after them are kept.</summary>
internal sealed class Scanner(string text, string? source)
{
    /// <summary>Characters that unquoted text can't hold, because they mean something or are kept for later.</summary>
    private const string Reserved = "$\"{}[]:=,#`^?!@*&\\";

    private int _at;
    private int _line = 1;
    private int _lineStart;

    private Origin Here => new(source, _line, _at - _lineStart + 1);

    public Token Next()
    {
        SkipComment();
        var origin = Here;
        if (_at == text.Length) return new Token(TokenKind.End, "", origin);
        switch (text[_at])
        {
            case '\n':
                _at++;
                StartLine();
                return new Token(TokenKind.NewLine, "\n", origin);
            case '{': return Single(TokenKind.ObjectStart);
            case '}': return Single(TokenKind.ObjectEnd);
            case '[': return Single(TokenKind.ArrayStart);
            case ']': return Single(TokenKind.ArrayEnd);
            case ',': return Single(TokenKind.Comma);
            case '=' or ':': return Single(TokenKind.Assign);
            case '+' when Peek(1) == '=':
                _at += 2;
                return new Token(TokenKind.Append, "+=", origin);
            case '"':
                return new Token(TokenKind.Quoted, Peek(1) == '"' && Peek(2) == '"' ? TripleQuoted() : Quoted(), origin);
            case '$' when Peek(1) == '{':
                return Reference();
            case var c when IsSpace(c):
                return new Token(TokenKind.Space, TakeWhile(IsSpace), origin);
            case var c when StartsUnquoted(c):
                return new Token(TokenKind.Unquoted, TakeUnquoted(), origin);
            case var c:
                throw new HoconParserException(origin, $"'{c}' must be in quotes here");
        }
    }

    /// <summary>White space of any kind but the line end, as the specification lists it.</summary>
    public static bool IsSpace(char c) => c != '\n' && (char.IsWhiteSpace(c) || c is '\uFEFF' or (>= '\u001C' and <= '\u001F'));

    /// <summary>May <paramref name="c"/> stand in text without quotes?</summary>
    public static bool IsUnquoted(char c) => !IsSpace(c) && c != '\n' && !Reserved.Contains(c);

    private bool StartsUnquoted(char c) => IsUnquoted(c) && !(c == '+' && Peek(1) == '=');

    private char Peek(int ahead) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private Token Single(TokenKind kind)
    {
        var token = new Token(kind, text[_at].ToString(), Here);
        _at++;
        return token;
    }

    private void StartLine()
    {
        _line++;
        _lineStart = _at;
    }

    private bool AtComment() => Peek(0) == '#' || (Peek(0) == '/' && Peek(1) == '/');

    private void SkipComment()
    {
        if (_at >= text.Length || !AtComment()) return;
        var end = text.IndexOf('\n', _at);
        _at = end < 0 ? text.Length : end;
    }

    private string TakeWhile(Func<char, bool> belongs)
    {
        var start = _at;
        while (_at < text.Length && belongs(text[_at])) _at++;
        return text[start.._at];
    }

    private string TakeUnquoted()
    {
        var start = _at;
        while (_at < text.Length && StartsUnquoted(text[_at]) && !AtComment()) _at++;
        return text[start.._at];
    }

    private string TripleQuoted()
    {
        var origin = Here;
        _at += 3;
        var start = _at;
        var end = text.IndexOf("\"\"\"", _at, StringComparison.Ordinal);
        if (end < 0) throw new HoconParserException(origin, "the text after \"\"\" is never closed");
        while (end + 3 < text.Length && text[end + 3] == '"') end++; // Quotes before the last three belong to the text.
        for (; _at < end + 3;)
            if (text[_at++] == '\n') StartLine();
        return text[start..end];
    }

    private string Quoted()
    {
        var origin = Here;
        var value = new StringBuilder();
        for (_at++; ; _at++)
        {
            switch (Peek(0))
            {
                case '"':
                    _at++;
                    return value.ToString();
                case '\\':
                    value.Append(Escape());
                    break;
                case '\n':
                case '\0' when _at >= text.Length:
                    throw new HoconParserException(
                        origin, "the quote is not closed on its line; text over several lines takes \"\"\"");
                case var c:
                    value.Append(c);
                    break;
            }
        }
    }

    /// <summary>Reads the escape at the cursor and leaves the cursor on its last character.</summary>
    private char Escape()
    {
        var origin = Here;
        _at++;
        switch (Peek(0))
        {
            case '"': return '"';
            case '\\': return '\\';
            case '/': return '/';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when _at + 4 < text.Length
                && ushort.TryParse(text.AsSpan(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out var code):
                _at += 4;
                return (char)code;
            default:
                throw new HoconParserException(origin, "a backslash in quotes takes one of \" \\ / b f n r t uXXXX after it");
        }
    }

    private Token Reference()
    {
        var origin = Here;
        _at += 2;
        var optional = Peek(0) == '?';
        if (optional) _at++;
        var start = _at;
        for (var quoted = false; ; _at++)
        {
            if (_at >= text.Length || text[_at] == '\n')
                throw new HoconParserException(origin, "${ without a } on the same line");
            if (text[_at] == '"') quoted = !quoted;
            else if (text[_at] == '\\' && quoted) _at++;
            else if (text[_at] == '}' && !quoted) break;
        }

        var path = text[start.._at];
        _at++;
        return new Token(optional ? TokenKind.OptionalReference : TokenKind.Reference, path, origin);
    }
}

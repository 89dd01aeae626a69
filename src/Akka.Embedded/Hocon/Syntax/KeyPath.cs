using System.Text;

namespace Hocon.Syntax;

/// <summary>Dotted keys: <c>a.b."c.d"</c> is three names, the last one with a dot in it.</summary>
internal static class KeyPath
{
    /// <summary>The names of a path as a program or a substitution writes it.</summary>
    /// <exception cref="HoconParserException">Empty, an empty name between dots, or characters that need quotes.</exception>
    public static string[] Parse(string path, Origin origin = default)
    {
        if (path.AsSpan().IndexOfAny('"', '\\', '$') < 0 && path.Length > 0)
            return Checked(path.Split('.'), path, origin);
        var scanner = new Scanner(path, origin.Source);
        var tokens = new List<Token>();
        for (var token = scanner.Next(); token.Kind != TokenKind.End; token = scanner.Next()) tokens.Add(token);
        return FromTokens(tokens, origin);
    }

    /// <summary>Unquoted text is cut at its dots, quoted text is not; spaces inside a name are part of it.</summary>
    public static string[] FromTokens(IReadOnlyList<Token> tokens, Origin origin)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        var quoted = false;
        foreach (var token in tokens)
        {
            switch (token.Kind)
            {
                case TokenKind.Quoted:
                    quoted = true;
                    name.Append(token.Text);
                    break;
                case TokenKind.Unquoted:
                    var pieces = token.Text.Split('.');
                    for (var i = 0; i < pieces.Length; i++)
                    {
                        if (i > 0) Close();
                        name.Append(pieces[i]);
                    }

                    break;
                case TokenKind.Space:
                    if (name.Length > 0 || quoted) name.Append(token.Text);
                    break;
                default:
                    throw new HoconParserException(token.Origin, $"{token} can't be part of a key; put it in quotes");
            }
        }

        Close();
        return [.. names];

        void Close()
        {
            var text = quoted ? name.ToString() : name.ToString().Trim();
            if (text.Length == 0 && !quoted)
                throw new HoconParserException(
                    origin, "a key has no name before, between or after its dots; an empty name is written \"\"");
            names.Add(text);
            name.Clear();
            quoted = false;
        }
    }

    /// <summary>Writes names so that <see cref="Parse"/> gives them back.</summary>
    public static string Render(IEnumerable<string> names) => string.Join('.', names.Select(RenderName));

    public static string RenderName(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? name : Renderer.Quote(name);

    private static string[] Checked(string[] names, string path, Origin origin)
    {
        for (var i = 0; i < names.Length; i++)
            if ((names[i] = names[i].Trim()).Length == 0)
                throw new HoconParserException(origin, $"the path '{path}' has an empty name");
        return names;
    }
}

namespace Hocon.Syntax;

/// <summary>Turns tokens into a <see cref="Draft"/>: keys, values, merging of repeated keys, includes. No substitution is looked
/// up here.</summary>
internal sealed class DocumentParser
{
    private readonly Scanner _scanner;
    private readonly IncludeLoader _load;
    private readonly IReadOnlyList<string[]> _bases;
    private readonly int _includes;
    private readonly List<string> _path;
    private Token _token;
    private int _depth;

    private DocumentParser(
        string text, string? source, IncludeLoader load, IReadOnlyList<string[]> bases, int depth, int includes)
    {
        _scanner = new Scanner(text, source);
        _load = load;
        _bases = bases;
        _depth = depth;
        _includes = includes;
        _path = [.. bases[0]];
        _token = _scanner.Next();
    }

    /// <summary>Parses and resolves a whole document.</summary>
    /// <returns>An object, or the list that a text in brackets is.</returns>
    /// <exception cref="HoconParserException">Not HOCON, or a substitution leads nowhere.</exception>
    public static Node Parse(string text, IncludeLoader load, Func<string, string?>? environment = null)
    {
        var draft = new DocumentParser(text, null, load, [[]], depth: 0, includes: 0).Document();
        return new Resolver(draft, environment ?? Environment.GetEnvironmentVariable).Resolve();
    }

    private Draft Document()
    {
        SkipBlank();
        Draft root;
        if (_token.Kind == TokenKind.ArrayStart)
        {
            root = Array();
        }
        else if (_token.Kind == TokenKind.ObjectStart)
        {
            var start = _token.Origin;
            Take();
            var braced = Members(start, TokenKind.ObjectEnd);
            SkipBlank();
            root = braced;
        }
        else
        {
            return Members(_token.Origin, TokenKind.End);
        }

        SkipBlank();
        return _token.Kind == TokenKind.End ? root : throw Unexpected("after the root's closing bracket nothing may follow");
    }

    /// <summary>The fields up to and with the token that ends them.</summary>
    private DraftObject Members(Origin origin, TokenKind end)
    {
        var members = new DraftObject(origin);
        SkipBlank();
        while (_token.Kind != end)
        {
            Member(members);
            Separator(end);
        }

        if (end != TokenKind.End) Take();
        return members;
    }

    /// <summary>Between two fields or items: line ends, or one comma with line ends around it. A comma may also follow the last
    /// one.</summary>
    private void Separator(TokenKind end)
    {
        SkipSpace();
        var separated = _token.Kind == TokenKind.NewLine;
        SkipBlank();
        if (_token.Kind == TokenKind.Comma)
        {
            Take();
            SkipBlank();
            separated = true;
        }

        if (!separated && _token.Kind != end)
            throw Unexpected(end == TokenKind.ArrayEnd
                ? "expected a comma, a new line or ]" : "expected a comma, a new line or the end of the object");
    }

    private void Member(DraftObject members)
    {
        if (_token is { Kind: TokenKind.Unquoted, Text: "include" })
        {
            var include = Take();
            var space = SkipSpace();
            if (IncludeStatement.StartsWith(_token))
            {
                Merge(members, include.Origin);
                return;
            }

            Field(members, [include, .. space]);
            return;
        }

        Field(members, []);
    }

    private void Field(DraftObject members, List<Token> key)
    {
        var origin = key.Count > 0 ? key[0].Origin : _token.Origin;
        while (_token.Kind is TokenKind.Unquoted or TokenKind.Quoted or TokenKind.Space) key.Add(Take());
        if (key.Count == 0) throw Unexpected("expected a key");
        while (key[^1].Kind == TokenKind.Space) key.RemoveAt(key.Count - 1);
        var names = KeyPath.FromTokens(key, origin);

        _path.AddRange(names);
        Enter(names.Length, origin);
        var append = _token.Kind == TokenKind.Append;
        if (append || _token.Kind == TokenKind.Assign) Take();
        else if (_token.Kind != TokenKind.ObjectStart) throw Unexpected("expected =, :, += or { after the key");
        SkipBlank();
        var value = Value();
        if (append) value = new DraftConcat([Self(origin), new DraftArray([value], origin)], origin);
        members.Set(names, value);
        _depth -= names.Length;
        _path.RemoveRange(_path.Count - names.Length, names.Length);
    }

    /// <summary><c>a += b</c> means <c>a = ${?a} [b]</c>.</summary>
    private DraftReference Self(Origin origin) => new([.. _path], optional: true, [[]], origin);

    /// <summary>Everything up to the next separator; several parts are joined when they are resolved.</summary>
    private Draft Value()
    {
        var origin = _token.Origin;
        var parts = new List<Draft>();
        while (Part() is { } part) parts.Add(part);
        while (parts is [.., DraftSpace]) parts.RemoveAt(parts.Count - 1);
        return parts.Count switch
        {
            0 => throw Unexpected("expected a value"),
            1 => parts[0],
            _ => new DraftConcat(parts, origin),
        };
    }

    private Draft? Part()
    {
        switch (_token.Kind)
        {
            case TokenKind.Unquoted:
                var text = Take();
                return new DraftValue(new Scalar(text.Text, quoted: false, text.Origin));
            case TokenKind.Quoted:
                var quoted = Take();
                return new DraftValue(new Scalar(quoted.Text, quoted: true, quoted.Origin));
            case TokenKind.Space:
                var space = Take();
                return new DraftSpace(space.Text, space.Origin);
            case TokenKind.Reference or TokenKind.OptionalReference:
                var reference = Take();
                return new DraftReference(
                    KeyPath.Parse(reference.Text, reference.Origin), reference.Kind == TokenKind.OptionalReference, _bases,
                    reference.Origin);
            case TokenKind.ArrayStart:
                return Array();
            case TokenKind.ObjectStart:
                var start = Take();
                Enter(1, start.Origin);
                var members = Members(start.Origin, TokenKind.ObjectEnd);
                _depth--;
                return members;
            default:
                return null;
        }
    }

    private DraftArray Array()
    {
        var start = Take();
        Enter(1, start.Origin);
        var items = new List<Draft>();
        SkipBlank();
        while (_token.Kind != TokenKind.ArrayEnd)
        {
            items.Add(Value());
            Separator(TokenKind.ArrayEnd);
        }

        Take();
        _depth--;
        return new DraftArray(items, start.Origin);
    }

    private void Merge(DraftObject members, Origin origin)
    {
        var line = new List<Token>();
        while (_token.Kind is TokenKind.Unquoted or TokenKind.Quoted or TokenKind.Space) line.Add(Take());
        var include = IncludeStatement.Parse(line, origin);
        if (_includes >= Limits.IncludeDepth)
            throw new HoconParserException(origin,
                $"'{include.Name}' is the {Limits.IncludeDepth + 1}th include within an include; do they include one another?");

        switch (_load(include))
        {
            case null when include.Required:
                throw new HoconParserException(origin, $"the required include '{include.Name}' was not found");
            case Included.Tree tree when DraftObject.From(tree.Root) is DraftObject fields:
                members.Merge(fields);
                break;
            case Included.Text text:
                IReadOnlyList<string[]> bases = _path.Count == _bases[0].Length ? _bases : [[.. _path], .. _bases];
                var included = new DocumentParser(text.Content, include.Name, _load, bases, _depth, _includes + 1).Document();
                members.Merge(included as DraftObject
                    ?? throw new HoconParserException(origin, $"'{include.Name}' is a list; only objects can be included"));
                break;
        }
    }

    private void Enter(int levels, Origin origin)
    {
        if ((_depth += levels) > Limits.WrittenDepth)
            throw new HoconParserException(origin, $"nested more than {Limits.WrittenDepth} deep");
    }

    private Token Take()
    {
        var taken = _token;
        _token = _scanner.Next();
        return taken;
    }

    private List<Token> SkipSpace()
    {
        var skipped = new List<Token>();
        while (_token.Kind == TokenKind.Space) skipped.Add(Take());
        return skipped;
    }

    private void SkipBlank()
    {
        while (_token.Kind is TokenKind.Space or TokenKind.NewLine) Take();
    }

    private HoconParserException Unexpected(string expected)
    {
        var at = _path.Count > 0 ? $" in '{KeyPath.Render(_path)}'" : "";
        return new HoconParserException(_token.Origin, $"{expected}{at}, but found {_token}");
    }
}

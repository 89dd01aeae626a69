namespace Hocon.Syntax;

/// <summary>A value of a resolved document: text, a list or an object. Never changed once made, so trees share their
/// parts.</summary>
internal abstract class Node
{
    private readonly long _size;

    /// <param name="parts">The values right below this one.</param>
    /// <param name="ownSize">Characters or elements that this value itself has.</param>
    protected Node(Origin origin, IReadOnlyCollection<Node> parts, int ownSize)
    {
        Origin = origin;
        Height = parts.Count == 0 ? 1 : parts.Max(part => part.Height) + 1;
        _size = parts.Sum(part => part._size) + ownSize + 1;
        if (Height > Limits.ResolvedDepth)
            throw new HoconParserException(origin, $"objects and lists are nested more than {Limits.ResolvedDepth} deep");
        if (_size > Limits.Expansion)
            throw new HoconParserException(origin, $"substitutions expand the document to more than {Limits.Expansion} elements");
    }

    public Origin Origin { get; }

    /// <summary>Levels of objects and lists from here down; bounded, as the size is, so that walking a tree may recurse and
    /// ends.</summary>
    public int Height { get; }

    /// <summary>The word for messages.</summary>
    public abstract string Kind { get; }

    public override string ToString() => Renderer.Render(this, 0, 2);
}

/// <summary>Text, whatever it stands for: numbers and booleans are read out of it by who asks.</summary>
internal sealed class Scalar(string text, bool quoted, Origin origin) : Node(origin, [], text.Length)
{
    public string Text { get; } = text;

    /// <summary>Quoted or joined of several parts; then <c>null</c> is only four letters.</summary>
    public bool Quoted { get; } = quoted;

    public bool IsNull => !Quoted && Text == "null";

    public override string Kind => IsNull ? "null" : "text";
}

internal sealed class Sequence(IReadOnlyList<Node> items, Origin origin) : Node(origin, items, items.Count)
{
    public IReadOnlyList<Node> Items { get; } = items;

    public override string Kind => "a list";
}

/// <summary>Keys in the order in which they were first written.</summary>
internal sealed class Map(OrderedDictionary<string, Node> fields, Origin origin) : Node(origin, fields.Values, fields.Count)
{
    public static Map Empty { get; } = new([], default);

    public IReadOnlyDictionary<string, Node> Fields => fields;

    public int Count => fields.Count;

    public override string Kind => "an object";

    public Node? this[string key] => fields.GetValueOrDefault(key);

    /// <summary>The node at the end of a path; null where a name is missing or its parent is no object.</summary>
    public Node? Find(ReadOnlySpan<string> path)
    {
        Node? node = this;
        foreach (var name in path)
        {
            node = (node as Map)?[name];
            if (node is null) return null;
        }

        return node;
    }

    /// <summary>This object with what only <paramref name="fallback"/> has; objects on both sides are merged likewise.</summary>
    public Map WithFallback(Map fallback)
    {
        if (fallback.Count == 0 || ReferenceEquals(this, fallback)) return this;
        if (Count == 0) return fallback;
        var merged = new OrderedDictionary<string, Node>(fields);
        foreach (var (key, older) in fallback.Fields)
        {
            if (!merged.TryGetValue(key, out var newer)) merged.Add(key, older);
            else if (newer is Map top && older is Map below) merged[key] = top.WithFallback(below);
        }

        return new Map(merged, Origin);
    }
}

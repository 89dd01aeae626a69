namespace Hocon.Syntax;

/// <summary>A value as it was written: substitutions are not yet looked up and later assignments lie on top of earlier
/// ones.</summary>
internal abstract class Draft(Origin origin)
{
    public Origin Origin { get; } = origin;
}

/// <summary>A value that needs no look-up.</summary>
internal sealed class DraftValue(Node value) : Draft(value.Origin)
{
    public Node Value { get; } = value;
}

/// <summary>Spaces between two parts of a <see cref="DraftConcat"/>; text keeps them, lists and objects don't.</summary>
internal sealed class DraftSpace(string text, Origin origin) : Draft(origin)
{
    public string Text { get; } = text;
}

/// <summary><c>${path}</c> or <c>${?path}</c></summary>
/// <param name="bases">Where in the whole document the included texts around this one hang, innermost first; the last is the
/// root.</param>
internal sealed class DraftReference(string[] path, bool optional, IReadOnlyList<string[]> bases, Origin origin) : Draft(origin)
{
    public string[] Path { get; } = path;
    public bool Optional { get; } = optional;
    public IReadOnlyList<string[]> Bases { get; } = bases;

    public override string ToString() => $"${{{(Optional ? "?" : "")}{KeyPath.Render(Path)}}}";
}

internal sealed class DraftConcat(IReadOnlyList<Draft> parts, Origin origin) : Draft(origin)
{
    public IReadOnlyList<Draft> Parts { get; } = parts;
}

internal sealed class DraftArray(IReadOnlyList<Draft> items, Origin origin) : Draft(origin)
{
    public IReadOnlyList<Draft> Items { get; } = items;
}

internal sealed class DraftObject(Origin origin) : Draft(origin)
{
    public OrderedDictionary<string, DraftField> Fields { get; } = [];

    /// <summary>Assigns at a path below this object, making the objects on the way.</summary>
    public void Set(ReadOnlySpan<string> path, Draft value)
    {
        if (path.Length > 1)
        {
            var child = new DraftObject(value.Origin);
            child.Set(path[1..], value);
            value = child;
        }

        if (!Fields.TryGetValue(path[0], out var field)) Fields.Add(path[0], field = new DraftField());
        field.Assign(value);
    }

    /// <summary>Takes over all assignments of <paramref name="later"/>, as if they were written here.</summary>
    public void Merge(DraftObject later)
    {
        foreach (var (key, from) in later.Fields)
        {
            if (!Fields.TryGetValue(key, out var field)) Fields.Add(key, field = new DraftField());
            foreach (var layer in from.Layers) field.Assign(layer);
        }
    }

    /// <summary>A resolved object as if it had been written.</summary>
    public static Draft From(Node node)
    {
        if (node is not Map map) return new DraftValue(node);
        var draft = new DraftObject(map.Origin);
        foreach (var (key, value) in map.Fields) draft.Set([key], From(value));
        return draft;
    }
}

/// <summary>What was assigned to one key, oldest first, as far as it can still matter.</summary>
internal sealed class DraftField
{
    private readonly List<Draft> _layers = [];

    public IReadOnlyList<Draft> Layers => _layers;

    public void Assign(Draft value)
    {
        switch (value)
        {
            case DraftValue or DraftArray when !RefersToSomething(value):
                _layers.Clear();
                break;
            case DraftObject later when _layers is [.., DraftObject earlier]:
                earlier.Merge(later);
                return;
        }

        _layers.Add(value);
    }

    /// <summary>A list whose items refer to something may refer to the older layers.</summary>
    private static bool RefersToSomething(Draft value) =>
        value is DraftArray array && array.Items.Any(i => i is not DraftValue);
}

using System.Text;

namespace Hocon.Syntax;

/// <summary>
/// Looks up the substitutions of a draft and merges the layers of its fields into the final tree.
/// </summary>
/// <remarks>
/// A field is resolved when it is first asked for. Who asks for a field that is just being resolved asks for its older layers:
/// that is what <c>path = ${path} [x]</c> means. Such an answer depends on who asked, so whatever was made of it isn't kept
/// until the field that was looked back into is done.
/// </remarks>
internal sealed class Resolver(Draft root, Func<string, string?> environment)
{
    private readonly DraftField _root = RootField(root);
    private readonly Dictionary<DraftField, Node?> _resolved = [];

    /// <summary>Fields under way: the layer being resolved (older ones may be asked for) and how deep in the chain they
    /// are.</summary>
    private readonly Dictionary<DraftField, (int Layer, int Depth)> _underWay = [];

    /// <summary>Depth of the outermost field that was looked back into since this was last reset.</summary>
    private int _lookedBackTo = int.MaxValue;
    private int _nesting;
    private long _expansion;

    public Node Resolve() => Field(_root) ?? Map.Empty;

    private static DraftField RootField(Draft root)
    {
        var field = new DraftField();
        field.Assign(root);
        return field;
    }

    private Node? Field(DraftField field)
    {
        if (_resolved.TryGetValue(field, out var known)) return known;
        if (_underWay.TryGetValue(field, out var state))
        {
            _lookedBackTo = Math.Min(_lookedBackTo, state.Depth);
            return Layers(field, state.Layer, state.Depth);
        }

        var depth = _underWay.Count;
        var outer = _lookedBackTo;
        _lookedBackTo = int.MaxValue;
        var value = Layers(field, field.Layers.Count, depth);
        if (_lookedBackTo >= depth) _resolved[field] = value;
        _lookedBackTo = Math.Min(outer, _lookedBackTo >= depth ? int.MaxValue : _lookedBackTo);
        return value;
    }

    /// <summary>The value of the oldest <paramref name="count"/> layers: the newest, merged onto older objects if it is one
    /// itself.</summary>
    private Node? Layers(DraftField field, int count, int depth)
    {
        var before = _underWay.TryGetValue(field, out var state) ? state : ((int, int)?)null;
        Node? value = null;
        for (var i = count - 1; i >= 0 && value is null or Map; i--)
        {
            _underWay[field] = (i, depth);
            var older = Value(field.Layers[i]);
            if (value is null) value = older;
            else if (value is Map top && older is Map below) value = Merge(top, below);
            else if (older is not null) break;
        }

        if (before is { } outer) _underWay[field] = outer;
        else _underWay.Remove(field);
        return value;
    }

    private Node? Value(Draft draft)
    {
        Enter(draft.Origin);
        var value = draft switch
        {
            DraftValue plain => plain.Value,
            DraftObject o => Object(o),
            DraftArray a => Array(a),
            DraftReference r => Reference(r),
            DraftConcat c => Concat(c),
            _ => null,
        };
        _nesting--;
        return value;
    }

    private Map Object(DraftObject draft)
    {
        var fields = new OrderedDictionary<string, Node>();
        foreach (var (key, field) in draft.Fields)
            if (Field(field) is { } value) fields.Add(key, value);
        return new Map(fields, draft.Origin);
    }

    private Sequence Array(DraftArray draft)
    {
        var items = new List<Node>();
        foreach (var item in draft.Items)
            if (Value(item) is { } value) items.Add(value);
        return new Sequence(items, draft.Origin);
    }

    private Node? Reference(DraftReference reference)
    {
        Spend(16, reference.Origin);
        foreach (var prefix in reference.Bases)
            if (Find(_root, [.. prefix, .. reference.Path], reference.Origin) is { } found) return found;
        if (environment(string.Join('.', reference.Path)) is { } variable)
            return new Scalar(variable, quoted: true, reference.Origin);
        return reference.Optional
            ? null
            : throw new HoconParserException(reference.Origin,
                $"{reference} leads to nothing: no such key (or only itself), and no environment variable of that name");
    }

    /// <summary>Follows a path without resolving more than it needs, so that an object may refer to its own fields.</summary>
    private Node? Find(DraftField field, ReadOnlySpan<string> path, Origin asker)
    {
        if (path.IsEmpty) return Field(field);
        if (_resolved.TryGetValue(field, out var known)) return (known as Map)?.Find(path);
        Enter(asker);
        var value = FindInLayers(field, path, asker);
        _nesting--;
        return value;
    }

    private Node? FindInLayers(DraftField field, ReadOnlySpan<string> path, Origin asker)
    {
        Node? value = null;
        for (var i = field.Layers.Count - 1; i >= 0; i--)
        {
            Node? older;
            if (field.Layers[i] is DraftObject fields)
            {
                older = fields.Fields.TryGetValue(path[0], out var child) ? Find(child, path[1..], asker) : null;
            }
            else if (_underWay.TryGetValue(field, out var state) && state.Layer <= i)
            {
                _lookedBackTo = Math.Min(_lookedBackTo, state.Depth);
                continue; // This layer is what is just being resolved, or lies above it.
            }
            else
            {
                var layers = Field(field); // Substitutions decide what this layer is: there is no short way.
                older = (layers as Map)?.Find(path);
                return value is Map above && older is Map under ? Merge(above, under) : value ?? older;
            }

            if (value is null) value = older;
            else if (value is Map top && older is Map below) value = Merge(top, below);
            if (older is not (null or Map)) break;
        }

        return value;
    }

    /// <summary>Objects are merged, lists are appended, all else is joined as text with the spaces between.</summary>
    private Node? Concat(DraftConcat concat)
    {
        var parts = new List<Node>();
        foreach (var part in concat.Parts)
        {
            var value = part is DraftSpace space ? new Scalar(space.Text, quoted: false, space.Origin) : Value(part);
            if (value is not null) parts.Add(value);
        }

        var solid = parts.FindAll(p => !IsSpace(p));
        switch (solid)
        {
            case []:
                return null;
            case [var only]:
                return only;
        }

        if (solid.TrueForAll(p => p is Map))
            return solid.Cast<Map>().Aggregate((below, top) => Merge(top, below));
        if (solid.TrueForAll(p => p is Sequence || (p is Map map && Numbered.Items(map) is not null)))
            return Join(solid, concat.Origin);
        if (solid.TrueForAll(p => p is Scalar))
            return JoinText(parts, concat.Origin);
        throw new HoconParserException(concat.Origin,
            $"{solid[0].Kind} and {solid.Find(p => p.GetType() != solid[0].GetType())!.Kind} can't be joined into one value");
    }

    private static bool IsSpace(Node node) => node is Scalar { Quoted: false } text && string.IsNullOrWhiteSpace(text.Text);

    private Scalar JoinText(List<Node> parts, Origin origin)
    {
        var first = parts.FindIndex(p => !IsSpace(p));
        var last = parts.FindLastIndex(p => !IsSpace(p));
        var text = new StringBuilder();
        for (var i = first; i <= last; i++)
        {
            var piece = ((Scalar)parts[i]).Text;
            Spend(piece.Length, origin);
            text.Append(piece);
        }

        return new Scalar(text.ToString(), quoted: true, origin);
    }

    private Sequence Join(List<Node> lists, Origin origin)
    {
        var items = new List<Node>();
        foreach (var list in lists)
        {
            var more = list is Sequence sequence ? sequence.Items : Numbered.Items((Map)list)!;
            Spend(more.Count, origin);
            items.AddRange(more);
        }

        return new Sequence(items, origin);
    }

    private Map Merge(Map top, Map below)
    {
        Spend(top.Count + below.Count, top.Origin);
        return top.WithFallback(below);
    }

    private void Enter(Origin origin)
    {
        if (++_nesting > Limits.ResolverNesting)
            throw new HoconParserException(
                origin, $"more than {Limits.ResolverNesting} values and substitutions wait for one another");
    }

    private void Spend(long elements, Origin origin)
    {
        if ((_expansion += elements + 1) > Limits.Expansion)
            throw new HoconParserException(origin, $"substitutions expand the document to more than {Limits.Expansion} elements");
    }
}

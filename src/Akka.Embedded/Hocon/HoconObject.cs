using Hocon.Syntax;

namespace Hocon;

/// <summary>The fields of an object in the order in which they were first written.</summary>
public class HoconObject : Dictionary<string, HoconField>
{
    private readonly Map _map;

    internal HoconObject(Map map) : base(map.Count, StringComparer.Ordinal)
    {
        _map = map;
        foreach (var (key, value) in map.Fields) Add(key, new HoconField(key, new HoconValue(value)));
    }

    public static HoconObject Empty { get; } = new(Map.Empty);

    public bool IsEmpty => Count == 0;

    /// <summary>The tree as dictionaries, lists (of objects) and strings.</summary>
    public IDictionary<string, object?> Unwrapped => Unwrap.Fields(_map);

    public HoconField GetField(string key) =>
        TryGetValue(key, out var field) ? field : throw new HoconException($"there is no key {KeyPath.RenderName(key)}");

    public bool TryGetField(string key, out HoconField? result) => TryGetValue(key, out result);

    public HoconValue GetValue(HoconPath path) =>
        TryGetValue(path, out var value) ? value! : throw new HoconException($"there is no key {path}");

    public bool TryGetValue(HoconPath path, out HoconValue? result)
    {
        result = _map.Find(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(path)) is { } node
            ? new HoconValue(node) : null;
        return result is not null;
    }

    public override string ToString() => _map.ToString();

    public string ToString(int indent, int indentSize) => Renderer.Render(_map, indent, indentSize);
}

/// <summary>A key of an object and its value.</summary>
public sealed class HoconField
{
    internal HoconField(string key, HoconValue value)
    {
        Key = key;
        Value = value;
    }

    public string Key { get; }

    public HoconValue Value { get; }

    public HoconType Type => Value.Type;

    public HoconObject GetObject() => Value.GetObject();

    public IList<HoconValue> GetArray() => Value.GetArray();

    public string? GetString() => Value.GetString();

    public override string ToString() => Value.ToString();
}

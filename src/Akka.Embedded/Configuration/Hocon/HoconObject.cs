using Hocon.Syntax;

namespace Akka.Configuration.Hocon;

/// <summary>The fields of an object in the order in which they were first written.</summary>
public class HoconObject
{
    private readonly Map _map;

    internal HoconObject(Map map)
    {
        _map = map;
        Items = map.Fields.ToDictionary(field => field.Key, field => new HoconValue(field.Value));
    }

    public Dictionary<string, HoconValue> Items { get; }

    /// <summary>The tree as dictionaries, lists and strings.</summary>
    public IDictionary<string, object?> Unwrapped => Unwrap.Fields(_map);

    public HoconValue? GetKey(string key) => Items.GetValueOrDefault(key);

    public override string ToString() => _map.ToString();
}

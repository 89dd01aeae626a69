namespace Hocon.Syntax;

/// <summary>Trees as plain dictionaries, lists and strings, for programs that know nothing of HOCON.</summary>
internal static class Unwrap
{
    public static Dictionary<string, object?> Fields(Map map) => map.Fields.ToDictionary(f => f.Key, f => Value(f.Value));

    private static object? Value(Node node) => node switch
    {
        Map map => Fields(map),
        Sequence list => list.Items.Select(Value).ToList(),
        _ => Scalars.Text(node),
    };
}

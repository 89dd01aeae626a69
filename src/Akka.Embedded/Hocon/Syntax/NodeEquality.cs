namespace Hocon.Syntax;

/// <summary>Equality of trees by what they say, not by where or in which order of keys it was written.</summary>
internal static class NodeEquality
{
    public static bool Equal(Node a, Node b) => ReferenceEquals(a, b) || (a, b) switch
    {
        (Scalar x, Scalar y) => x.Text == y.Text && x.IsNull == y.IsNull,
        (Sequence x, Sequence y) =>
            x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(pair => Equal(pair.First, pair.Second)),
        (Map x, Map y) => x.Count == y.Count && x.Fields.All(field => y[field.Key] is { } other && Equal(field.Value, other)),
        _ => false,
    };

    public static int Hash(Node node) => node switch
    {
        Scalar scalar => scalar.Text.GetHashCode(StringComparison.Ordinal),
        Sequence list => list.Items.Count,
        Map map => ~map.Count,
        _ => 0,
    };
}

using System.Globalization;

namespace Hocon.Syntax;

/// <summary>Reads program values out of nodes. Whatever doesn't fit is a <see cref="FormatException"/> that says what
/// would.</summary>
internal static class Scalars
{
    /// <summary>The text; null for <c>null</c>.</summary>
    public static string? Text(Node node) => node is Scalar scalar
        ? scalar.IsNull ? null : scalar.Text
        : throw new FormatException($"{node.Kind} is given, but text is expected");

    public static bool Boolean(Node node) => Required(node) switch
    {
        "true" or "on" or "yes" => true,
        "false" or "off" or "no" => false,
        var other => throw new FormatException($"'{other}' is none of true, false, on, off, yes, no"),
    };

    public static byte Byte(Node node) => Whole<byte>(node);

    public static int Int(Node node) => Whole<int>(node);

    public static long Long(Node node) => Whole<long>(node);

    public static decimal Decimal(Node node)
    {
        var text = Required(node);
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : throw NoNumber(text);
    }

    public static double Double(Node node)
    {
        var text = Required(node);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : throw NoNumber(text);
    }

    public static float Float(Node node) => (float)Double(node);

    public static TimeSpan TimeSpan(Node node, bool allowInfinite) => Units.Duration(Required(node), allowInfinite);

    public static long ByteSize(Node node) => Units.Bytes(Required(node));

    /// <summary>The items of a list, or of an object whose keys are numbers.</summary>
    public static IReadOnlyList<Node> Items(Node node) => node switch
    {
        Sequence list => list.Items,
        Map map when Numbered.Items(map) is { } items => items,
        Map { Count: 0 } => [],
        _ => throw new FormatException($"{node.Kind} is given, but a list is expected"),
    };

    public static IList<T> List<T>(Node node, Func<Node, T> read) => [.. Items(node).Select(read)];

    public static Map Object(Node node) =>
        node as Map ?? throw new FormatException($"{node.Kind} is given, but an object is expected");

    private static string Required(Node node) =>
        Text(node) ?? throw new FormatException("null is given, but a value is expected");

    private static T Whole<T>(Node node)
        where T : struct, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T>
    {
        var text = Required(node);
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && T.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex)) return hex;
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var any)) throw NoNumber(text);
        if (any != decimal.Truncate(any)) throw new FormatException($"'{text}' is no whole number");
        return any >= decimal.CreateChecked(T.MinValue) && any <= decimal.CreateChecked(T.MaxValue)
            ? T.CreateChecked(any)
            : throw new FormatException($"'{text}' is not between {T.MinValue} and {T.MaxValue}");
    }

    private static FormatException NoNumber(string text) => new($"'{text}' is no number");
}

using System.Collections;
using System.Reflection;

namespace ActorBroker.Core.Tests;

/// <summary>All that a message says, as text: two that differ anywhere have different ones, also in lists, which records compare
/// by reference.</summary>
internal static class Shape
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string or Enum or IFormattable or bool => $"{value}",
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        IEnumerable items when IsDefault(items) => "default",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
        _ => $"{value.GetType().Name}({string.Join(", ", Properties(value).Select(p => $"{p.Name}={Of(p.GetValue(value))}"))})",
    };

    private static IEnumerable<PropertyInfo> Properties(object value) =>
        value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0);

    private static bool IsDefault(IEnumerable items) =>
        items.GetType().GetProperty("IsDefault")?.GetValue(items) is true;
}

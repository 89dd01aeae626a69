using System.Collections;
using System.Reflection;
using System.Text.Json.Nodes;

namespace ActorBroker.Protocol.Tests.Kafka;

/// <summary>A message as JSON: fields by name, wrapped numbers bare, bytes as hex, topic ids as text.</summary>
internal static class Shape
{
    public static JsonNode? Of(object? value) => value switch
    {
        null => null,
        string text => text,
        bool yes => yes,
        byte[] bytes => Hex(bytes),
        ReadOnlyMemory<byte> bytes => Hex(bytes.Span),
        Enum => Convert.ToInt64(value),
        sbyte or short or int or long => Convert.ToInt64(value),
        Offset offset => offset.Value,
        Epoch epoch => epoch.Value,
        BrokerId broker => broker.Value,
        TopicId topic => topic.ToString(),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(Of)]),
        _ => new JsonObject(Fields(value.GetType()).Select(field => KeyValuePair.Create(field.Name, Of(field.GetValue(value))))),
    };

    public static IEnumerable<PropertyInfo> Fields(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0);

    /// <summary>
    /// Where <paramref name="actual"/> is not what <paramref name="expected"/> says; fields that it doesn't name may be anything.
    /// </summary>
    public static string? Difference(JsonNode? expected, JsonNode? actual, string path = "$")
    {
        switch (expected, actual)
        {
            case (JsonObject wanted, JsonObject found):
                return wanted.Select(field => found.ContainsKey(field.Key)
                        ? Difference(field.Value, found[field.Key], $"{path}.{field.Key}")
                        : $"{path} has no {field.Key}")
                    .FirstOrDefault(difference => difference is not null);
            case (JsonArray wanted, JsonArray found) when wanted.Count == found.Count:
                return wanted.Zip(found).Select((pair, i) => Difference(pair.First, pair.Second, $"{path}[{i}]"))
                    .FirstOrDefault(difference => difference is not null);
            default:
                return Text(expected) == Text(actual) ? null : $"{path} is {Text(actual)}, not {Text(expected)}";
        }
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonValue value when value.TryGetValue<bool>(out var yes) => yes ? "true" : "false",
        _ => node.ToString(),
    };
}

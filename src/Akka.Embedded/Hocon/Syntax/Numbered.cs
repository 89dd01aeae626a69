using System.Globalization;

namespace Hocon.Syntax;

/// <summary>Objects whose keys are numbers, which stand for lists: <c>seeds.0 = a, seeds.1 = b</c>.</summary>
internal static class Numbered
{
    /// <summary>The values in the order of their numbers; keys that are no numbers don't count. Null when there are
    /// none.</summary>
    public static IReadOnlyList<Node>? Items(Map map)
    {
        var items = new SortedDictionary<int, Node>();
        foreach (var (key, value) in map.Fields)
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) items[index] = value;
        return items.Count == 0 ? null : [.. items.Values];
    }
}

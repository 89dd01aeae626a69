using System.Collections.Frozen;

namespace ActorBroker.Hosting.Options;

/// <summary>The comments of reference.conf, by key: what DescribeConfigs answers to those who ask for documentation.</summary>
internal static class ReferenceDocs
{
    private static readonly Lazy<FrozenDictionary<string, string>> Docs = new(() => Read(Reference.Text));

    /// <summary>Empty for a key that has none.</summary>
    public static string Of(string key) => Docs.Value.GetValueOrDefault(key, "");

    internal static FrozenDictionary<string, string> Read(string text)
    {
        var docs = new Dictionary<string, string>(StringComparer.Ordinal);
        var comment = new List<string>();
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = raw.Trim();
            if (line.StartsWith('#'))
            {
                comment.Add(line.TrimStart('#', ' '));
                continue;
            }
            if (line.IndexOf(" = ", StringComparison.Ordinal) is > 0 and var end && comment.Count > 0)
                docs[line[..end].Trim('"')] = string.Join(' ', comment);
            comment.Clear();
        }
        return docs.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

using System.Globalization;
using System.Text;

namespace ActorBroker.Hosting.Options;

/// <summary>One key of a file, with the line where it starts, from 1.</summary>
internal readonly record struct PropertyLine(string Key, string Value, int Line);

/// <summary>Reads Java's properties format, which is that of Kafka's server.properties.</summary>
internal static class PropertiesFile
{
    public static List<PropertyLine> Parse(string text)
    {
        var found = new List<PropertyLine>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var first = i + 1;
            var line = lines[i].TrimStart();
            if (line.Length == 0 || line[0] is '#' or '!') continue;
            while (Continues(line) && i + 1 < lines.Length) line = line[..^1] + lines[++i].TrimStart();
            if (Continues(line)) line = line[..^1];
            found.Add(Split(line, first));
        }
        return found;
    }

    /// <summary>A line goes on in the next one if it ends with a backslash that no other backslash escapes.</summary>
    private static bool Continues(string line)
    {
        var backslashes = 0;
        while (backslashes < line.Length && line[^(backslashes + 1)] == '\\') backslashes++;
        return backslashes % 2 == 1;
    }

    private static PropertyLine Split(string line, int number)
    {
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t'))
            end += line[end] == '\\' ? 2 : 1;
        end = Math.Min(end, line.Length);
        var value = end;
        while (value < line.Length && line[value] is ' ' or '\t') value++;
        if (value < line.Length && line[value] is '=' or ':') value++;
        while (value < line.Length && line[value] is ' ' or '\t') value++;
        return new PropertyLine(Unescape(line[..end]), Unescape(line[value..]).Trim(), number);
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }
            i++;
            if (text[i] == 'u' && i + 4 < text.Length
                && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                i += 4;
                continue;
            }
            plain.Append(text[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', var c => c });
        }
        return plain.ToString();
    }
}

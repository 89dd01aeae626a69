using System.Globalization;
using System.Text;
using ActorBroker.Journal.Files;

namespace ActorBroker.Journal.Checkpoints;

/// <summary>
/// Kafka's checkpoint files: a line with the version 0, one with the number of entries, and a line for each entry.
/// </summary>
internal static class CheckpointText
{
    /// <summary>Parses one entry's line into its parts.</summary>
    public delegate bool ParseEntry<T>(string[] parts, out T entry);

    /// <summary>Replaces the file as a whole.</summary>
    /// <param name="durable">Flush file and folder before returning.</param>
    public static void Write(ILogFileSystem files, string path, IReadOnlyCollection<string> lines, bool durable)
    {
        var text = new StringBuilder("0\n").Append(lines.Count).Append('\n');
        foreach (var line in lines) text.Append(line).Append('\n');
        WholeFile.Write(files, path, Encoding.UTF8.GetBytes(text.ToString()), durable);
    }

    /// <returns><c>null</c>: there is a file, and it is not what <see cref="Write"/> makes. Empty where there is none.</returns>
    public static List<T>? Read<T>(ILogFileSystem files, string path, ParseEntry<T> parse)
    {
        if (!files.FileExists(path)) return [];
        var lines = Encoding.UTF8.GetString(WholeFile.Read(files, path)).Split('\n');
        // The last line ends with a newline too, so the split leaves an empty piece behind it.
        if (lines.Length < 3 || lines[0] != "0" || lines[^1].Length != 0) return null;
        if (!TryNumber(lines[1], out var count) || count != lines.Length - 3) return null;
        var entries = new List<T>((int)count);
        for (var i = 2; i < lines.Length - 1; i++)
        {
            if (!parse(lines[i].Split(' '), out var entry)) return null;
            entries.Add(entry);
        }
        return entries;
    }

    public static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    public static string Line(object first, object second) => string.Create(CultureInfo.InvariantCulture, $"{first} {second}");
}

using System.Globalization;
using System.Text;
using ActorBroker.Journal.Files;

namespace ActorBroker.Journal.Checkpoints;

/// <summary>
/// Kafka's checkpoint files: a line with the version 0, one with the number of entries, and a line for each entry.
/// </summary>
internal static class CheckpointText
{
    private const string Temporary = ".tmp";

    /// <summary>Parses one entry's line into its parts.</summary>
    public delegate bool ParseEntry<T>(string[] parts, out T entry);

    /// <summary>Replaces the file as a whole.</summary>
    /// <param name="durable">Flush file and folder before returning.</param>
    public static void Write(ILogFileSystem files, string path, IReadOnlyCollection<string> lines, bool durable)
    {
        var text = new StringBuilder("0\n").Append(lines.Count).Append('\n');
        foreach (var line in lines) text.Append(line).Append('\n');
        WriteWhole(files, path, Encoding.UTF8.GetBytes(text.ToString()), durable);
    }

    public static void WriteWhole(ILogFileSystem files, string path, ReadOnlySpan<byte> content, bool durable)
    {
        using (var file = files.Open(path + Temporary, LogFileMode.CreateEmpty))
        {
            file.Write(content, 0);
            if (durable) file.Flush();
        }
        files.Rename(path + Temporary, path);
        if (durable) files.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <returns><c>null</c>: there is a file, and it is not what <see cref="Write"/> makes. Empty where there is none.</returns>
    public static List<T>? Read<T>(ILogFileSystem files, string path, ParseEntry<T> parse)
    {
        if (!files.FileExists(path)) return [];
        var lines = Encoding.UTF8.GetString(ReadWhole(files, path)).Split('\n');
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

    public static byte[] ReadWhole(ILogFileSystem files, string path)
    {
        using var file = files.Open(path, LogFileMode.ReadExisting);
        var bytes = new byte[file.LengthBytes];
        return bytes.AsSpan(0, file.Read(bytes, 0)).ToArray();
    }

    public static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    public static string Line(object first, object second) => string.Create(CultureInfo.InvariantCulture, $"{first} {second}");
}

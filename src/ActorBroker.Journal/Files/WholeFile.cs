namespace ActorBroker.Journal.Files;

/// <summary>Small files that are replaced as a whole: a reader finds the old content or the new one, after a crash too.</summary>
public static class WholeFile
{
    private const string Temporary = ".tmp";

    /// <param name="files">Where.</param>
    /// <param name="path">Of the file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="durable">Flush file and folder before returning.</param>
    public static void Write(ILogFileSystem files, string path, ReadOnlySpan<byte> content, bool durable)
    {
        using (var file = files.Open(path + Temporary, LogFileMode.CreateEmpty))
        {
            file.Write(content, 0);
            if (durable) file.Flush();
        }
        files.Rename(path + Temporary, path);
        if (durable) files.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    public static byte[] Read(ILogFileSystem files, string path)
    {
        using var file = files.Open(path, LogFileMode.ReadExisting);
        var bytes = new byte[file.LengthBytes];
        return bytes.AsSpan(0, file.Read(bytes, 0)).ToArray();
    }
}

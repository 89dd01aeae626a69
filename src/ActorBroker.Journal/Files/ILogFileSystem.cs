namespace ActorBroker.Journal.Files;

/// <summary>
/// The disk as the journal sees it. Paths are absolute or relative to the process; names are compared ordinally.
/// </summary>
/// <remarks>
/// As with POSIX: what a file holds is durable after <see cref="ILogFile.Flush"/>, a name (made, renamed or removed) after
/// <see cref="FlushDirectory"/> of its folder. All calls may throw <see cref="IOException"/>.
/// </remarks>
public interface ILogFileSystem
{
    /// <exception cref="FileNotFoundException">With <see cref="LogFileMode.OpenExisting"/>: there is none.</exception>
    ILogFile Open(string path, LogFileMode mode);

    bool FileExists(string path);

    bool DirectoryExists(string path);

    /// <summary>Makes the folder and those above it, where missing.</summary>
    void CreateDirectory(string path);

    /// <summary>What lies directly in a folder, in no order.</summary>
    IReadOnlyList<LogFileInfo> List(string directory);

    /// <summary>Gives a file another name, atomically replacing a file of that name. Open files stay open.</summary>
    void Rename(string from, string to);

    void RenameDirectory(string from, string to);

    /// <summary>
    /// Removes a name; a file that is still open lives until it is closed. Nothing happens where there is none.
    /// </summary>
    void DeleteFile(string path);

    /// <summary>Removes a folder with all in it.</summary>
    void DeleteDirectory(string path);

    /// <summary>Makes the names in a folder durable.</summary>
    void FlushDirectory(string path);

    /// <summary>How large the disk is that a folder lies on, and how much of it is free.</summary>
    DiskSpace SpaceOf(string directory) => DiskSpace.Unknown;

    /// <summary>Takes a lock file that ends with this process or with disposal.</summary>
    /// <returns><c>null</c>: someone else holds it.</returns>
    IDisposable? TryLock(string path);
}

/// <summary>Whether a file must, may or must not be there already.</summary>
public enum LogFileMode
{
    OpenExisting,
    OpenOrCreate,

    /// <summary>Empties a file that is there.</summary>
    CreateEmpty,

    ReadExisting,
}

/// <summary>Bytes of a disk; -1: not known.</summary>
/// <param name="UsableBytes">What this process may still write.</param>
public readonly record struct DiskSpace(long TotalBytes, long UsableBytes)
{
    public static readonly DiskSpace Unknown = new(-1, -1);
}

/// <summary>One name in a folder.
/// <param name="LastWriteMs">Milliseconds since 1970 UTC.</param>
public readonly record struct LogFileInfo(string Name, bool IsDirectory, long LengthBytes, long LastWriteMs);

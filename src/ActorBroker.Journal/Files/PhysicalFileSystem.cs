namespace ActorBroker.Journal.Files;

/// <summary>The operating system's files.</summary>
public sealed class PhysicalFileSystem : ILogFileSystem
{
    // errno of Linux.
    private const int InputOutputError = 5;
    private const int NoSuchDevice = 19;
    private const int ReadOnlyDisk = 30;

    public static readonly PhysicalFileSystem Instance = new();

    public ILogFile Open(string path, LogFileMode mode) => new PhysicalFile(path, File.OpenHandle(
        path,
        mode switch
        {
            LogFileMode.OpenOrCreate => FileMode.OpenOrCreate,
            LogFileMode.CreateEmpty => FileMode.Create,
            _ => FileMode.Open,
        },
        mode == LogFileMode.ReadExisting ? FileAccess.Read : FileAccess.ReadWrite,
        FileShare.ReadWrite | FileShare.Delete,
        FileOptions.Asynchronous));

    public bool FileExists(string path) => File.Exists(path);

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public IReadOnlyList<LogFileInfo> List(string directory)
    {
        var found = new List<LogFileInfo>();
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
            found.Add(new LogFileInfo(
                entry.Name,
                entry is DirectoryInfo,
                entry is FileInfo file ? file.Length : 0,
                new DateTimeOffset(entry.LastWriteTimeUtc).ToUnixTimeMilliseconds()));
        return found;
    }

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void RenameDirectory(string from, string to) => Directory.Move(from, to);

    public void DeleteFile(string path) => File.Delete(path);

    public void DeleteDirectory(string path) => Directory.Delete(path, recursive: true);

    public void FlushDirectory(string path) => UnixCalls.FlushDirectory(path);

    public DiskSpace SpaceOf(string directory)
    {
        var drive = new DriveInfo(Path.GetFullPath(directory));
        return new DiskSpace(drive.TotalSize, drive.AvailableFreeSpace);
    }

    public IDisposable? TryLock(string path)
    {
        try
        {
            // FileShare.None is an advisory flock on Unix: it ends with the process, however that dies.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
            && e.HResult is not (InputOutputError or NoSuchDevice or ReadOnlyDisk))
        {
            return null;
        }
    }
}

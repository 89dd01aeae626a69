namespace ActorBroker.Journal.Files;

/// <summary>A disk in this process's memory: for a broker that keeps nothing, and for tests. Safe for several threads.</summary>
public sealed class InMemoryFileSystem(TimeProvider clock) : ILogFileSystem
{
    private readonly Lock _names = new();
    private readonly Dictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);

    public ILogFile Open(string path, LogFileMode mode) => OpenMemory(path, mode);

    internal MemoryFile OpenMemory(string path, LogFileMode mode)
    {
        lock (_names)
        {
            if (_files.TryGetValue(path, out var file))
            {
                if (mode == LogFileMode.CreateEmpty) file.SetLength(0);
                return file;
            }
            if (mode is LogFileMode.OpenExisting or LogFileMode.ReadExisting)
                throw new FileNotFoundException($"Could not find file '{path}'.", path);
            if (Parent(path) is { Length: > 0 } parent && !_directories.Contains(parent))
                throw new DirectoryNotFoundException($"Could not find a part of the path '{path}'.");
            return _files[path] = new MemoryFile(clock);
        }
    }

    public bool FileExists(string path)
    {
        lock (_names) return _files.ContainsKey(path);
    }

    public bool DirectoryExists(string path)
    {
        lock (_names) return _directories.Contains(path);
    }

    public void CreateDirectory(string path)
    {
        lock (_names)
            for (var each = path; each.Length > 0 && _directories.Add(each); each = Parent(each))
            {
            }
    }

    public IReadOnlyList<LogFileInfo> List(string directory)
    {
        lock (_names)
        {
            if (!_directories.Contains(directory)) throw new DirectoryNotFoundException($"Could not find '{directory}'.");
            var found = new List<LogFileInfo>();
            foreach (var (path, file) in _files)
                if (Parent(path) == directory) found.Add(new(Path.GetFileName(path), false, file.LengthBytes, file.LastWriteMs));
            foreach (var path in _directories)
                if (Parent(path) == directory) found.Add(new(Path.GetFileName(path), true, 0, 0));
            return found;
        }
    }

    public void Rename(string from, string to)
    {
        lock (_names)
        {
            if (!_files.Remove(from, out var file)) throw new FileNotFoundException($"Could not find file '{from}'.", from);
            _files[to] = file;
        }
    }

    public void RenameDirectory(string from, string to)
    {
        lock (_names)
        {
            if (!_directories.Contains(from)) throw new DirectoryNotFoundException($"Could not find '{from}'.");
            if (_directories.Contains(to)) throw new IOException($"'{to}' is there already.");
            foreach (var path in Under(_directories, from))
            {
                _directories.Remove(path);
                _directories.Add(to + path[from.Length..]);
            }
            foreach (var path in Under(_files.Keys, from))
            {
                _files.Remove(path, out var file);
                _files[to + path[from.Length..]] = file!;
            }
        }
    }

    public void DeleteFile(string path)
    {
        lock (_names) _files.Remove(path);
    }

    public void DeleteDirectory(string path)
    {
        lock (_names)
        {
            foreach (var each in Under(_directories, path)) _directories.Remove(each);
            foreach (var each in Under(_files.Keys, path)) _files.Remove(each);
        }
    }

    public void FlushDirectory(string path)
    {
    }

    public IDisposable? TryLock(string path)
    {
        lock (_names) return _locks.Add(path) ? new Held(this, path) : null;
    }

    /// <summary>Ends all locks.</summary>
    internal void Unlock()
    {
        lock (_names) _locks.Clear();
    }

    internal static string Parent(string path) => Path.GetDirectoryName(path) ?? "";

    internal static List<string> Under(IEnumerable<string> paths, string directory)
    {
        var prefix = directory + Path.DirectorySeparatorChar;
        return [.. paths.Where(path => path == directory || path.StartsWith(prefix, StringComparison.Ordinal))];
    }

    private sealed class Held(InMemoryFileSystem disk, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (disk._names) disk._locks.Remove(path);
        }
    }
}

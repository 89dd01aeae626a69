namespace ActorBroker.Journal.Files;

/// <summary>
/// A disk in memory that fails on demand: a power cut loses what was not flushed and tears writes, bits flip, space runs
/// out, writes and flushes fail. Strict as POSIX allows: a name that its folder's flush did not cover may be lost too.
/// </summary>
/// <remarks>Several threads may use it; power is cut while none does.</remarks>
public sealed class FaultyFileSystem(TimeProvider clock) : ILogFileSystem
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FaultyInode> _durableNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _durableDirectories = new(StringComparer.Ordinal);
    private readonly List<NameChange> _pendingNames = [];
    private readonly Dictionary<MemoryFile, FaultyInode> _inodes = [];
    private InMemoryFileSystem _seen = new(clock);
    private State? _atPowerFailure;

    /// <summary>How many more bytes may be written; the write that passes it is torn and fails with "no space left".</summary>
    public long FreeBytes { get; set; } = long.MaxValue;

    /// <summary>Asked with the path before each write; <c>true</c> fails it after half of its bytes.</summary>
    public Func<string, bool>? FailWrite { get; set; }

    /// <summary>Asked with the path before each flush of a file; <c>true</c> fails it. What it should have written can still be read,
    /// but no later flush will write it: it is gone after the next power cut.</summary>
    public Func<string, bool>? FailFlush { get; set; }

    /// <summary>Asked before each change of the disk; <c>true</c>: the power fails now. The process does not know, and goes on
    /// until <see cref="CutPower"/>, which finds what there was at this moment.</summary>
    public Func<bool>? PowerFails { get; set; }

    /// <summary>How often files were flushed.</summary>
    public int Flushes { get; private set; }

    /// <summary>Cuts the power: files opened before are dead, and the disk holds what the next start finds.</summary>
    /// <param name="random">
    /// Decides which of the unflushed changes survive, and where writes tear. <c>null</c>: none survives.
    /// </param>
    public void CutPower(Random? random = null)
    {
        if (_atPowerFailure is { } then) Restore(then);
        (_atPowerFailure, PowerFails) = (null, null);
        // Names are journalled by the file system in order, data is not.
        var survivingNames = random?.Next(_pendingNames.Count + 1) ?? 0;
        foreach (var change in _pendingNames.Take(survivingNames)) Apply(change);
        _pendingNames.Clear();
        foreach (var inode in _inodes.Values.Concat(_durableNames.Values).Distinct()) inode.CutPower(random);

        _seen = new InMemoryFileSystem(clock);
        _inodes.Clear();
        foreach (var directory in _durableDirectories) _seen.CreateDirectory(directory);
        foreach (var (path, inode) in _durableNames.ToArray())
        {
            _seen.CreateDirectory(InMemoryFileSystem.Parent(path));
            var file = _seen.OpenMemory(path, LogFileMode.OpenOrCreate);
            file.Write(inode.Durable, 0);
            var reborn = new FaultyInode(inode.Durable);
            _durableNames[path] = reborn;
            _inodes[file] = reborn;
        }
    }

    /// <summary>The process that used the disk is gone, and its locks with it. What it wrote is there.</summary>
    public void EndProcess() => _seen.Unlock();

    /// <summary>A directory is on a new disk, which is empty. No process may use it.</summary>
    public void Replace(string directory)
    {
        _seen.DeleteDirectory(directory);
        _pendingNames.RemoveAll(change => IsUnder(directory, change.Path) || (change.To is { } to && IsUnder(directory, to)));
        Apply(new(NameChangeKind.Delete, directory));
    }

    private static bool IsUnder(string directory, string path) => InMemoryFileSystem.Under([path], directory).Count > 0;

    /// <summary>Changes one bit of what is on the disk and in the cache.</summary>
    public void FlipBit(string path, long bit)
    {
        using var file = Open(path, LogFileMode.OpenExisting);
        Span<byte> octet = stackalloc byte[1];
        file.Read(octet, bit / 8);
        octet[0] ^= (byte)(1 << (int)(bit % 8));
        file.Write(octet, bit / 8);
        file.Flush();
    }

    public byte[] ReadAll(string path) => _seen.OpenMemory(path, LogFileMode.OpenExisting).ToArray();

    /// <summary>Puts a file on the disk, durably.</summary>
    public void WriteAll(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = Open(path, LogFileMode.CreateEmpty);
        file.Write(bytes, 0);
        file.Flush();
        FlushDirectory(InMemoryFileSystem.Parent(path));
    }

    public ILogFile Open(string path, LogFileMode mode)
    {
        AskForPower();
        lock (_gate)
        {
            var isNew = !_seen.FileExists(path);
            var file = _seen.OpenMemory(path, mode);
            if (!_inodes.TryGetValue(file, out var inode)) _inodes[file] = inode = new FaultyInode([]);
            if (isNew) _pendingNames.Add(new(NameChangeKind.CreateFile, path, Inode: inode));
            else if (mode == LogFileMode.CreateEmpty) inode.SetLength(0);
            return new FaultyFile(this, path, file, inode);
        }
    }

    public bool FileExists(string path) => _seen.FileExists(path);

    public bool DirectoryExists(string path) => _seen.DirectoryExists(path);

    public void CreateDirectory(string path)
    {
        AskForPower();
        lock (_gate)
        {
            for (var each = path; each.Length > 0 && !_seen.DirectoryExists(each); each = InMemoryFileSystem.Parent(each))
                _pendingNames.Add(new(NameChangeKind.CreateDirectory, each));
            _seen.CreateDirectory(path);
        }
    }

    public IReadOnlyList<LogFileInfo> List(string directory) => _seen.List(directory);

    public void Rename(string from, string to)
    {
        AskForPower();
        lock (_gate)
        {
            _seen.Rename(from, to);
            _pendingNames.Add(new(NameChangeKind.Rename, from, to));
        }
    }

    public void RenameDirectory(string from, string to)
    {
        AskForPower();
        lock (_gate)
        {
            _seen.RenameDirectory(from, to);
            _pendingNames.Add(new(NameChangeKind.Rename, from, to));
        }
    }

    public void DeleteFile(string path)
    {
        AskForPower();
        lock (_gate)
        {
            _seen.DeleteFile(path);
            _pendingNames.Add(new(NameChangeKind.Delete, path));
        }
    }

    public void DeleteDirectory(string path)
    {
        AskForPower();
        lock (_gate)
        {
            _seen.DeleteDirectory(path);
            _pendingNames.Add(new(NameChangeKind.Delete, path));
        }
    }

    public void FlushDirectory(string path)
    {
        AskForPower();
        lock (_gate)
        {
            var rest = new List<NameChange>();
            foreach (var change in _pendingNames)
            {
                if (InMemoryFileSystem.Parent(change.Path) != path
                    && (change.To is null || InMemoryFileSystem.Parent(change.To) != path))
                {
                    rest.Add(change);
                    continue;
                }
                Apply(change);
                // What was not covered before is what happened in that folder, by whatever name it goes now.
                if (change.Kind == NameChangeKind.Delete) rest.RemoveAll(before => IsUnder(change.Path, before.Path));
                if (change.Kind == NameChangeKind.Rename) rest = rest.ConvertAll(before => before.Moved(change.Path, change.To!));
            }
            _pendingNames.Clear();
            _pendingNames.AddRange(rest);
        }
    }

    public IDisposable? TryLock(string path) => _seen.TryLock(path);

    private void AskForPower()
    {
        if (_atPowerFailure is null && PowerFails?.Invoke() == true) _atPowerFailure = Copy();
    }

    private State Copy()
    {
        var copies = new Dictionary<FaultyInode, FaultyInode>();
        foreach (var inode in _inodes.Values.Concat(_durableNames.Values).Concat(_pendingNames.Select(p => p.Inode).OfType<FaultyInode>()))
            copies.TryAdd(inode, inode.Copy());
        return new State(
            _durableNames.ToDictionary(name => name.Key, name => copies[name.Value], StringComparer.Ordinal),
            [.. _durableDirectories],
            [.. _pendingNames.Select(change => change.Inode is { } inode ? change with { Inode = copies[inode] } : change)]);
    }

    private void Restore(State state)
    {
        _inodes.Clear();
        _durableNames.Clear();
        foreach (var (path, inode) in state.DurableNames) _durableNames.Add(path, inode);
        _durableDirectories.Clear();
        _durableDirectories.UnionWith(state.DurableDirectories);
        _pendingNames.Clear();
        _pendingNames.AddRange(state.PendingNames);
    }

    /// <summary>What was on the disk, and in its cache, at a moment.</summary>
    private sealed record State(
        Dictionary<string, FaultyInode> DurableNames, HashSet<string> DurableDirectories, List<NameChange> PendingNames);

    private void Apply(NameChange change)
    {
        switch (change.Kind)
        {
            case NameChangeKind.CreateFile:
                _durableNames[change.Path] = change.Inode!;
                break;
            case NameChangeKind.CreateDirectory:
                _durableDirectories.Add(change.Path);
                break;
            case NameChangeKind.Rename:
                foreach (var path in InMemoryFileSystem.Under(_durableNames.Keys, change.Path))
                {
                    _durableNames.Remove(path, out var inode);
                    _durableNames[change.To + path[change.Path.Length..]] = inode!;
                }
                foreach (var path in InMemoryFileSystem.Under(_durableDirectories, change.Path))
                {
                    _durableDirectories.Remove(path);
                    _durableDirectories.Add(change.To + path[change.Path.Length..]);
                }
                break;
            case NameChangeKind.Delete:
                foreach (var path in InMemoryFileSystem.Under(_durableNames.Keys, change.Path)) _durableNames.Remove(path);
                foreach (var path in InMemoryFileSystem.Under(_durableDirectories, change.Path)) _durableDirectories.Remove(path);
                break;
        }
    }

    private enum NameChangeKind
    {
        CreateFile,
        CreateDirectory,
        Rename,
        Delete,
    }

    private sealed record NameChange(NameChangeKind Kind, string Path, string? To = null, FaultyInode? Inode = null)
    {
        public NameChange Moved(string from, string to) => this with
        {
            Path = IsUnder(from, Path) ? to + Path[from.Length..] : Path,
            To = To is { } target && IsUnder(from, target) ? to + target[from.Length..] : To,
        };
    }

    private sealed class FaultyFile(FaultyFileSystem disk, string path, MemoryFile seen, FaultyInode inode) : ILogFile
    {
        public Microsoft.Win32.SafeHandles.SafeFileHandle? Handle => null;

        public long LengthBytes => seen.LengthBytes;

        public int Read(Span<byte> buffer, long position) => seen.Read(buffer, position);

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            disk.AskForPower();
            var broken = disk.FailWrite?.Invoke(path) == true;
            var fits = broken ? bytes.Length / 2 : (int)Math.Min(bytes.Length, disk.FreeBytes);
            if (fits > 0)
            {
                seen.Write(bytes[..fits], position);
                lock (disk._gate) inode.Write(bytes[..fits], position);
                if (disk.FreeBytes != long.MaxValue) disk.FreeBytes -= fits;
            }
            if (broken) throw new IOException($"Input/output error : '{path}'", 5);
            if (fits < bytes.Length) throw LogStorageException.NoSpaceLeft(path);
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
        {
            foreach (var buffer in buffers)
            {
                Write(buffer.Span, position);
                position += buffer.Length;
            }
        }

        public void SetLength(long lengthBytes)
        {
            disk.AskForPower();
            seen.SetLength(lengthBytes);
            lock (disk._gate) inode.SetLength(lengthBytes);
        }

        public void StartFlush()
        {
        }

        public void Flush()
        {
            disk.AskForPower();
            disk.Flushes++;
            var fails = disk.FailFlush?.Invoke(path) == true; // It may wait for something.
            lock (disk._gate)
            {
                if (fails) inode.FailFlush();
                else inode.Flush();
            }
            if (fails) throw new IOException($"Input/output error : '{path}'", 5);
        }

        public void Dispose()
        {
        }
    }
}

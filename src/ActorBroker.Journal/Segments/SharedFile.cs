using ActorBroker.Journal.Files;

namespace ActorBroker.Journal.Segments;

/// <summary>
/// A file that is opened when it is first used, counts its users, and is closed once it was idle for a while: old segments
/// cost no open file. Users may be on any thread.
/// </summary>
internal sealed class SharedFile(ILogFileSystem files, string path) : IDisposable
{
    private const int Closed = -1;

    private readonly Lock _opening = new();
    private ILogFile? _file;
    private string _path = path;
    private bool _usedLately;
    private int _users = Closed;

    public string Path => _path;

    /// <summary>False between deletion of a segment and the end of its last reader.</summary>
    public bool IsInUse => Volatile.Read(ref _users) > 0;

    /// <summary>Every call must be followed by one of <see cref="Release"/>.</summary>
    /// <exception cref="FileNotFoundException">The segment was deleted and its files are gone.</exception>
    public ILogFile Acquire()
    {
        _usedLately = true;
        for (var users = Volatile.Read(ref _users); users != Closed; users = Volatile.Read(ref _users))
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users) return _file!;
        lock (_opening)
        {
            // Only holders of this lock close or open, so the count cannot fall to Closed meanwhile.
            if (_users != Closed)
            {
                Interlocked.Increment(ref _users);
                return _file!;
            }
            _file = files.Open(_path, LogFileMode.OpenExisting);
            Volatile.Write(ref _users, 1);
            return _file;
        }
    }

    public void Release() => Interlocked.Decrement(ref _users);

    /// <summary>Closes the file if nobody used it since the last call.</summary>
    public void CloseIfIdle()
    {
        if (_usedLately) _usedLately = false;
        else TryClose();
    }

    /// <summary>The owner renamed the file.</summary>
    public void Renamed(string path)
    {
        lock (_opening) _path = path;
    }

    /// <summary>Closes the file unless someone uses it.</summary>
    public bool TryClose()
    {
        lock (_opening)
        {
            if (_users == Closed) return true;
            if (Interlocked.CompareExchange(ref _users, Closed, 0) != 0) return false;
            _file!.Dispose();
            _file = null;
            return true;
        }
    }

    public void Dispose() => TryClose();
}

using ActorBroker.Journal.Files;

namespace ActorBroker.Journal.Segments;

/// <summary>
/// An append-only file of entries of one size. New entries stay in memory until there is a block of them, so that an append
/// to the log costs no second write; what a crash loses of them, recovery rebuilds from the log.
/// </summary>
/// <remarks>
/// One writer. Readers on other threads see a consistent prefix: entries are written before the count that covers them, and
/// a block that went to the file is never written again in memory. Files are as long as their entries: no preallocation.
/// </remarks>
internal sealed class IndexFile(ILogFileSystem files, string path, int entryBytes, long fileBytes) : IDisposable
{
    private const int BlockEntries = 512;
    private const int FirstEntries = 8;

    private readonly SharedFile _file = new(files, path);
    private Tail _tail = new((int)(fileBytes / entryBytes), []);

    public int EntryBytes => entryBytes;

    public string Path => _file.Path;

    public SharedFile Shared => _file;

    public int Count
    {
        get
        {
            var tail = Volatile.Read(ref _tail);
            return tail.FirstEntry + Volatile.Read(ref tail.Count);
        }
    }

    /// <summary>The first entry that is read without the file.</summary>
    public int FirstInMemory => Volatile.Read(ref _tail).FirstEntry;

    public void Append(ReadOnlySpan<byte> entry)
    {
        var tail = _tail;
        if ((tail.Count + 1) * entryBytes > tail.Bytes.Length)
        {
            if (tail.Count >= BlockEntries) WriteOut();
            tail = _tail;
            var capacity = Math.Clamp(tail.Count * 4, FirstEntries, BlockEntries);
            var larger = new Tail(tail.FirstEntry, new byte[capacity * entryBytes]) { Count = tail.Count };
            tail.Bytes.AsSpan(0, tail.Count * entryBytes).CopyTo(larger.Bytes);
            Volatile.Write(ref _tail, larger);
            tail = larger;
        }
        entry.CopyTo(tail.Bytes.AsSpan(tail.Count * entryBytes));
        Volatile.Write(ref tail.Count, tail.Count + 1);
    }

    /// <summary>Copies entries from <paramref name="first"/> on.</summary>
    public void Read(int first, Span<byte> entries)
    {
        var tail = Volatile.Read(ref _tail);
        var inFile = Math.Clamp((tail.FirstEntry - first) * entryBytes, 0, entries.Length);
        if (inFile > 0)
        {
            var file = _file.Acquire();
            try
            {
                var read = file.Read(entries[..inFile], (long)first * entryBytes);
                entries[read..inFile].Clear(); // A file cut behind our back: zeros agree with no batch.
            }
            finally
            {
                _file.Release();
            }
        }
        var rest = entries[inFile..];
        if (rest.IsEmpty) return;
        var inMemory = tail.Bytes.AsSpan(Math.Min(Math.Max(first - tail.FirstEntry, 0) * entryBytes, tail.Bytes.Length));
        var available = Math.Min(inMemory.Length, rest.Length);
        inMemory[..available].CopyTo(rest);
        rest[available..].Clear(); // Truncated since the reader saw the count.
    }

    /// <summary>Keeps the first <paramref name="count"/> entries.</summary>
    public void Truncate(int count)
    {
        var tail = _tail;
        if (count >= tail.FirstEntry)
        {
            var kept = count - tail.FirstEntry;
            Volatile.Write(ref _tail, new Tail(tail.FirstEntry, [.. tail.Bytes.AsSpan(0, kept * entryBytes)]) { Count = kept });
            return;
        }
        Volatile.Write(ref _tail, new Tail(count, []));
        Change(file => file.SetLength((long)count * entryBytes));
    }

    /// <summary>Hands all entries to the operating system.</summary>
    public void WriteOut()
    {
        var tail = _tail;
        if (tail.Count == 0) return;
        Change(file => file.Write(tail.Bytes.AsSpan(0, tail.Count * entryBytes), (long)tail.FirstEntry * entryBytes));
        Volatile.Write(ref _tail, new Tail(tail.FirstEntry + tail.Count, []));
    }

    public void Flush()
    {
        WriteOut();
        Change(file => file.Flush());
    }

    public void CloseIfIdle() => _file.CloseIfIdle();

    public void Renamed(string newPath) => _file.Renamed(newPath);

    public void Dispose() => _file.Dispose();

    private void Change(Action<ILogFile> change)
    {
        var file = _file.Acquire();
        try
        {
            change(file);
        }
        finally
        {
            _file.Release();
        }
    }

    /// <summary>The entries behind those in the file.</summary>
    private sealed class Tail(int firstEntry, byte[] bytes)
    {
        public readonly int FirstEntry = firstEntry;
        public readonly byte[] Bytes = bytes;
        public int Count;
    }
}

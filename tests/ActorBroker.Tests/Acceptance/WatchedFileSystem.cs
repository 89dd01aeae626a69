using System.Collections.Concurrent;
using ActorBroker.Journal.Files;
using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Tests.Acceptance;

/// <summary>The machine's disk, with a list of what was done to files.</summary>
internal sealed class WatchedFileSystem : ILogFileSystem
{
    private readonly PhysicalFileSystem _disk = new();
    private readonly ConcurrentQueue<Call> _calls = new();

    public enum Kind
    {
        Read,
        Write,
        Cut,
        Flush,
    }

    /// <param name="Bytes">Of a cut: the file's length before it.</param>
    public sealed record Call(Kind Kind, string Path, long Position, long Bytes);

    /// <summary>What was done to files with this ending of the path, in order.</summary>
    public IReadOnlyList<Call> CallsOn(string pathEnd) =>
        [.. _calls.Where(c => c.Path.EndsWith(pathEnd, StringComparison.Ordinal))];

    public ILogFile Open(string path, LogFileMode mode) => new WatchedFile(this, _disk.Open(path, mode), path);

    public bool FileExists(string path) => _disk.FileExists(path);

    public bool DirectoryExists(string path) => _disk.DirectoryExists(path);

    public void CreateDirectory(string path) => _disk.CreateDirectory(path);

    public IReadOnlyList<LogFileInfo> List(string directory) => _disk.List(directory);

    public void Rename(string from, string to) => _disk.Rename(from, to);

    public void RenameDirectory(string from, string to) => _disk.RenameDirectory(from, to);

    public void DeleteFile(string path) => _disk.DeleteFile(path);

    public void DeleteDirectory(string path) => _disk.DeleteDirectory(path);

    public void FlushDirectory(string path) => _disk.FlushDirectory(path);

    public IDisposable? TryLock(string path) => _disk.TryLock(path);

    private sealed class WatchedFile(WatchedFileSystem watch, ILogFile file, string path) : ILogFile
    {
        public SafeFileHandle? Handle => file.Handle;

        public long LengthBytes => file.LengthBytes;

        public int Read(Span<byte> buffer, long position)
        {
            var read = file.Read(buffer, position);
            Saw(Kind.Read, position, read);
            return read;
        }

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            Saw(Kind.Write, position, bytes.Length);
            file.Write(bytes, position);
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
        {
            Saw(Kind.Write, position, buffers.Sum(b => (long)b.Length));
            file.Write(buffers, position);
        }

        public void SetLength(long lengthBytes)
        {
            Saw(Kind.Cut, lengthBytes, file.LengthBytes);
            file.SetLength(lengthBytes);
        }

        public void StartFlush() => file.StartFlush();

        public void Flush()
        {
            Saw(Kind.Flush, 0, 0);
            file.Flush();
        }

        public void Dispose() => file.Dispose();

        private void Saw(Kind kind, long position, long bytes) => watch._calls.Enqueue(new(kind, path, position, bytes));
    }
}

using ActorBroker.Journal.Files;
using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Journal.Tests.Support;

/// <summary>Tells of each read of a file.</summary>
internal sealed class CountingFileSystem(ILogFileSystem inner, Action<string, long> onRead) : ILogFileSystem
{
    public ILogFile Open(string path, LogFileMode mode) => new CountingFile(inner.Open(path, mode), path, onRead);

    public bool FileExists(string path) => inner.FileExists(path);

    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public IReadOnlyList<LogFileInfo> List(string directory) => inner.List(directory);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void RenameDirectory(string from, string to) => inner.RenameDirectory(from, to);

    public void DeleteFile(string path) => inner.DeleteFile(path);

    public void DeleteDirectory(string path) => inner.DeleteDirectory(path);

    public void FlushDirectory(string path) => inner.FlushDirectory(path);

    public IDisposable? TryLock(string path) => inner.TryLock(path);

    private sealed class CountingFile(ILogFile inner, string path, Action<string, long> onRead) : ILogFile
    {
        public SafeFileHandle? Handle => inner.Handle;

        public long LengthBytes => inner.LengthBytes;

        public int Read(Span<byte> buffer, long position)
        {
            onRead(path, position);
            return inner.Read(buffer, position);
        }

        public void Write(ReadOnlySpan<byte> bytes, long position) => inner.Write(bytes, position);

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position) => inner.Write(buffers, position);

        public void SetLength(long lengthBytes) => inner.SetLength(lengthBytes);

        public void StartFlush() => inner.StartFlush();

        public void Flush() => inner.Flush();

        public void Dispose() => inner.Dispose();
    }
}

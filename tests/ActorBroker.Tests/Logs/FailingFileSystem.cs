using ActorBroker.Journal.Files;
using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Tests.Logs;

/// <summary>A disk of which parts fail: nothing below a path that has failed can be read, written, flushed or named.</summary>
internal sealed class FailingFileSystem(ILogFileSystem disk, Func<string, bool> hasFailed) : ILogFileSystem
{
    public ILogFile Open(string path, LogFileMode mode) => new FailingFile(this, path, Of(path).Open(path, mode));

    public bool FileExists(string path) => !hasFailed(path) && disk.FileExists(path);

    public bool DirectoryExists(string path) => !hasFailed(path) && disk.DirectoryExists(path);

    public void CreateDirectory(string path) => Of(path).CreateDirectory(path);

    public IReadOnlyList<LogFileInfo> List(string directory) => Of(directory).List(directory);

    public void Rename(string from, string to) => Of(from).Rename(from, to);

    public void RenameDirectory(string from, string to) => Of(from).RenameDirectory(from, to);

    public void DeleteFile(string path) => Of(path).DeleteFile(path);

    public void DeleteDirectory(string path) => Of(path).DeleteDirectory(path);

    public void FlushDirectory(string path) => Of(path).FlushDirectory(path);

    public IDisposable? TryLock(string path) => Of(path).TryLock(path);

    private ILogFileSystem Of(string path) =>
        hasFailed(path) ? throw new IOException($"Input/output error : '{path}'", 5) : disk;

    private sealed class FailingFile(FailingFileSystem files, string path, ILogFile file) : ILogFile
    {
        public SafeFileHandle? Handle => file.Handle;

        public long LengthBytes => file.LengthBytes;

        public int Read(Span<byte> buffer, long position)
        {
            files.Of(path);
            return file.Read(buffer, position);
        }

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            files.Of(path);
            file.Write(bytes, position);
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position)
        {
            files.Of(path);
            file.Write(buffers, position);
        }

        public void SetLength(long lengthBytes)
        {
            files.Of(path);
            file.SetLength(lengthBytes);
        }

        public void StartFlush() => file.StartFlush();

        public void Flush()
        {
            files.Of(path);
            file.Flush();
        }

        public void Dispose() => file.Dispose();
    }
}

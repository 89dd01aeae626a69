using ActorBroker.Journal.Files;
using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Tests.Acceptance;

/// <summary>
/// One broker's view of a <see cref="FaultyFileSystem"/>, one call at a time, until the power is cut: from then on it throws,
/// whatever the broker that has it still tries. The next broker gets another view of the same disk.
/// </summary>
internal sealed class MortalFileSystem(FaultyFileSystem disk) : ILogFileSystem
{
    private readonly Lock _lock = new();
    private bool _isDead;

    /// <param name="random">Decides what of the unflushed survives; null: nothing.</param>
    public void CutPower(Random? random = null)
    {
        lock (_lock)
        {
            _isDead = true;
            disk.CutPower(random);
        }
    }

    public ILogFile Open(string path, LogFileMode mode) => Do(() => new MortalFile(this, disk.Open(path, mode)));

    public bool FileExists(string path) => Do(() => disk.FileExists(path));

    public bool DirectoryExists(string path) => Do(() => disk.DirectoryExists(path));

    public void CreateDirectory(string path) => Do(() => disk.CreateDirectory(path));

    public IReadOnlyList<LogFileInfo> List(string directory) => Do(() => disk.List(directory));

    public void Rename(string from, string to) => Do(() => disk.Rename(from, to));

    public void RenameDirectory(string from, string to) => Do(() => disk.RenameDirectory(from, to));

    public void DeleteFile(string path) => Do(() => disk.DeleteFile(path));

    public void DeleteDirectory(string path) => Do(() => disk.DeleteDirectory(path));

    public void FlushDirectory(string path) => Do(() => disk.FlushDirectory(path));

    public IDisposable? TryLock(string path) => Do(() => disk.TryLock(path));

    private T Do<T>(Func<T> call)
    {
        lock (_lock) return _isDead ? throw new IOException("The power is off.") : call();
    }

    private void Do(Action call) => Do(() =>
    {
        call();
        return true;
    });

    private sealed class MortalFile(MortalFileSystem view, ILogFile file) : ILogFile
    {
        public SafeFileHandle? Handle => null;

        public long LengthBytes => view.Do(() => file.LengthBytes);

        public int Read(Span<byte> buffer, long position)
        {
            lock (view._lock) return view._isDead ? throw new IOException("The power is off.") : file.Read(buffer, position);
        }

        public void Write(ReadOnlySpan<byte> bytes, long position) => Write([bytes.ToArray()], position);

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position) =>
            view.Do(() => file.Write(buffers, position));

        public void SetLength(long lengthBytes) => view.Do(() => file.SetLength(lengthBytes));

        public void StartFlush() => view.Do(file.StartFlush);

        public void Flush() => view.Do(file.Flush);

        public void Dispose()
        {
            lock (view._lock)
                if (!view._isDead) file.Dispose();
        }
    }
}

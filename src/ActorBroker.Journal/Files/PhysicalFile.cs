using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Journal.Files;

/// <summary>A file of the operating system by its handle; positions are explicit, so readers and the writer share it.</summary>
internal sealed class PhysicalFile(string path, SafeFileHandle handle) : ILogFile
{
    public SafeFileHandle Handle => handle;

    public long LengthBytes => RandomAccess.GetLength(handle);

    public int Read(Span<byte> buffer, long position)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(handle, buffer[total..], position + total);
            if (read == 0) break;
            total += read;
        }
        return total;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position) => RandomAccess.Write(handle, bytes, position);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position) =>
        RandomAccess.Write(handle, buffers, position);

    public void SetLength(long lengthBytes) => RandomAccess.SetLength(handle, lengthBytes);

    public void StartFlush() => UnixCalls.StartWriteback(handle);

    public void Flush() => RandomAccess.FlushToDisk(handle);

    public void Dispose() => handle.Dispose();

    public override string ToString() => path;
}

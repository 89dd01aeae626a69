using Microsoft.Win32.SafeHandles;

namespace ActorBroker.Journal.Files;

/// <summary>An open file, read and written at positions. One writer; any number of concurrent readers.</summary>
public interface ILogFile : IDisposable
{
    /// <summary>For <c>sendfile</c>; opened for asynchronous use. <c>null</c>: the file is not the operating system's.</summary>
    SafeFileHandle? Handle { get; }

    long LengthBytes { get; }

    /// <returns>How many bytes were read; fewer than asked only at the file's end.</returns>
    int Read(Span<byte> buffer, long position);

    /// <exception cref="IOException">Part of the bytes may be written.</exception>
    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>Writes the buffers one behind the other with one call (<c>pwritev</c>).</summary>
    /// <exception cref="IOException">Part of the bytes may be written.</exception>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> buffers, long position);

    /// <summary>Cuts the file, or extends it with zeros.</summary>
    void SetLength(long lengthBytes);

    /// <summary>A hint that <see cref="Flush"/> follows soon, so that several files share the device's time.</summary>
    void StartFlush();

    /// <summary>Returns when all that was written survives a power cut.</summary>
    /// <exception cref="IOException">Nothing is known about what was written since the last flush.</exception>
    void Flush();
}

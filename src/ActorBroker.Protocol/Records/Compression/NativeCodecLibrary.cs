using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace ActorBroker.Protocol.Records.Compression;

/// <summary>A codec's shared library of the operating system, loaded at the first use and kept.</summary>
/// <param name="codec">The codec's name, for people.</param>
/// <param name="fileNames">Names to try, in order.</param>
/// <param name="package">What to install where none is found.</param>
internal sealed class NativeCodecLibrary(string codec, string[] fileNames, string package)
{
    private readonly Lock _loading = new();
    private nint _handle;

    /// <exception cref="CompressionUnavailableException">The library or this function of it is missing.</exception>
    public nint Function(string name)
    {
        var handle = Handle();
        return NativeLibrary.TryGetExport(handle, name, out var address)
            ? address
            : throw new CompressionUnavailableException(
                $"The {codec} library has no function {name}; install a later version: {package}");
    }

    private nint Handle()
    {
        lock (_loading)
        {
            if (_handle == 0 && !TryLoad(out _handle))
                throw new CompressionUnavailableException(
                    $"{codec} needs the native library {fileNames[0]}; install it, for example by: {package}");
            return _handle;
        }
    }

    private bool TryLoad([NotNullWhen(true)] out nint handle)
    {
        foreach (var fileName in fileNames)
            if (NativeLibrary.TryLoad(fileName, out handle)) return true;
        handle = 0;
        return false;
    }
}

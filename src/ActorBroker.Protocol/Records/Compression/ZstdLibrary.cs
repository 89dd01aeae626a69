using System.Runtime.InteropServices;

namespace ActorBroker.Protocol.Records.Compression;

/// <summary>The functions of libzstd (zstd.h) that are used here.</summary>
internal static unsafe class ZstdLibrary
{
    public const int WindowLogMax = 100; // ZSTD_d_windowLogMax

    private static readonly NativeCodecLibrary Library =
        new("zstd", ["libzstd.so.1", "libzstd.so", "libzstd.1.dylib", "libzstd.dll"], "apt-get install libzstd1");

    private static readonly Lazy<Functions> Loaded = new(() => new Functions(Library), LazyThreadSafetyMode.PublicationOnly);

    /// <exception cref="CompressionUnavailableException">libzstd is missing.</exception>
    public static Functions Api => Loaded.Value;

    internal sealed class Functions(NativeCodecLibrary library)
    {
        public readonly delegate* unmanaged[Cdecl]<nuint, uint> IsError =
            (delegate* unmanaged[Cdecl]<nuint, uint>)library.Function("ZSTD_isError");

        public readonly delegate* unmanaged[Cdecl]<nuint, nuint> CompressBound =
            (delegate* unmanaged[Cdecl]<nuint, nuint>)library.Function("ZSTD_compressBound");

        public readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, int, nuint> Compress =
            (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, int, nuint>)library.Function("ZSTD_compress");

        public readonly delegate* unmanaged[Cdecl]<nint> CreateDecompression =
            (delegate* unmanaged[Cdecl]<nint>)library.Function("ZSTD_createDCtx");

        public readonly delegate* unmanaged[Cdecl]<nint, nuint> FreeDecompression =
            (delegate* unmanaged[Cdecl]<nint, nuint>)library.Function("ZSTD_freeDCtx");

        public readonly delegate* unmanaged[Cdecl]<nint, int, int, nuint> SetParameter =
            (delegate* unmanaged[Cdecl]<nint, int, int, nuint>)library.Function("ZSTD_DCtx_setParameter");

        public readonly delegate* unmanaged[Cdecl]<nint, OutBuffer*, InBuffer*, nuint> Decompress =
            (delegate* unmanaged[Cdecl]<nint, OutBuffer*, InBuffer*, nuint>)library.Function("ZSTD_decompressStream");
    }

    /// <summary>ZSTD_inBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct InBuffer
    {
        public byte* Source;
        public nuint Size;
        public nuint Position;
    }

    /// <summary>ZSTD_outBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OutBuffer
    {
        public byte* Target;
        public nuint Size;
        public nuint Position;
    }
}

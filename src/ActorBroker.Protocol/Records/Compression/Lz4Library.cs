using System.Runtime.InteropServices;

namespace ActorBroker.Protocol.Records.Compression;

/// <summary>The functions of liblz4's frame API (lz4frame.h) that are used here.</summary>
internal static unsafe class Lz4Library
{
    public const uint Version = 100; // LZ4F_VERSION

    private static readonly NativeCodecLibrary Library =
        new("lz4", ["liblz4.so.1", "liblz4.so", "liblz4.1.dylib", "liblz4.dll"], "apt-get install liblz4-1");

    private static readonly Lazy<Functions> Loaded = new(() => new Functions(Library), LazyThreadSafetyMode.PublicationOnly);

    /// <exception cref="CompressionUnavailableException">liblz4 is missing.</exception>
    public static Functions Api => Loaded.Value;

    internal sealed class Functions(NativeCodecLibrary library)
    {
        public readonly delegate* unmanaged[Cdecl]<nuint, uint> IsError =
            (delegate* unmanaged[Cdecl]<nuint, uint>)library.Function("LZ4F_isError");

        public readonly delegate* unmanaged[Cdecl]<nuint, Preferences*, nuint> CompressFrameBound =
            (delegate* unmanaged[Cdecl]<nuint, Preferences*, nuint>)library.Function("LZ4F_compressFrameBound");

        public readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, Preferences*, nuint> CompressFrame =
            (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, Preferences*, nuint>)library.Function("LZ4F_compressFrame");

        public readonly delegate* unmanaged[Cdecl]<nint*, uint, nuint> CreateDecompression =
            (delegate* unmanaged[Cdecl]<nint*, uint, nuint>)library.Function("LZ4F_createDecompressionContext");

        public readonly delegate* unmanaged[Cdecl]<nint, nuint> FreeDecompression =
            (delegate* unmanaged[Cdecl]<nint, nuint>)library.Function("LZ4F_freeDecompressionContext");

        public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint*, byte*, nuint*, void*, nuint> Decompress =
            (delegate* unmanaged[Cdecl]<nint, byte*, nuint*, byte*, nuint*, void*, nuint>)library.Function("LZ4F_decompress");
    }

    /// <summary>LZ4F_preferences_t, with its LZ4F_frameInfo_t in place.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Preferences
    {
        public uint BlockSizeId;
        public uint BlockMode;
        public uint ContentChecksum;
        public uint FrameType;
        public ulong ContentSize;
        public uint DictId;
        public uint BlockChecksum;
        public int CompressionLevel;
        public uint AutoFlush;
        public uint FavorDecompressionSpeed;
        private fixed uint _reserved[3];
    }
}

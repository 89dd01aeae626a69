namespace ActorBroker.Protocol.Records.Compression;

/// <summary>zstd (KIP-110), by the native libzstd.</summary>
internal sealed unsafe class ZstdCompressor : ICompressor
{
    private const int DefaultLevel = 3;

    /// <summary>
    /// The window that a frame may ask the library to hold, besides the output: 8 MiB, what RFC 8878 wants of every
    /// reader.
    /// </summary>
    private const int MaxWindowLog = 23;

    public CompressionCodec Codec => CompressionCodec.Zstd;

    public void Compress(ReadOnlySpan<byte> records, PooledBuffer output, int? level = null)
    {
        var zstd = ZstdLibrary.Api;
        var span = output.GetSpan(checked((int)zstd.CompressBound((nuint)records.Length)));
        fixed (byte* source = records)
        fixed (byte* target = span)
        {
            var written = zstd.Compress(target, (nuint)span.Length, source, (nuint)records.Length, level ?? DefaultLevel);
            if (zstd.IsError(written) != 0) throw new InvalidOperationException("libzstd refused to compress");
            output.Advance((int)written);
        }
    }

    public void Decompress(ReadOnlySpan<byte> compressed, PooledBuffer output)
    {
        var zstd = ZstdLibrary.Api;
        var context = zstd.CreateDecompression();
        if (context == 0) throw new InvalidOperationException("libzstd gave no context");
        try
        {
            zstd.SetParameter(context, ZstdLibrary.WindowLogMax, MaxWindowLog);
            fixed (byte* source = compressed)
            {
                var input = new ZstdLibrary.InBuffer { Source = source, Size = (nuint)compressed.Length };
                Decompress(zstd, context, &input, output);
            }
        }
        finally
        {
            zstd.FreeDecompression(context);
        }
    }

    private static void Decompress(ZstdLibrary.Functions zstd, nint context, ZstdLibrary.InBuffer* input, PooledBuffer output)
    {
        Span<byte> probe = stackalloc byte[1]; // A full output still has to see the end of the frame.
        nuint expected;
        do
        {
            var span = output.IsFull ? probe : output.GetSpan();
            var before = input->Position;
            nuint written;
            fixed (byte* target = span)
            {
                var buffer = new ZstdLibrary.OutBuffer { Target = target, Size = (nuint)span.Length };
                expected = zstd.Decompress(context, &buffer, input);
                written = buffer.Position;
            }
            if (zstd.IsError(expected) != 0)
                throw new RecordFormatException(ErrorCode.CorruptMessage, "The records are not a zstd frame");
            if (written > 0 && output.IsFull) throw output.TooLarge();
            output.Advance((int)written);
            if (written == 0 && input->Position == before) break;
        }
        while (expected != 0 || input->Position < input->Size);
        if (expected != 0) throw new RecordFormatException(ErrorCode.CorruptMessage, "The records end within a zstd frame");
    }
}

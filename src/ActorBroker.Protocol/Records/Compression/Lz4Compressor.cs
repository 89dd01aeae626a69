namespace ActorBroker.Protocol.Records.Compression;

/// <summary>
/// lz4 frames (KIP-57), by the native liblz4. Written with independent blocks of 64 KiB, the only kind that Java's
/// client reads.
/// </summary>
internal sealed unsafe class Lz4Compressor : ICompressor
{
    private const uint Block64KiB = 4; // LZ4F_max64KB
    private const int FastLevel = 0;
    private const uint IndependentBlocks = 1; // LZ4F_blockIndependent

    public CompressionCodec Codec => CompressionCodec.Lz4;

    public void Compress(ReadOnlySpan<byte> records, PooledBuffer output, int? level = null)
    {
        var lz4 = Lz4Library.Api;
        var preferences = new Lz4Library.Preferences
        {
            BlockSizeId = Block64KiB,
            BlockMode = IndependentBlocks,
            CompressionLevel = level ?? FastLevel,
        };
        var span = output.GetSpan(checked((int)lz4.CompressFrameBound((nuint)records.Length, &preferences)));
        fixed (byte* source = records)
        fixed (byte* target = span)
        {
            var written = lz4.CompressFrame(target, (nuint)span.Length, source, (nuint)records.Length, &preferences);
            if (lz4.IsError(written) != 0) throw new InvalidOperationException("liblz4 refused to compress");
            output.Advance((int)written);
        }
    }

    public void Decompress(ReadOnlySpan<byte> compressed, PooledBuffer output)
    {
        var lz4 = Lz4Library.Api;
        nint context = 0;
        if (lz4.IsError(lz4.CreateDecompression(&context, Lz4Library.Version)) != 0)
            throw new InvalidOperationException("liblz4 gave no context");
        try
        {
            fixed (byte* source = compressed) Decompress(lz4, context, source, compressed.Length, output);
        }
        finally
        {
            lz4.FreeDecompression(context);
        }
    }

    private static void Decompress(Lz4Library.Functions lz4, nint context, byte* source, int length, PooledBuffer output)
    {
        Span<byte> probe = stackalloc byte[1]; // A full output still has to see the end of the frame.
        var consumed = 0;
        nuint expected;
        do
        {
            var span = output.IsFull ? probe : output.GetSpan();
            var written = (nuint)span.Length;
            var read = (nuint)(length - consumed);
            fixed (byte* target = span) expected = lz4.Decompress(context, target, &written, source + consumed, &read, null);
            if (lz4.IsError(expected) != 0)
                throw new RecordFormatException(ErrorCode.CorruptMessage, "The records are not an lz4 frame");
            if (written > 0 && output.IsFull) throw output.TooLarge();
            output.Advance((int)written);
            consumed += (int)read;
            if (read == 0 && written == 0) break;
        }
        while (expected != 0 || consumed < length);
        if (expected != 0) throw new RecordFormatException(ErrorCode.CorruptMessage, "The records end within an lz4 frame");
    }
}

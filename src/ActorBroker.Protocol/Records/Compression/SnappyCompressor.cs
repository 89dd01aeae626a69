using System.Buffers.Binary;
using IronSnappy;

namespace ActorBroker.Protocol.Records.Compression;

/// <summary>
/// Snappy. Written, as by Java's client, in the framing of xerial's snappy-java: a 16-byte header, then blocks of
/// 32 KiB, each after its compressed size. Read in that framing or as one raw block.
/// </summary>
internal sealed class SnappyCompressor : ICompressor
{
    private const int BlockBytes = 32 << 10;
    private const int FrameVersion = 1;

    /// <summary>A copy of 64 bytes takes 3, so no input of Snappy becomes more than 22 times as long.</summary>
    private const int MaxRatio = 22;

    private static ReadOnlySpan<byte> Magic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    private const int FrameHeaderBytes = 16;

    public CompressionCodec Codec => CompressionCodec.Snappy;

    public void Compress(ReadOnlySpan<byte> records, PooledBuffer output, int? level = null)
    {
        var header = output.GetSpan(FrameHeaderBytes);
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], FrameVersion);
        BinaryPrimitives.WriteInt32BigEndian(header[12..], FrameVersion); // The oldest version that can read it.
        output.Advance(FrameHeaderBytes);
        while (!records.IsEmpty)
        {
            var block = records[..Math.Min(BlockBytes, records.Length)];
            var packed = Snappy.Encode(block);
            BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), packed.Length);
            output.Advance(sizeof(int));
            output.Write(packed);
            records = records[block.Length..];
        }
    }

    public void Decompress(ReadOnlySpan<byte> compressed, PooledBuffer output)
    {
        if (!compressed.StartsWith(Magic))
        {
            DecompressBlock(compressed, output);
            return;
        }
        if (compressed.Length < FrameHeaderBytes) throw Corrupt();
        compressed = compressed[FrameHeaderBytes..];
        while (!compressed.IsEmpty)
        {
            if (!BinaryPrimitives.TryReadInt32BigEndian(compressed, out var length)) throw Corrupt();
            compressed = compressed[sizeof(int)..];
            if (length < 0 || length > compressed.Length) throw Corrupt();
            DecompressBlock(compressed[..length], output);
            compressed = compressed[length..];
        }
    }

    private static void DecompressBlock(ReadOnlySpan<byte> block, PooledBuffer output)
    {
        if (!TryReadLength(block, out var length) || length > (long)MaxRatio * block.Length) throw Corrupt();
        if (length > output.MaxBytes - output.Length) throw output.TooLarge();
        byte[] plain;
        try
        {
            plain = Snappy.Decode(block);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw Corrupt(e); // The library says it in several ways, index errors included.
        }
        if (plain.Length != length) throw Corrupt();
        output.Write(plain);
    }

    /// <summary>Reads the decompressed size that a raw block starts with: unsigned, 7 bits per byte, at most 32 bits.</summary>
    private static bool TryReadLength(ReadOnlySpan<byte> block, out uint length)
    {
        var value = 0UL;
        for (var i = 0; i < 5 && i < block.Length; i++)
        {
            value |= (ulong)(block[i] & 0x7F) << (7 * i);
            if (block[i] >= 0x80) continue;
            length = (uint)value;
            return value <= uint.MaxValue;
        }
        length = 0;
        return false;
    }

    private static RecordFormatException Corrupt(Exception? inner = null) =>
        new(ErrorCode.CorruptMessage, "The records are not Snappy", inner);
}

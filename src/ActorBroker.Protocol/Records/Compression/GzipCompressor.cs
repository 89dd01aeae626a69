using System.IO.Compression;

namespace ActorBroker.Protocol.Records.Compression;

/// <summary>gzip (RFC 1952), by .NET's zlib.</summary>
internal sealed class GzipCompressor : ICompressor
{
    private const int DefaultLevel = -1; // zlib's own, which is 6

    public CompressionCodec Codec => CompressionCodec.Gzip;

    public void Compress(ReadOnlySpan<byte> records, PooledBuffer output, int? level = null)
    {
        var options = new ZLibCompressionOptions { CompressionLevel = level ?? DefaultLevel };
        using var gzip = new GZipStream(new PooledBufferStream(output), options);
        gzip.Write(records);
    }

    public unsafe void Decompress(ReadOnlySpan<byte> compressed, PooledBuffer output)
    {
        fixed (byte* start = compressed)
        {
            using var input = new UnmanagedMemoryStream(start, compressed.Length);
            using var gzip = new GZipStream(input, CompressionMode.Decompress);
            try
            {
                Span<byte> probe = stackalloc byte[1]; // A full output still has to see the end of the stream.
                while (gzip.Read(output.IsFull ? probe : output.GetSpan()) is var read and > 0)
                {
                    if (output.IsFull) throw output.TooLarge();
                    output.Advance(read);
                }
            }
            catch (InvalidDataException e)
            {
                throw new RecordFormatException(ErrorCode.CorruptMessage, "The records are not gzip", e);
            }
        }
    }
}

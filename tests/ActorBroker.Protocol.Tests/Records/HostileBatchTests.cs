using ActorBroker.Protocol.Records;
using ActorBroker.Protocol.Records.Compression;

namespace ActorBroker.Protocol.Tests.Records;

/// <summary>
/// Bytes from a client that is broken or means harm: only this folder's error comes out, and memory stays bounded.
/// </summary>
public sealed class HostileBatchTests
{
    private const int Limit = 1 << 20;

    public static TheoryData<CompressionCodec> Codecs() =>
        [.. Enum.GetValues<CompressionCodec>().Where(c => c != CompressionCodec.None)];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void A_bomb_stops_at_the_bound(CompressionCodec codec)
    {
        var batch = Compressed(codec, new byte[32 << 20]);
        Batch.Read(batch, 33 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<RecordFormatException>(() => Batch.Read(batch, Limit));

        Assert.Equal(ErrorCode.MessageTooLarge, error.Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * Limit);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Exactly_the_bound_is_allowed(CompressionCodec codec)
    {
        var plain = new byte[100_000];
        using var packed = new PooledBuffer();
        Compressors.For(codec).Compress(plain, packed);

        using var exact = new PooledBuffer(plain.Length);
        Compressors.For(codec).Decompress(packed.WrittenSpan, exact);
        Assert.Equal(plain.Length, exact.Length);

        using var less = new PooledBuffer(plain.Length - 1);
        var error = Assert.Throws<RecordFormatException>(() => Compressors.For(codec).Decompress(packed.WrittenSpan, less));
        Assert.Equal(ErrorCode.MessageTooLarge, error.Code);
    }

    [Fact]
    public void A_snappy_block_that_claims_a_gigabyte_allocates_nothing()
    {
        using var output = new PooledBuffer(int.MaxValue);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<RecordFormatException>(() =>
            Compressors.For(CompressionCodec.Snappy).Decompress([0x80, 0x80, 0x80, 0x80, 0x04, 0, 0], output));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Mutated_batches_give_records_or_the_formats_error(CompressionCodec codec)
    {
        var random = new Random((int)codec);
        var original = Compressed(codec, string.Concat(Enumerable.Repeat("some words and more words; ", 200)).Utf8());
        for (var i = 0; i < 3_000; i++)
        {
            var batch = (byte[])original.Clone();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                batch[random.Next(RecordBatchHeader.SizeBytes, batch.Length)] = (byte)random.Next(256);
            ReadOrFail(batch);
            ReadOrFail(original.AsSpan(0, original.Length - random.Next(1, 50)));
        }
    }

    [Fact]
    public void Random_bytes_give_records_or_the_formats_error()
    {
        var random = new Random(11);
        var valid = Batch.Of("a", "b");
        for (var i = 0; i < 20_000; i++)
        {
            var batch = new byte[random.Next(0, 200)];
            random.NextBytes(batch);
            if (batch.Length >= RecordBatchHeader.SizeBytes && i % 2 == 0)
            {
                // A plausible header, so that the records are reached.
                valid.AsSpan(0, RecordBatchHeader.SizeBytes).CopyTo(batch);
                var header = Batch.HeaderOf(batch) with
                {
                    LengthAfterPrefix = batch.Length - 12,
                    Attributes = new((short)(i % 8)),
                    RecordCount = i % 5,
                };
                header.Write(batch);
            }
            ReadOrFail(batch);
            RecordBatchValidator.CheckProduce(batch, 11, out _);
            RecordBatchValidator.CheckStored(batch, out _);
        }
    }

    [Fact]
    public void Headers_that_do_not_fill_their_record_are_refused()
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(1, OptionalBytes.Null, "v".Utf8(), [new("name", [1, 2, 3])]);
        var batch = builder.Build();
        batch[^4]++; // the header value's length
        Assert.Throws<RecordFormatException>(() => Batch.Read(batch));
    }

    [Fact]
    public void A_missing_native_library_is_named_with_its_package()
    {
        var library = new NativeCodecLibrary("zstd", ["libno-such-codec.so.9"], "apt-get install libzstd1");
        var error = Assert.Throws<CompressionUnavailableException>(() => library.Function("ZSTD_isError"));
        Assert.Equal(ErrorCode.UnsupportedCompressionType, error.Code);
        Assert.Contains("libno-such-codec.so.9", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libzstd1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_codec_without_a_name_is_unsupported() =>
        Assert.Equal(ErrorCode.UnsupportedCompressionType,
            Assert.Throws<RecordFormatException>(() => Batch.Read(Batch.Of("a").With(h => h with { Attributes = new(7) }))).Code);

    private static byte[] Compressed(CompressionCodec codec, byte[] value)
    {
        using var builder = new RecordBatchBuilder(new() { Codec = codec });
        builder.Append(1000, "key".Utf8(), value);
        return builder.Build();
    }

    private static void ReadOrFail(ReadOnlySpan<byte> batch)
    {
        try
        {
            Batch.Read(batch, Limit);
        }
        catch (RecordFormatException)
        {
            // What such bytes may give.
        }
    }
}

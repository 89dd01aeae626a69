using ActorBroker.Protocol.Records;
using ActorBroker.Protocol.Records.Compression;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Protocol.Tests.Records;

public sealed class RecordBatchRoundTripTests
{
    public static TheoryData<CompressionCodec> Codecs() => [.. Enum.GetValues<CompressionCodec>()];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Any_records_come_back_as_they_were_written(CompressionCodec codec) =>
        Prop.ForAll<NonEmptyArray<Written>>(nonEmpty =>
        {
            var written = nonEmpty.Get;
            using var builder = new RecordBatchBuilder(new() { Codec = codec, BaseOffset = new(1000) });
            foreach (var w in written) builder.Append(w.TimestampMs, w.Key, w.Value, w.ToHeaders());
            var batch = builder.Build();

            Assert.True(RecordBatchValidator.CheckStored(batch, out var header).IsNone);
            Assert.Equal(written.Length, header.RecordCount);
            var read = Batch.Read(batch);
            Assert.Equal(written.Length, read.Count);
            for (var i = 0; i < written.Length; i++) written[i].AssertReadAs(read[i], new(1000 + i));
        }).QuickCheckThrowOnFailure();

    public static TheoryData<CompressionCodec, CompressionCodec> CodecPairs()
    {
        var pairs = new TheoryData<CompressionCodec, CompressionCodec>();
        foreach (var from in Enum.GetValues<CompressionCodec>())
            foreach (var to in Enum.GetValues<CompressionCodec>()) pairs.Add(from, to);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(CodecPairs))]
    public void A_batch_is_stored_with_another_codec_and_all_else_stays(CompressionCodec from, CompressionCodec to)
    {
        var options = new RecordBatchOptions
        {
            Codec = from,
            ProducerId = 7,
            ProducerEpoch = 1,
            BaseSequence = 5,
            BaseOffset = new(3),
        };
        var batch = Batch.Of(options, "a", "b", "c");

        var stored = new StoredCompression(to).Apply(batch, maxDecompressedBytes: 1000);

        Assert.True(RecordBatchValidator.CheckStored(stored, out var header).IsNone);
        var before = Batch.HeaderOf(batch);
        Assert.Equal(
            before with { Attributes = new((short)to), Crc = header.Crc, LengthAfterPrefix = header.LengthAfterPrefix }, header);
        Assert.Equal(
            Batch.Read(batch).Select(r => (r.Offset, r.TimestampMs, r.Text)),
            Batch.Read(stored).Select(r => (r.Offset, r.TimestampMs, r.Text)));
    }

    [Theory]
    [InlineData(CompressionCodec.Gzip, 1, 9)]
    [InlineData(CompressionCodec.Lz4, 1, 12)]
    [InlineData(CompressionCodec.Zstd, 1, 19)]
    public void A_higher_level_packs_tighter(CompressionCodec codec, int low, int high)
    {
        var random = new Random(5);
        var words = string.Join(' ', Enumerable.Range(0, 20_000).Select(_ => $"word{random.Next(500)}"));
        var batch = Batch.Of(words);
        Assert.True(
            new StoredCompression(codec, high).Apply(batch, Batch.NoLimit).Length < new StoredCompression(codec, low)
                .Apply(batch, Batch.NoLimit).Length);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Much_text_and_much_noise_come_back(CompressionCodec codec)
    {
        var noise = new byte[300_000];
        new Random(7).NextBytes(noise);
        var text = string.Concat(Enumerable.Repeat("a line of a log that repeats itself\n", 20_000)).Utf8();
        using var builder = new RecordBatchBuilder(new() { Codec = codec });
        builder.Append(1, noise, text);
        builder.Append(1, text, noise);

        var read = Batch.Read(builder.Build());

        Assert.Equal([noise, text], read.Select(r => r.Key!));
        Assert.Equal([text, noise], read.Select(r => r.Value!));
    }

    [Theory]
    [InlineData(0L, 1)]
    [InlineData(-1L, 1)]
    [InlineData(63L, 1)]
    [InlineData(-64L, 1)]
    [InlineData(64L, 2)]
    [InlineData(int.MaxValue, 5)]
    [InlineData(int.MinValue, 5)]
    [InlineData(long.MaxValue, 10)]
    [InlineData(long.MinValue, 10)]
    public void Varints_have_their_sizes(long value, int bytes)
    {
        Span<byte> buffer = stackalloc byte[ZigZag.MaxBytesOfInt64];
        Assert.Equal(bytes, ZigZag.SizeOf(value));
        Assert.Equal(bytes, ZigZag.Write(buffer, value));
        var position = 0;
        Assert.True(ZigZag.TryReadInt64(buffer, ref position, out var read));
        Assert.Equal(value, read);
        Assert.Equal(bytes, position);
        position = 0;
        Assert.Equal(value == (int)value, ZigZag.TryReadInt32(buffer[..bytes], ref position, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FFFFFFFFFFFFFFFFFF")]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF01")]
    public void Cut_or_overlong_varints_are_none(string hex)
    {
        var position = 0;
        Assert.False(ZigZag.TryReadInt64(Convert.FromHexString(hex), ref position, out _));
    }

    [Fact]
    public void Compaction_can_leave_gaps_and_empty_batches()
    {
        using var builder = new RecordBatchBuilder(new() { BaseOffset = new(10), Codec = CompressionCodec.Gzip });
        builder.AppendAt(3, 1000, "k".Utf8(), "v".Utf8());
        builder.EndAt(9);
        var batch = builder.Build();
        Assert.Equal(new Offset(19), Batch.HeaderOf(batch).LastOffset);
        Assert.Equal(new Offset(13), Assert.Single(Batch.Read(batch)).Offset);

        using var empty = new RecordBatchBuilder(new() { BaseOffset = new(10), Codec = CompressionCodec.Gzip });
        empty.EndAt(9);
        Assert.True(RecordBatchValidator.CheckStored(empty.Build(), out _).IsNone);
        Assert.Empty(Batch.Read(empty.Build()));
    }

    [Theory]
    [InlineData(ControlRecordType.Abort)]
    [InlineData(ControlRecordType.Commit)]
    public void Markers_of_transactions_are_read_back(ControlRecordType type)
    {
        var batch = new ControlRecord(type, CoordinatorEpoch: 7).ToBatch(1000, producerId: 5, producerEpoch: 2);
        var header = Batch.HeaderOf(batch);
        Assert.True(header.Attributes is { IsControl: true, IsTransactional: true });
        Assert.Equal((5L, (short)2, -1), (header.ProducerId, header.ProducerEpoch, header.BaseSequence));

        using var records = RecordBatchReader.Open(batch, Batch.NoLimit);
        foreach (var record in records)
        {
            Assert.True(ControlRecord.TryRead(record, out var control));
            Assert.Equal(new(type, 7), control);
        }
    }

    [Fact]
    public void Batches_in_a_row_are_split_and_a_cut_last_one_is_left_out()
    {
        byte[] first = Batch.Of("a"), second = Batch.Of("b", "c"), third = Batch.Of("d");
        var seen = new List<(int Position, int Records)>();
        foreach (var slice in new RecordBatches([.. first, .. second, .. third.AsSpan(0, third.Length - 1)]))
            seen.Add((slice.Position, slice.Header.RecordCount));
        Assert.Equal([(0, 1), (first.Length, 2)], seen);
    }

    public sealed record Written(long TimestampMs, byte[]? Key, byte[]? Value, (NonNull<string> Key, byte[]? Value)[] Headers)
    {
        public RecordHeader[] ToHeaders() => Headers.Select(h => new RecordHeader(Clean(h.Key.Get), h.Value)).ToArray();

        internal void AssertReadAs(CopiedRecord read, Offset offset)
        {
            Assert.Equal(offset, read.Offset);
            Assert.Equal(TimestampMs, read.TimestampMs);
            Assert.Equal(Key, read.Key);
            Assert.Equal(Value, read.Value);
            Assert.Equal(
                ToHeaders().Select(h => new CopiedHeader(h.Key, h.Value is null ? null : Convert.ToHexString(h.Value))),
                read.Headers);
        }

        /// <summary>Without halves of surrogate pairs, which UTF-8 cannot hold.</summary>
        private static string Clean(string text) => new([.. text.Where(c => !char.IsSurrogate(c))]);
    }
}

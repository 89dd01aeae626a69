using ActorBroker.Protocol.Records;

namespace ActorBroker.Protocol.Tests.Records;

public sealed class RecordBatchHeaderTests
{
    private static readonly RecordBatchHeader Sample = new()
    {
        BaseOffset = new(0x0102030405060708),
        LengthAfterPrefix = 49,
        LeaderEpoch = new(0x11121314),
        Magic = 2,
        Crc = 0xA1A2A3A4,
        Attributes = new(0x0035),
        LastOffsetDelta = 2,
        BaseTimestampMs = 0x2122232425262728,
        MaxTimestampMs = 0x3132333435363738,
        ProducerId = 0x4142434445464748,
        ProducerEpoch = 0x5152,
        BaseSequence = 0x61626364,
        RecordCount = 3,
    };

    [Fact]
    public void Fields_lie_where_the_format_says()
    {
        var bytes = new byte[RecordBatchHeader.SizeBytes];
        Sample.Write(bytes);
        Assert.Equal(
            "0102030405060708" + "00000031" + "11121314" + "02" + "A1A2A3A4" + "0035" + "00000002" + "2122232425262728"
            + "3132333435363738" + "4142434445464748" + "5152" + "61626364" + "00000003",
            Convert.ToHexString(bytes));
        Assert.True(RecordBatchHeader.TryRead(bytes, out var read));
        Assert.Equal(Sample, read);
    }

    [Fact]
    public void Sixty_bytes_are_no_header() => Assert.False(RecordBatchHeader.TryRead(new byte[60], out _));

    [Fact]
    public void Attributes_have_their_bits()
    {
        Assert.Equal(CompressionCodec.None, new RecordBatchAttributes(0).Codec);
        Assert.Equal(CompressionCodec.Zstd, new RecordBatchAttributes(4).Codec);
        Assert.Equal(TimestampType.LogAppendTime, new RecordBatchAttributes(8).TimestampType);
        Assert.True(new RecordBatchAttributes(16).IsTransactional);
        Assert.True(new RecordBatchAttributes(32).IsControl);
        Assert.True(new RecordBatchAttributes(64).HasDeleteHorizon);
        Assert.Equal(
            new RecordBatchAttributes(0x3B),
            RecordBatchAttributes.Of(CompressionCodec.Lz4, TimestampType.LogAppendTime, true, true));
    }

    [Fact]
    public void Last_offset_and_sequence_follow_from_the_delta_and_wrap_to_zero()
    {
        var header = Sample with { BaseOffset = new(100), LastOffsetDelta = 4, BaseSequence = int.MaxValue - 1 };
        Assert.Equal(new Offset(104), header.LastOffset);
        Assert.Equal(new Offset(105), header.NextOffset);
        Assert.Equal(2, header.LastSequence);
        Assert.Equal(-1, (header with { BaseSequence = -1 }).LastSequence);
    }

    [Fact]
    public void A_batch_gets_its_offset_and_epoch_without_a_new_crc()
    {
        var batch = Batch.Of("a", "b");
        var before = Batch.HeaderOf(batch);
        RecordBatchPatch.AssignOffset(batch, new(77), new(5));

        Assert.Equal(before with { BaseOffset = new(77), LeaderEpoch = new(5) }, Batch.HeaderOf(batch));
        Assert.True(RecordBatchValidator.CheckStored(batch, out _).IsNone);
        Assert.Equal([77, 78], Batch.Read(batch).Select(r => r.Offset.Value));
    }

    [Fact]
    public void Log_append_time_holds_for_all_records_and_the_crc_stays_right()
    {
        var batch = Batch.Of("a", "b");
        RecordBatchPatch.StampLogAppendTime(batch, 123_456_789);

        Assert.Equal(TimestampType.LogAppendTime, Batch.HeaderOf(batch).Attributes.TimestampType);
        Assert.True(RecordBatchValidator.CheckStored(batch, out _).IsNone);
        Assert.All(Batch.Read(batch), r => Assert.Equal(123_456_789, r.TimestampMs));
    }

    [Fact]
    public void A_corrected_maximum_timestamp_leaves_the_records_theirs()
    {
        var batch = Batch.Of("a", "b").With(h => h with { MaxTimestampMs = 5 });
        RecordBatchPatch.SetMaxTimestamp(batch, 1001);

        Assert.Equal(1001, Batch.HeaderOf(batch).MaxTimestampMs);
        Assert.True(RecordBatchValidator.CheckStored(batch, out _).IsNone);
        Assert.Equal([1000, 1001], Batch.Read(batch).Select(r => r.TimestampMs));
    }
}

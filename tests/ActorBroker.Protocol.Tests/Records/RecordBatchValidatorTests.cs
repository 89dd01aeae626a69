using ActorBroker.Protocol.Records;

namespace ActorBroker.Protocol.Tests.Records;

public sealed class RecordBatchValidatorTests
{
    private const short LatestProduce = 11;
    private static readonly TopicRecordRules Rules = TopicRecordRules.Default;

    [Fact]
    public void A_producers_batch_is_accepted()
    {
        Assert.Equal(default, RecordBatchValidator.CheckProduce(Batch.Of("a", "b", "c"), LatestProduce, out var header));
        Assert.Equal(3, header.RecordCount);
    }

    [Fact]
    public void Every_flipped_bit_behind_the_crc_is_found()
    {
        var batch = Batch.Of("some value");
        for (var i = 17; i < batch.Length; i++)
        {
            batch[i] ^= 4;
            Assert.Equal(ErrorCode.CorruptMessage, Check(batch));
            batch[i] ^= 4;
        }
    }

    [Fact]
    public void Every_cut_is_found()
    {
        var batch = Batch.Of("some value");
        for (var length = 0; length < batch.Length; length++)
            Assert.Equal(ErrorCode.CorruptMessage, Check(batch[..length]));
    }

    [Fact]
    public void Other_formats_and_more_than_one_batch_are_invalid()
    {
        var batch = Batch.Of("a");
        Assert.Equal(ErrorCode.InvalidRecord, Check(batch.With(h => h with { Magic = 1 })));
        Assert.Equal(ErrorCode.InvalidRecord, Check([.. batch, .. batch]));
        Assert.Equal(ErrorCode.InvalidRecord, Check([.. batch, 0]));
    }

    [Fact]
    public void A_length_below_the_header_is_corrupt()
    {
        Assert.Equal(ErrorCode.CorruptMessage, Check(Batch.Of("a").With(h => h with { LengthAfterPrefix = 48 })));
        Assert.Equal(ErrorCode.CorruptMessage, Check(Batch.Of("a").With(h => h with { LengthAfterPrefix = -1 })));
        Assert.Equal(ErrorCode.CorruptMessage, Check(Batch.Of("a").With(h => h with { LengthAfterPrefix = int.MaxValue })));
    }

    [Fact]
    public void Fields_that_only_a_broker_may_set_are_refused()
    {
        var batch = Batch.Of("a", "b");
        Assert.Equal(ErrorCode.InvalidRecord, Check(batch.With(h => h with { BaseOffset = new(1) })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(batch.With(h => h with { Attributes = new(32) })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(batch.With(h => h with { Attributes = new(64) })));
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(-1, 1)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(1, 0)]
    public void A_count_that_is_not_the_records_is_refused(int count, int lastOffsetDelta) =>
        Assert.Equal(ErrorCode.InvalidRecord,
            Check(Batch.Of("a", "b").With(h => h with { RecordCount = count, LastOffsetDelta = lastOffsetDelta })));

    [Fact]
    public void Inner_offsets_with_a_gap_are_refused()
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(1, OptionalBytes.Null, "a".Utf8());
        builder.AppendAt(2, 1, OptionalBytes.Null, "b".Utf8());
        Assert.Equal(ErrorCode.InvalidRecord, Check(builder.Build().With(h => h with { LastOffsetDelta = 1 })));
    }

    [Fact]
    public void An_idempotent_producer_sends_epoch_and_sequence()
    {
        var batch = Batch.Of(new RecordBatchOptions { ProducerId = 5, ProducerEpoch = 0, BaseSequence = 9 }, "a");
        Assert.Equal(ErrorCode.None, Check(batch));
        Assert.Equal(ErrorCode.InvalidRecord, Check(batch.With(h => h with { BaseSequence = -1 })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(batch.With(h => h with { ProducerEpoch = -1 })));
        Assert.Equal(ErrorCode.InvalidRecord, Check(batch.With(h => h with { Attributes = new(16), ProducerId = -1 })));
    }

    [Fact]
    public void Zstd_needs_a_produce_version_that_knows_it()
    {
        var batch = Batch.Of("a").With(h => h with { Attributes = new(4) });
        Assert.Equal(ErrorCode.UnsupportedCompressionType, RecordBatchValidator.CheckProduce(batch, 6, out _).Code);
        Assert.Equal(ErrorCode.None, RecordBatchValidator.CheckProduce(batch, 7, out _).Code);
        Assert.Equal(ErrorCode.UnsupportedCompressionType, Check(Batch.Of("a").With(h => h with { Attributes = new(5) })));
    }

    [Fact]
    public void Size_limits_are_those_of_the_topic()
    {
        var batch = Batch.Of(new string('x', 1000));
        Assert.Equal(
            ErrorCode.None, CheckTopic(batch, Rules with { MaxMessageBytes = batch.Length, SegmentBytes = batch.Length }));
        Assert.Equal(ErrorCode.MessageTooLarge, CheckTopic(batch, Rules with { MaxMessageBytes = batch.Length - 1 }));
        Assert.Equal(ErrorCode.RecordListTooLarge, CheckTopic(batch, Rules with { SegmentBytes = batch.Length - 1 }));
    }

    [Fact]
    public void Timestamps_are_bounded_where_the_topic_takes_the_producers()
    {
        var batch = Batch.Of("a", "b"); // at 1000 and 1001
        Assert.Equal(ErrorCode.None, CheckTopic(batch, Rules with { TimestampAfterMaxMs = 1 }, nowMs: 1000));
        Assert.Equal(ErrorCode.InvalidTimestamp, CheckTopic(batch, Rules with { TimestampAfterMaxMs = 1 }, nowMs: 999));
        Assert.Equal(ErrorCode.None, CheckTopic(batch, Rules with { TimestampBeforeMaxMs = 10 }, nowMs: 1010));
        Assert.Equal(ErrorCode.InvalidTimestamp, CheckTopic(batch, Rules with { TimestampBeforeMaxMs = 10 }, nowMs: 1011));
        var appendTime =
            Rules with { TimestampType = TimestampType.LogAppendTime, TimestampBeforeMaxMs = 10, TimestampAfterMaxMs = 10 };
        Assert.Equal(ErrorCode.None, CheckTopic(batch, appendTime, nowMs: 5_000_000));
        Assert.Equal(ErrorCode.InvalidTimestamp, CheckTopic(batch.With(h => h with { Attributes = new(8) }), Rules, nowMs: 1000));
    }

    [Fact]
    public void A_lying_maximum_does_not_hide_a_record_from_a_topic_that_bounds_ages()
    {
        var batch = Batch.Of("a", "b").With(h => h with { MaxTimestampMs = -1 });
        Assert.Equal(
            ErrorCode.InvalidTimestamp,
            CheckTopic(batch, Rules with { TimestampAfterMaxMs = 10, TimestampBeforeMaxMs = 10 }, nowMs: 900));
    }

    [Theory]
    [InlineData(CompressionCodec.None)]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Snappy)]
    [InlineData(CompressionCodec.Lz4)]
    [InlineData(CompressionCodec.Zstd)]
    public void A_compacted_topic_names_the_records_without_a_key(CompressionCodec codec)
    {
        using var builder = new RecordBatchBuilder(new() { Codec = codec });
        builder.Append(1000, "k".Utf8(), "a".Utf8());
        builder.Append(1000, OptionalBytes.Null, "b".Utf8());
        var batch = builder.Build();
        Assert.Equal(ErrorCode.None, Check(batch));

        Assert.True(RecordBatchHeader.TryRead(batch, out var header));
        var error = RecordBatchValidator.CheckTopic(batch, header, Rules with { RequiresKeys = true }, nowMs: 1000);

        Assert.Equal(ErrorCode.InvalidRecord, error.Code);
        Assert.Equal(1, Assert.Single(error.Records).Index);
    }

    private static ErrorCode Check(byte[] batch) => RecordBatchValidator.CheckProduce(batch, LatestProduce, out _).Code;

    private static ErrorCode CheckTopic(byte[] batch, TopicRecordRules rules, long nowMs = 1000) =>
        RecordBatchValidator.CheckTopic(batch, Batch.HeaderOf(batch), rules, nowMs).Code;
}

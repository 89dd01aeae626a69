using System.Buffers.Binary;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Tests.Acceptance;

/// <summary>Batches that must not be stored: each is refused with Kafka's code, and the next good one is taken.</summary>
public sealed class BadBatches : AcceptanceTest
{
    private const int LengthAt = 8, MagicAt = 16;

    public static TheoryData<string, ErrorCode> Kinds => new()
    {
        { "none", ErrorCode.CorruptMessage },
        { "half", ErrorCode.CorruptMessage },
        { "crc", ErrorCode.CorruptMessage },
        { "bit", ErrorCode.CorruptMessage },
        { "length too small", ErrorCode.CorruptMessage },
        { "length too large", ErrorCode.CorruptMessage },
        { "length negative", ErrorCode.CorruptMessage },
        { "magic 0", ErrorCode.InvalidRecord },
        { "magic 1", ErrorCode.InvalidRecord },
        { "two batches", ErrorCode.InvalidRecord },
        { "count too small", ErrorCode.InvalidRecord },
        { "count too large", ErrorCode.InvalidRecord },
        { "count 0", ErrorCode.InvalidRecord },
        { "last offset", ErrorCode.InvalidRecord },
        { "base offset", ErrorCode.InvalidRecord },
        { "control", ErrorCode.InvalidRecord },
        { "sequence", ErrorCode.InvalidRecord },
        { "codec", ErrorCode.UnsupportedCompressionType },
        { "future", ErrorCode.InvalidTimestamp },
        { "log append time", ErrorCode.InvalidTimestamp },
        { "too large", ErrorCode.MessageTooLarge },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_bad_batch_is_refused_with_its_code_and_a_reason(string kind, ErrorCode code)
    {
        await Client.CreateAsync("t", 1);
        await Client.ProduceAsync("t", 0, "before");
        var answer = await Client.TryProduceAsync("t", 0, Bad(kind));
        Assert.Equal(code, answer.ErrorCode);
        Assert.Equal(Offset.None, answer.BaseOffset);
        Assert.NotEmpty(answer.ErrorMessage!);
        Assert.Equal(1, await Client.ProduceAsync("t", 0, "after"));
        Assert.Equal(["before", "after"], await Client.ReadValuesAsync("t", 0));
    }

    [Fact]
    public async Task A_batch_that_is_too_old_for_the_topic_is_refused()
    {
        await Client.CreateAsync("t", 1, ("message.timestamp.before.max.ms", "3600000"));
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Assert.Equal(ErrorCode.InvalidTimestamp, await Client.ErrorOfProduceAsync("t", 0, TestBatch.At(now - 7_200_000, "old")));
        await Client.ProduceAsync("t", 0, TestBatch.At(now - 60_000, "new"));
    }

    [Fact]
    public async Task The_largest_batch_is_the_topics_own()
    {
        await Client.CreateAsync("small", 1, ("max.message.bytes", "1000"));
        await Client.CreateAsync("large", 1, ("max.message.bytes", "3000000"));
        var batch = TestBatch.Of(new string('x', 2_000_000));
        var refused = await Client.TryProduceAsync("small", 0, batch);
        Assert.Equal(ErrorCode.MessageTooLarge, refused.ErrorCode);
        Assert.Contains("max.message.bytes", refused.ErrorMessage, StringComparison.Ordinal);
        await Client.ProduceAsync("large", 0, batch);
        await Client.AlterAsync("small", "max.message.bytes", "3000000");
        await Client.ProduceAsync("small", 0, batch);
    }

    [Fact]
    public async Task A_batch_must_fit_into_a_segment()
    {
        await Client.CreateAsync("t", 1, ("segment.bytes", "1000"));
        Assert.Equal(ErrorCode.RecordListTooLarge, await Client.ErrorOfProduceAsync("t", 0, TestBatch.Of(new string('x', 1000))));
        await Client.ProduceAsync("t", 0, new string('x', 500));
    }

    [Theory]
    [InlineData(CompressionCodec.None)]
    [InlineData(CompressionCodec.Gzip)]
    [InlineData(CompressionCodec.Zstd)]
    public async Task A_compacted_topic_takes_no_record_without_a_key(CompressionCodec codec)
    {
        await Client.CreateAsync("t", 1, ("cleanup.policy", "compact"));
        var options = new RecordBatchOptions { Codec = codec };
        var refused = await Client.TryProduceAsync("t", 0, TestBatch.Of(options, "a", "b"));
        Assert.Equal(ErrorCode.InvalidRecord, refused.ErrorCode);
        Assert.Equal([0, 1], refused.RecordErrors.Select(e => e.BatchIndex));
        await Client.ProduceAsync("t", 0, TestBatch.Keyed("k", "v", options));
        await Client.ProduceAsync("t", 0, TestBatch.Keyed("k", null, options));
        Assert.Equal([("k", "v"), ("k", null)], (await Client.ReadAsync("t", 0)).Select(r => (r.Key, r.Value)));
    }

    [Fact]
    public async Task Zstd_is_for_clients_that_know_it()
    {
        await Client.CreateAsync("t", 1);
        var batch = TestBatch.Of(new RecordBatchOptions { Codec = CompressionCodec.Zstd }, "a");
        Assert.Equal(ErrorCode.UnsupportedCompressionType, await Client.ErrorOfProduceAsync("t", 0, batch, version: 6));
        Assert.Equal(ErrorCode.None, await Client.ErrorOfProduceAsync("t", 0, batch, version: 7));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    [InlineData(short.MaxValue)]
    public async Task Acks_are_0_1_or_all(short acks)
    {
        await Client.CreateAsync("t", 1);
        Assert.Equal(ErrorCode.InvalidRequiredAcks, await Client.ErrorOfProduceAsync("t", 0, TestBatch.Of("a"), acks));
        Assert.Empty(await Client.ReadAsync("t", 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public async Task A_partition_that_the_topic_lacks_is_unknown(int partition)
    {
        await Client.CreateAsync("t", 1);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await Client.ErrorOfProduceAsync("t", partition, TestBatch.Of("a")));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await Client.FetchAsync("t", partition, 0)).Head.ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await Client.TryOffsetAsync("t", partition, 0)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await Client.DeleteRecordsAsync("t", partition, 0)).ErrorCode);
    }

    [Fact]
    public async Task Clients_do_not_write_into_the_brokers_own_topics()
    {
        await Client.FindCoordinatorAsync("g");
        var batch = TestBatch.Keyed("k", "v");
        Assert.Equal(ErrorCode.InvalidTopicException, await Client.ErrorOfProduceAsync("__consumer_offsets", 0, batch));
    }

    private static byte[] Bad(string kind)
    {
        var good = TestBatch.Of("a", "b");
        return kind switch
        {
            "none" => [],
            "half" => good[..(good.Length / 2)],
            "crc" => Patched(good, 17, (byte)(good[17] ^ 1)),
            "bit" => Patched(good, good.Length - 3, (byte)(good[^3] ^ 1)),
            "length too small" => WithLength(good, 40),
            "length too large" => WithLength(good, good.Length),
            "length negative" => WithLength(good, -1),
            "magic 0" => Patched(good, MagicAt, 0),
            "magic 1" => Patched(good, MagicAt, 1),
            "two batches" => [.. good, .. good],
            "count too small" => TestBatch.With(good, h => h with { RecordCount = 1, LastOffsetDelta = 0 }),
            "count too large" => TestBatch.With(good, h => h with { RecordCount = 3, LastOffsetDelta = 2 }),
            "count 0" => TestBatch.With(good, h => h with { RecordCount = 0, LastOffsetDelta = -1 }),
            "last offset" => TestBatch.With(good, h => h with { LastOffsetDelta = 7 }),
            "base offset" => TestBatch.With(good, h => h with { BaseOffset = new(5) }),
            "control" => TestBatch.Of(new RecordBatchOptions { IsControl = true }, "a"),
            "sequence" => TestBatch.Of(new RecordBatchOptions { ProducerId = 5, ProducerEpoch = 0, BaseSequence = -1 }, "a"),
            "codec" => TestBatch.With(good, h => h with { Attributes = new(7) }),
            "future" => TestBatch.At(DateTimeOffset.UtcNow.AddHours(2).ToUnixTimeMilliseconds(), "a"),
            "log append time" => TestBatch.Of(new RecordBatchOptions { TimestampType = TimestampType.LogAppendTime }, "a"),
            "too large" => TestBatch.Of(new string('x', 1_100_000)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static byte[] WithLength(byte[] batch, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(LengthAt), length);
        return batch;
    }

    private static byte[] Patched(byte[] batch, int at, byte value)
    {
        batch[at] = value;
        return batch;
    }
}

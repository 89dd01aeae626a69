using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using static ActorBroker.Journal.Tests.Support.Seeds;

namespace ActorBroker.Journal.Tests.Segments;

public sealed class TimestampTests
{
    private readonly TestDisk _disk = new();

    [Fact]
    public void The_first_record_at_or_after_a_time_is_that_of_a_linear_scan() => ForAnySeed(seed =>
    {
        var random = new Random(seed);
        var disk = new TestDisk();
        var config = new LogConfig { SegmentBytes = 1000, IndexIntervalBytes = random.Next(300) };
        var log = disk.Open(config);
        var times = new List<long>();
        for (var i = 0; i < 50; i++)
        {
            var batch = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => (long)random.Next(1000)).ToArray();
            times.AddRange(batch);
            log.Append(TestBatch.Timed(batch));
        }
        if (random.Next(2) == 0)
        {
            log.Close(clean: true);
            log = disk.OpenClean(config);
        }
        log.HighWatermark = log.LogEndOffset;
        log.AdvanceLogStart(new(random.Next(30)), TestBatch.Time);
        var start = (int)log.LogStartOffset.Value;
        for (var time = -1; time < 1002; time += 7)
        {
            var expected = times.FindIndex(start, each => each >= time);
            var found = log.OffsetForTimestamp(time);
            Assert.Equal(expected, found?.Offset.Value ?? -1);
            if (expected >= 0) Assert.Equal(times[expected], found!.Value.TimestampMs);
        }
    });

    [Fact]
    public void The_record_with_the_highest_timestamp_is_the_first_of_several()
    {
        using var log = _disk.Open();
        Assert.Null(log.RecordWithMaxTimestamp());
        log.Append(TestBatch.Timed(5, 9, 7));
        log.Append(TestBatch.Timed(9, 8), epoch: 3);
        Assert.Equal(new FoundRecord(new(1), 9, new(0)), log.RecordWithMaxTimestamp());
    }

    [Fact]
    public void Compressed_batches_are_looked_into()
    {
        using var log = _disk.Open();
        using var builder = new RecordBatchBuilder(new RecordBatchOptions { Codec = CompressionCodec.Gzip });
        foreach (var time in new[] { 10, 20, 30 }) builder.Append(time, default, "value"u8.ToArray());
        log.Append(builder.Build());
        Assert.Equal(1, log.OffsetForTimestamp(15)!.Value.Offset.Value);
    }

    [Fact]
    public void With_LogAppendTime_the_brokers_time_is_stamped_and_the_crc_still_holds()
    {
        using var log = _disk.Open(new LogConfig { TimestampType = TimestampType.LogAppendTime });
        var batch = TestBatch.Timed(5, 6);
        var placement = log.Append(batch, nowMs: 7000);
        Assert.Equal(7000, placement.LogAppendTimeMs);
        var stored = TestBatch.Split(log.ReadAll()[0])[0];
        Assert.Equal(TimestampType.LogAppendTime, stored.Header.Attributes.TimestampType);
        Assert.Equal(7000, stored.Header.MaxTimestampMs);
        Assert.Equal(RecordBatchHeader.ComputeCrc(stored.Bytes), stored.Header.Crc);
        Assert.Equal(new FoundRecord(new(0), 7000, Epoch.Zero), log.OffsetForTimestamp(6999));
    }

    [Fact]
    public void A_damaged_time_index_hides_no_record_and_deletes_none_early()
    {
        var config = new LogConfig { SegmentBytes = 1000, IndexIntervalBytes = 100, RetentionMs = 1000 };
        var log = _disk.Open(config);
        for (var i = 0; i < 60; i++) log.Append(TestBatch.Of(1, timestampMs: TestBatch.Time + i));
        log.Close(clean: true);
        var index = _disk.PathOf(0, ".timeindex");
        for (var bit = 0; bit < _disk.Files.ReadAll(index).Length * 8; bit += 5)
        {
            _disk.Files.FlipBit(index, bit);
            using (var reopened = _disk.OpenClean(config))
            {
                for (var i = 0; i < 60; i += 4)
                    Assert.Equal(i, reopened.OffsetForTimestamp(TestBatch.Time + i)!.Value.Offset.Value);
                reopened.HighWatermark = reopened.LogEndOffset;
                Assert.Equal(0, reopened.ApplyRetention(TestBatch.Time + 1000).Segments);
            }
            _disk.Files.FlipBit(index, bit);
        }
    }
}

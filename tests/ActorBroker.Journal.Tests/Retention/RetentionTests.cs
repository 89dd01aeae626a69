using ActorBroker.Journal.Files;
using ActorBroker.Journal.Retention;
using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;
using static ActorBroker.Journal.Tests.Support.Seeds;

namespace ActorBroker.Journal.Tests.Retention;

public sealed class RetentionTests
{
    private static readonly int Batch = TestBatch.Of(1).Length;

    private readonly TestDisk _disk = new();

    [Fact]
    public void Segments_older_than_retention_ms_go()
    {
        using var log = Filled(new LogConfig { SegmentBytes = 10 * Batch, RetentionMs = 1000 });
        // Record i has the time Time + i.
        Assert.Equal(new RetentionResult(0, 0, RetentionReason.None), log.ApplyRetention(TestBatch.Time + 1009));
        Assert.Equal(new RetentionResult(1, 10 * Batch, RetentionReason.Age), log.ApplyRetention(TestBatch.Time + 1010));
        Assert.Equal(10, log.LogStartOffset.Value);
        Assert.Equal(9, log.SegmentCount);
    }

    [Fact]
    public void When_all_records_are_too_old_the_log_is_empty_and_goes_on_at_its_end()
    {
        using var log = Filled(new LogConfig { SegmentBytes = 10 * Batch, RetentionMs = 1000 });
        log.ApplyRetention(TestBatch.Time + 100_000);
        Assert.Equal(100, log.LogStartOffset.Value);
        Assert.Equal(100, log.LogEndOffset.Value);
        Assert.Equal(["00000000000000000100.log"], _disk.Names());
        Assert.Equal(100, log.Append(TestBatch.Of(1)).BaseOffset.Value);
        Assert.Equal(0, log.ApplyRetention(TestBatch.Time).Segments);
    }

    [Fact]
    public void The_oldest_segments_go_while_the_rest_still_has_retention_bytes()
    {
        using var log = Filled(new LogConfig { SegmentBytes = 10 * Batch, RetentionMs = -1, RetentionBytes = 35 * Batch });
        Assert.Equal(new RetentionResult(6, 60 * Batch, RetentionReason.Size), log.ApplyRetention(TestBatch.Time));
        Assert.Equal(40 * Batch, log.SizeBytes);
    }

    [Fact]
    public void Nothing_above_the_high_watermark_goes()
    {
        using var log = Filled(new LogConfig { SegmentBytes = 10 * Batch, RetentionMs = 1000 });
        log.HighWatermark = new(25);
        log.ApplyRetention(TestBatch.Time + 100_000);
        Assert.Equal(20, log.LogStartOffset.Value);
    }

    [Fact]
    public void Compacted_topics_lose_nothing_by_age()
    {
        using var log =
            Filled(new LogConfig { SegmentBytes = 10 * Batch, RetentionMs = 1, CleanupDelete = false, CleanupCompact = true });
        Assert.Equal(0, log.ApplyRetention(TestBatch.Time + 100_000).Segments);
    }

    [Fact]
    public void Deleted_records_are_gone_at_once_and_their_segments_with_them()
    {
        using var log = Filled(new LogConfig { SegmentBytes = 10 * Batch, RetentionMs = -1 });
        Assert.True(log.AdvanceLogStart(new(37), TestBatch.Time));
        Assert.Equal(37, log.LogStartOffset.Value);
        Assert.Equal(7, log.SegmentCount);
        Assert.False(log.TryRead(new(36), new(100), 1000, true, out _));
        Assert.False(log.AdvanceLogStart(new(101), TestBatch.Time));
        Assert.True(log.AdvanceLogStart(new(20), TestBatch.Time));
        Assert.Equal(37, log.LogStartOffset.Value);
    }

    [Fact]
    public void Files_of_deleted_segments_stay_for_a_while_under_another_name()
    {
        using var log = Filled(new LogConfig { SegmentBytes = 50 * Batch, RetentionMs = -1, FileDeleteDelayMs = 60_000 });
        var later = TestBatch.Time + 1060;
        log.AdvanceLogStart(new(50), later);
        Assert.Equal(["00000000000000000000.log.deleted"], _disk.Names(".log.deleted"));
        log.ApplyRetention(later + 59_999);
        Assert.NotEmpty(_disk.Names(".deleted"));
        log.ApplyRetention(later + 60_000);
        Assert.Empty(_disk.Names(".deleted"));
    }

    [Fact]
    public void Who_reads_a_segment_reads_on_while_it_is_deleted()
    {
        using var log = Filled(new LogConfig { SegmentBytes = 50 * Batch, RetentionMs = 1000, FileDeleteDelayMs = 0 });
        var range = log.Read(7);
        log.ApplyRetention(TestBatch.Time + 1060);
        log.ApplyRetention(TestBatch.Time + 1061);
        Assert.NotEmpty(_disk.Names(".log.deleted"));
        Assert.Equal(43, TestBatch.Split(range.ToArray()).Count);

        range.Dispose();
        log.ApplyRetention(TestBatch.Time + 1062);
        Assert.Empty(_disk.Names(".deleted"));
    }

    [Fact]
    public void Retention_is_that_of_a_list_of_segments() => ForAnySeed(seed =>
    {
        var random = new Random(seed);
        var segments = new List<Facts>();
        var offset = 0L;
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            segments.Add(new(new(offset), random.Next(100), random.Next(100)));
            offset += random.Next(1, 10);
        }
        var end = new Offset(offset);
        var start = new Offset(random.NextInt64(offset));
        var watermark = new Offset(random.NextInt64(offset + 1));
        var config = new LogConfig { RetentionMs = random.Next(-1, 100), RetentionBytes = random.Next(-1, 400) };
        const long Now = 120;

        var (count, _) = RetentionPolicy.Expired(segments, start, end, watermark, config, Now);

        bool MayGo(int i) => End(i) <= watermark && (i < segments.Count - 1 || segments[i].SizeBytes > 0);
        bool IsOld(int i) => config.RetentionMs >= 0 && Now - segments[i].AgeTimestampMs > config.RetentionMs;
        bool IsSuperfluous(int i) =>
            config.RetentionBytes >= 0 && segments.Skip(i + 1).Sum(later => later.SizeBytes) >= config.RetentionBytes;
        bool IsBelow(int i) => i < segments.Count - 1 && End(i) <= start;
        int Prefix(Func<int, bool> condition) =>
            Enumerable.Range(0, segments.Count).TakeWhile(i => MayGo(i) && condition(i)).Count();
        Offset End(int i) => i + 1 < segments.Count ? segments[i + 1].BaseOffset : end;
        Assert.Equal(new[] { Prefix(IsOld), Prefix(IsSuperfluous), Prefix(IsBelow) }.Max(), count);
    });

    private sealed record Facts(Offset BaseOffset, long SizeBytes, long AgeTimestampMs) : ISegmentFacts;

    private PartitionLog Filled(LogConfig config)
    {
        var log = _disk.Open(config);
        for (var i = 0; i < 100; i++) log.Append(TestBatch.Of(1, timestampMs: TestBatch.Time + i));
        log.HighWatermark = log.LogEndOffset;
        return log;
    }
}

using ActorBroker.Journal.Segments;
using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Tests.Segments;

public sealed class RollingTests
{
    private readonly TestDisk _disk = new();

    [Fact]
    public void A_hundred_messages_with_twenty_to_a_segment_make_five_files_named_by_their_first_offsets()
    {
        using var log = _disk.Open(new LogConfig { SegmentBytes = 20 * TestBatch.Of(1).Length });
        log.AppendMany(100);

        Assert.Equal(
            [
                "00000000000000000000.log", "00000000000000000020.log", "00000000000000000040.log",
                "00000000000000000060.log", "00000000000000000080.log",
            ],
            _disk.Names());
        Assert.Equal(5, log.SegmentCount);
        Assert.Equal(100, log.LogEndOffset.Value);
        for (var offset = 0; offset < 100; offset++)
        {
            using var range = log.Read(offset, maxBytes: 1);
            Assert.Equal(offset, range.FirstOffset.Value);
            Assert.Equal(offset / 20 * 20, range.SegmentOffset.Value);
        }
    }

    [Fact]
    public void Batches_staged_together_are_split_over_segments_as_if_they_came_one_by_one()
    {
        var config = new LogConfig { SegmentBytes = 3 * TestBatch.Of(1).Length };
        using var log = _disk.Open(config);
        for (var i = 0; i < 10; i++)
        {
            var batch = TestBatch.Of(1);
            Assert.Equal(i, log.Stage(batch, TestBatch.Header(batch), Epoch.Zero, TestBatch.Time).BaseOffset.Value);
        }
        Assert.Equal(0, log.LogEndOffset.Value);
        log.WriteStaged(TestBatch.Time);

        Assert.Equal(10, log.LogEndOffset.Value);
        Assert.Equal(4, log.SegmentCount);
        Assert.Equal(10, log.ReadAll().Count);
    }

    [Fact]
    public void A_segment_is_closed_when_a_record_is_older_than_segment_ms_after_its_first()
    {
        using var log = _disk.Open(new LogConfig { SegmentMs = 1000 });
        log.Append(TestBatch.Of(1, timestampMs: 5000));
        log.Append(TestBatch.Of(1, timestampMs: 6000));
        Assert.Equal(1, log.SegmentCount);
        log.Append(TestBatch.Of(1, timestampMs: 6001));
        Assert.Equal(2, log.SegmentCount);
    }

    [Fact]
    public void Records_without_timestamps_age_by_the_brokers_clock()
    {
        using var log = _disk.Open(new LogConfig { SegmentMs = 1000 });
        log.Append(TestBatch.Of(1, timestampMs: -1));
        log.Append(TestBatch.Of(1, timestampMs: -1), nowMs: TestBatch.Time + 1000);
        Assert.Equal(1, log.SegmentCount);
        log.Append(TestBatch.Of(1, timestampMs: -1), nowMs: TestBatch.Time + 1001);
        Assert.Equal(2, log.SegmentCount);
    }

    [Fact]
    public void A_segment_is_closed_when_its_index_is_full()
    {
        using var log = _disk.Open(new LogConfig { SegmentIndexBytes = 4 * OffsetIndex.EntryBytes, IndexIntervalBytes = 0 });
        log.AppendMany(40);
        Assert.True(log.SegmentCount > 5);
        foreach (var segment in log.Segments.All) Assert.InRange(segment.Offsets.Count, 0, 4);
    }

    [Fact]
    public void A_segment_is_closed_before_an_offset_that_an_index_entry_cannot_say()
    {
        using var log = _disk.Open();
        log.Append(TestBatch.Of(1));
        var leaders = TestBatch.Of(1);
        Protocol.Records.RecordBatchPatch.AssignOffset(leaders, new(3_000_000_000), Epoch.Zero);
        Assert.True(log.TryStageFromLeader(leaders, TestBatch.Time));
        log.WriteStaged(TestBatch.Time);

        Assert.Equal(["00000000000000000000.log", "00000000003000000000.log"], _disk.Names());
        Assert.Equal(3_000_000_001, log.LogEndOffset.Value);
    }

    [Fact]
    public void A_batch_larger_than_segment_bytes_gets_a_segment_of_its_own()
    {
        using var log = _disk.Open(new LogConfig { SegmentBytes = 200 });
        log.Append(TestBatch.Of(1, valueBytes: 1000));
        log.Append(TestBatch.Of(1));
        Assert.Equal(2, log.SegmentCount);
        Assert.Equal(2, log.ReadAll().Count);
    }

    [Fact]
    public void Halving_the_index_interval_doubles_the_entries()
    {
        int Entries(int interval)
        {
            using var log = new TestDisk().Open(new LogConfig { IndexIntervalBytes = interval });
            log.AppendMany(2000);
            return log.Segments.Active.Offsets.Count;
        }
        Assert.InRange(Entries(2048) / (double)Entries(4096), 1.9, 2.1);
    }

    [Fact]
    public void Closed_files_are_what_Kafka_would_have_written()
    {
        var log = _disk.Open(new LogConfig { IndexIntervalBytes = 100 });
        log.Append(TestBatch.Timed(1000, 1005));
        log.Append(TestBatch.Timed(1002));
        log.Append(TestBatch.Timed(1010, 1011, 1007));
        log.Close(clean: true);

        var first = TestBatch.Timed(1000, 1005).Length;
        var second = TestBatch.Timed(1002).Length;
        // The first batch has no entry; 100 bytes were not yet written before the second.
        Assert.InRange(first, 62, 100);
        Assert.Equal([0, 0, 0, 5, .. BigEndian(first + second)], _disk.Files.ReadAll(_disk.PathOf(0, SegmentName.OffsetIndex)));
        Assert.Equal([0, 0, 0, 0, 0, 0, 1011 >> 8, 1011 & 255, 0, 0, 0, 5],
            _disk.Files.ReadAll(_disk.PathOf(0, SegmentName.TimeIndex)));
        Assert.Equal("0\n1\n0 0\n"u8.ToArray(), _disk.Files.ReadAll(Path.Combine(TestDisk.Folder, "leader-epoch-checkpoint")));
        Assert.Equal(["00000000000000000006.snapshot"], _disk.Names(SegmentName.ProducerSnapshot));

        static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
    }
}

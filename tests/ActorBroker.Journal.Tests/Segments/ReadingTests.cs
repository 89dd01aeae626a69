using ActorBroker.Journal.Files;
using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Journal.Tests.Segments;

public sealed class ReadingTests
{
    private readonly TestDisk _disk = new();

    [Fact]
    public void Whatever_is_asked_for_the_answer_is_that_of_a_linear_scan()
    {
        var question =
            from batches in Gen.Choose(1, 6).ListOf(40)
            from interval in Gen.Elements(0, 100, 400)
            from segmentBytes in Gen.Elements(600, 5000, 1 << 20)
            from seed in Gen.Choose(0, int.MaxValue)
            select (batches, interval, segmentBytes, seed);
        Prop.ForAll(question.ToArbitrary(), q =>
        {
            using var log = new TestDisk().Open(new LogConfig { IndexIntervalBytes = q.interval, SegmentBytes = q.segmentBytes });
            foreach (var records in q.batches) log.Append(TestBatch.Of(records, valueBytes: records * 7));
            var model = log.ReadAll().Select(bytes => (Header: TestBatch.Header(bytes), bytes.Length)).ToList();
            var random = new Random(q.seed);
            for (var i = 0; i < 100; i++)
            {
                var from = random.NextInt64(log.LogEndOffset.Value + 1);
                var upTo = random.NextInt64(log.LogEndOffset.Value + 3);
                var maxBytes = random.Next(1500);
                var minOne = random.Next(2) == 0;
                using var range = log.Read(from, upTo, maxBytes, minOne);

                var expected = new List<long>();
                var bytes = 0;
                foreach (var (header, length) in model.Where(batch => batch.Header.LastOffset.Value >= from))
                {
                    if (header.LastOffset.Value >= upTo) break;
                    if (log.Segments.IndexOf(header.BaseOffset) != log.Segments.IndexOf(new(from))) break;
                    if (bytes + length > maxBytes && !(minOne && bytes == 0)) break;
                    expected.Add(header.BaseOffset.Value);
                    bytes += length;
                    if (bytes > maxBytes) break;
                }
                Assert.Equal(expected, TestBatch.Split(range.ToArray()).Select(batch => batch.Header.BaseOffset.Value));
                Assert.Equal(bytes, range.LengthBytes);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Offsets_before_the_start_and_after_the_end_are_out_of_range_and_the_end_is_empty()
    {
        using var log = _disk.Open();
        log.AppendMany(5);
        log.HighWatermark = new(5);
        log.AdvanceLogStart(new(2), TestBatch.Time);

        Assert.False(log.TryRead(new(1), new(5), 1000, true, out _));
        Assert.False(log.TryRead(new(6), new(9), 1000, true, out _));
        Assert.True(log.TryRead(new(5), new(9), 1000, true, out var atEnd));
        Assert.True(atEnd.IsEmpty);
        Assert.Equal(2, log.Read(2).FirstOffset.Value);
    }

    [Fact]
    public void The_index_spares_reading_the_log_from_its_start()
    {
        var reads = 0;
        var files =
            new CountingFileSystem(_disk.Files, (path, _) => reads += path.EndsWith(".log", StringComparison.Ordinal) ? 1 : 0);
        using var log = PartitionLog.Open(
            new LogPlace(files, TestDisk.Folder, TestDisk.Orders, TestDisk.Id), LogConfig.Default, LogStart.Unknown,
            TestBatch.Time,
            NullLogger.Instance);
        log.AppendMany(1000, valueBytes: 1000);
        reads = 0;
        log.Read(777, maxBytes: 5000).Dispose();
        Assert.InRange(reads, 1, 12);
    }

    [Fact]
    public void A_damaged_index_entry_costs_time_but_no_record()
    {
        var config = new LogConfig { IndexIntervalBytes = 100 };
        var log = _disk.Open(config);
        log.AppendMany(200);
        log.Close(clean: true);
        var index = _disk.PathOf(0, ".index");
        var bits = _disk.Files.ReadAll(index).Length * 8;
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            var bit = random.Next(bits);
            _disk.Files.FlipBit(index, bit);
            var reopened = _disk.OpenClean(config);
            Assert.Equal(200, reopened.LogEndOffset.Value);
            for (var offset = 0; offset < 200; offset += 3)
            {
                using var range = reopened.Read(offset, maxBytes: 300);
                Assert.Equal(offset, range.FirstOffset.Value);
            }
            reopened.Dispose();
            _disk.Files.FlipBit(index, bit);
        }
    }

    [Fact]
    public void Indexes_that_a_reader_found_wrong_are_rebuilt_at_the_next_maintenance()
    {
        var config = new LogConfig { IndexIntervalBytes = 100, SegmentBytes = 2000 };
        var log = _disk.Open(config);
        log.AppendMany(100);
        log.Close(clean: true);
        var index = _disk.PathOf(0, ".index");
        var before = _disk.Files.ReadAll(index);
        _disk.Files.FlipBit(index, 8 * 4 + 31); // The first entry's position.

        using var reopened = _disk.OpenClean(config);
        var entry = reopened.Segments.All[0].Offsets[0].LastOffset;
        reopened.Read(entry.Value).Dispose();
        Assert.True(reopened.Segments.All[0].IndexesAreDoubted);
        reopened.ApplyRetention(TestBatch.Time);
        Assert.Equal(before, _disk.Files.ReadAll(index));
        Assert.False(reopened.Segments.All[0].IndexesAreDoubted);
    }

    [Fact]
    public void Batches_behind_damage_are_not_skipped_silently()
    {
        var config = new LogConfig { IndexIntervalBytes = 1 << 20, SegmentBytes = 2000 };
        var log = _disk.Open(config);
        log.AppendMany(100);
        log.Close(clean: true);
        _disk.Files.FlipBit(_disk.PathOf(0), (3 * TestBatch.Of(1).Length + 16) * 8);

        using var reopened = _disk.OpenClean(config);
        Assert.Equal(0, reopened.Read(0).FirstOffset.Value);
        Assert.Contains("damaged", Assert.Throws<LogStorageException>(() => reopened.Read(5)).Message, StringComparison.Ordinal);
        Assert.Equal(50, reopened.Read(50).FirstOffset.Value);
        // Retention is not held up by it.
        reopened.HighWatermark = reopened.LogEndOffset;
        Assert.True(reopened.ApplyRetention(TestBatch.Time + config.RetentionMs + 1).Segments > 1);
    }

    [Fact]
    public async Task Readers_on_other_threads_see_only_whole_batches_below_the_end()
    {
        using var log = PartitionLog.Open(
            new LogPlace(new InMemoryFileSystem(TimeProvider.System), TestDisk.Folder, TestDisk.Orders, TestDisk.Id),
            new LogConfig { IndexIntervalBytes = 200, SegmentBytes = 20_000 }, LogStart.Unknown, TestBatch.Time,
            NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            while (!stop.IsCancellationRequested)
            {
                var end = log.LogEndOffset.Value;
                if (end == 0) continue;
                var from = random.NextInt64(end);
                var upTo = random.NextInt64(from, end + 1);
                var time = TestBatch.Time + from;
                if (log.OffsetForTimestamp(time) is { } found) Assert.Equal(log.OffsetForTimestamp(found.TimestampMs), found);
                Assert.True(log.TryRead(new(from), new(upTo), 4000, true, out var range));
                using (range)
                {
                    var batches = TestBatch.Split(range.ToArray());
                    if (batches.Count == 0) continue;
                    Assert.True(batches[0].Header.BaseOffset.Value <= from && from <= batches[0].Header.LastOffset.Value);
                    Assert.True(batches[^1].Header.LastOffset.Value < upTo);
                }
            }
        })).ToArray();
        for (var i = 0; i < 2000; i++) log.Append(TestBatch.Of(1 + i % 3, timestampMs: TestBatch.Time + log.LogEndOffset.Value));
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.DoesNotContain(log.Segments.All, segment => segment.IndexesAreDoubted);
    }
}

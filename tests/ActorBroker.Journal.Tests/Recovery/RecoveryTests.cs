using ActorBroker.Journal.Files;
using ActorBroker.Journal.Segments;
using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using Microsoft.Extensions.Logging.Abstractions;
using static ActorBroker.Journal.Tests.Support.Seeds;

namespace ActorBroker.Journal.Tests.Recovery;

public sealed class RecoveryTests
{
    private static readonly LogConfig Small = new() { SegmentBytes = 1500, IndexIntervalBytes = 200 };

    private readonly TestDisk _disk = new();

    [Fact]
    public void A_log_cut_anywhere_recovers_to_a_prefix_of_its_batches() => ForAnySeed(seed =>
    {
        var disk = new TestDisk();
        var written = Fill(disk);
        var random = new Random(seed);
        var victim = disk.Names()[random.Next(disk.Names().Length)];
        var path = Path.Combine(TestDisk.Folder, victim);
        var bytes = disk.Files.ReadAll(path);
        var cut = random.Next(bytes.Length);
        disk.Files.WriteAll(path, bytes.AsSpan(0, cut));

        using var log = disk.Open(Small);
        AssertPrefix(written, log.ReadAll());
        Assert.Equal(BatchesBefore(written, victim, cut), log.ReadAll().Count);
    });

    [Fact]
    public void A_log_with_a_flipped_bit_anywhere_recovers_to_a_prefix_of_its_batches() => ForAnySeed(seed =>
    {
        var disk = new TestDisk();
        var written = Fill(disk);
        var random = new Random(seed);
        var path = Path.Combine(TestDisk.Folder, disk.Names()[random.Next(disk.Names().Length)]);
        var bit = random.Next(disk.Files.ReadAll(path).Length * 8);
        disk.Files.FlipBit(path, bit);

        using var log = disk.Open(Small);
        var recovered = log.ReadAll();
        // Base offset and leader epoch are outside the CRC. A damaged one shows where its neighbours contradict it, so
        // everywhere but in the last batch that is kept.
        if (recovered.Count > 0 && IsDamaged(recovered[^1], written[recovered.Count - 1]))
            recovered.RemoveAt(recovered.Count - 1);
        AssertPrefix(written, recovered);
        Assert.True(recovered.Count < written.Count);
    });

    [Fact]
    public void After_a_power_cut_everything_flushed_is_there_and_nothing_is_half_there() => ForAnySeed(seed =>
    {
        var disk = new TestDisk();
        var random = new Random(seed);
        var written = new List<byte[]>();
        var log = disk.Open(Small);
        var flushed = 0;
        for (var i = 0; i < 60; i++)
        {
            var batch = TestBatch.Of(1 + random.Next(3), valueBytes: random.Next(100));
            log.Append(batch, epoch: i / 20);
            written.Add(batch);
            if (random.Next(6) != 0) continue;
            log.Flush();
            flushed = written.Count;
        }
        var recoveryPoint = log.RecoveryPoint;
        disk.Files.CutPower(random);

        using var recovered = disk.Open(Small, LogStart.Unknown with { RecoveryPoint = recoveryPoint });
        var found = recovered.ReadAll();
        AssertPrefix(written, found);
        Assert.True(found.Count >= flushed, $"{found.Count} of {flushed} flushed batches are there");
        // The log goes on, and a second power cut takes nothing that the first left.
        recovered.Append(TestBatch.Of(1), epoch: 3);
        recovered.Flush();
        disk.Files.CutPower();
        using var again = disk.Open(Small, LogStart.Unknown with { RecoveryPoint = recovered.RecoveryPoint });
        Assert.Equal(found.Count + 1, again.ReadAll().Count);
    });

    [Fact]
    public void A_power_cut_loses_what_was_never_flushed()
    {
        var log = _disk.Open();
        log.AppendMany(3);
        log.Flush();
        log.AppendMany(3);
        _disk.Files.CutPower();
        using var recovered = _disk.Open();
        Assert.Equal(3, recovered.LogEndOffset.Value);
    }

    [Fact]
    public void After_a_clean_stop_only_the_end_of_the_last_segment_is_read()
    {
        var log = _disk.Open(new LogConfig { SegmentBytes = 100_000 });
        log.AppendMany(1000, valueBytes: 900);
        log.Close(clean: true);
        var reads = new Dictionary<string, int>();
        var files = new CountingFileSystem(_disk.Files, (path, _) => reads[path] = reads.GetValueOrDefault(path) + 1);
        using var reopened = PartitionLog.Open(
            new LogPlace(files, TestDisk.Folder, TestDisk.Orders, TestDisk.Id), LogConfig.Default,
            LogStart.Unknown with { IsClean = true }, TestBatch.Time, NullLogger.Instance);

        Assert.Equal(1000, reopened.LogEndOffset.Value);
        Assert.Equal(1000, reopened.RecoveryPoint.Value);
        Assert.Single(reads.Keys, path => path.EndsWith(".log", StringComparison.Ordinal));
        Assert.InRange(reads[reopened.Segments.Active.Path], 1, 20);
    }

    [Fact]
    public void Segments_below_the_recovery_point_are_not_read_again()
    {
        var log = _disk.Open(Small);
        log.AppendMany(100);
        log.Flush();
        log.Dispose();
        var reads = new HashSet<string>();
        var files = new CountingFileSystem(_disk.Files, (path, _) => reads.Add(Path.GetFileName(path)));
        using var reopened = PartitionLog.Open(
            new LogPlace(files, TestDisk.Folder, TestDisk.Orders, TestDisk.Id), Small,
            LogStart.Unknown with { RecoveryPoint = log.Segments.Active.BaseOffset }, TestBatch.Time,
            NullLogger.Instance);

        Assert.Equal(100, reopened.LogEndOffset.Value);
        Assert.Single(reads, name => name.EndsWith(".log", StringComparison.Ordinal));
    }

    [Fact]
    public void Recovery_rebuilds_the_indexes_that_appending_would_have_written()
    {
        var log = _disk.Open(Small);
        for (var i = 0; i < 50; i++) log.Append(TestBatch.Of(1, timestampMs: TestBatch.Time + (i * 37 % 11)));
        log.Close(clean: true);
        var expected = Indexes();
        foreach (var (name, bytes) in expected)
            _disk.Files.WriteAll(Path.Combine(TestDisk.Folder, name), [.. bytes.Reverse(), 1, 2, 3]);

        _disk.Open(Small).Close(clean: true);
        Assert.Equal(expected, Indexes());

        Dictionary<string, byte[]> Indexes() => _disk.Names(".index").Concat(_disk.Names(".timeindex"))
            .ToDictionary(name => name, name => _disk.Files.ReadAll(Path.Combine(TestDisk.Folder, name)));
    }

    [Fact]
    public void A_missing_index_is_rebuilt_after_a_clean_stop_too()
    {
        var log = _disk.Open(Small);
        log.AppendMany(50);
        log.Close(clean: true);
        var expected = _disk.Files.ReadAll(_disk.PathOf(0, ".index"));
        Assert.NotEmpty(expected);
        _disk.Files.DeleteFile(_disk.PathOf(0, ".index"));

        using var reopened = _disk.OpenClean(Small);
        Assert.Equal(expected, _disk.Files.ReadAll(_disk.PathOf(0, ".index")));
        Assert.Equal(50, reopened.ReadAll().Count);
    }

    [Fact]
    public void Leftovers_of_deletion_compaction_and_interrupted_writes_are_cleared_up()
    {
        var log = _disk.Open(Small);
        log.AppendMany(50);
        log.Close(clean: true);
        string[] leftovers =
            ["00000000000000000000.log.deleted", "00000000000000000000.log.cleaned", "00000000000000000900.index", "x.tmp"];
        foreach (var leftover in leftovers)
            _disk.Files.WriteAll(Path.Combine(TestDisk.Folder, leftover), [1, 2, 3]);

        using var reopened = _disk.OpenClean(Small);
        Assert.Equal(50, reopened.LogEndOffset.Value);
        Assert.All(_disk.Files.List(TestDisk.Folder), file => Assert.DoesNotMatch("deleted|cleaned|900|tmp", file.Name));
    }

    [Fact]
    public void A_finished_compaction_takes_the_place_of_the_segments_that_it_covers()
    {
        var log = _disk.Open(Small);
        log.AppendMany(50);
        log.Close(clean: true);
        var bases = log.Segments.All.Select(segment => segment.BaseOffset.Value).ToArray();
        using var compacted = new RecordBatchBuilder();
        compacted.Append(TestBatch.Time, default, "last value"u8.ToArray());
        compacted.EndAt((int)bases[2] - 1);
        _disk.Files.WriteAll(_disk.PathOf(0, ".log.swap"), compacted.Build());

        using var reopened = _disk.OpenClean(Small with { CleanupCompact = true });
        Assert.Equal([0, .. bases[2..]], reopened.Segments.All.Select(segment => segment.BaseOffset.Value));
        Assert.Equal(50, reopened.LogEndOffset.Value);
        using var range = reopened.Read(bases[2] - 1);
        Assert.Equal(0, range.FirstOffset.Value);
    }

    [Fact]
    public void A_start_offset_behind_the_logs_end_is_a_damaged_checkpoint_and_throws_nothing_away()
    {
        var log = _disk.Open(Small);
        log.AppendMany(10);
        log.Close(clean: true);
        using var reopened = _disk.Open(Small, LogStart.Unknown with { LogStartOffset = new(500) });
        Assert.Equal(0, reopened.LogStartOffset.Value);
        Assert.Equal(10, reopened.ReadAll().Count);
    }

    [Fact]
    public void A_log_whose_segments_are_all_gone_starts_at_its_checkpointed_start()
    {
        using var log = _disk.Open(Small, LogStart.Unknown with { LogStartOffset = new(500) });
        Assert.Equal(500, log.Append(TestBatch.Of(1)).BaseOffset.Value);
    }

    [Fact]
    public void Deleted_records_are_gone_after_a_power_cut_though_nothing_was_flushed_before()
    {
        var log = _disk.Open(Small);
        log.AppendMany(10);
        log.AdvanceLogStart(new(8), TestBatch.Time);
        _disk.Files.CutPower();
        using var reopened = _disk.Open(Small, LogStart.Unknown with { LogStartOffset = new(8) });
        Assert.Equal(8, reopened.LogStartOffset.Value);
        Assert.Equal(10, reopened.LogEndOffset.Value);
    }

    [Fact]
    public void The_high_watermark_is_bounded_by_what_is_there()
    {
        var log = _disk.Open(Small);
        log.AppendMany(10);
        log.Close(clean: true);
        using var reopened = _disk.Open(Small, new LogStart(true, Offset.Zero, Offset.Zero, HighWatermark: new(700)));
        Assert.Equal(10, reopened.HighWatermark.Value);
    }

    [Fact]
    public void A_folder_of_another_topic_of_that_name_is_refused()
    {
        _disk.Open().Close(clean: true);
        var refused = Assert.Throws<LogStorageException>(() => PartitionLog.Open(
            new LogPlace(_disk.Files, TestDisk.Folder, TestDisk.Orders, new TopicId(43)), Small, LogStart.Unknown, TestBatch.Time,
            NullLogger.Instance));
        Assert.Equal(LogStorageFailure.Directory, refused.Failure);
        Assert.Contains(TestDisk.Id.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leader_epochs_come_back_from_the_batches_where_their_file_is_damaged()
    {
        var log = _disk.Open(Small);
        for (var i = 0; i < 60; i++) log.Append(TestBatch.Of(1), epoch: i / 20);
        log.Close(clean: true);
        var expected = log.Epochs.Entries;
        _disk.Files.FlipBit(Path.Combine(TestDisk.Folder, "leader-epoch-checkpoint"), 3);

        Assert.Equal(expected, _disk.OpenClean(Small).Epochs.Entries.AsEnumerable());
        Assert.Equal(expected, _disk.Open(Small).Epochs.Entries.AsEnumerable());
    }

    /// <summary>A file that lacks the last epochs, as the power failed before it was flushed, must not be believed after the next clean
    /// stop: followers would be told that records of an epoch are of the one before, and cut theirs for ever (found by simulation).
    /// </summary>
    [Fact]
    public void Leader_epochs_that_only_the_batches_knew_are_kept_by_a_clean_stop()
    {
        var file = Path.Combine(TestDisk.Folder, "leader-epoch-checkpoint");
        var log = _disk.Open(Small);
        for (var i = 0; i < 5; i++) log.Append(TestBatch.Of(1), epoch: 0);
        var old = _disk.Files.ReadAll(file).ToArray();
        for (var i = 0; i < 5; i++) log.Append(TestBatch.Of(1), epoch: 3);
        var expected = log.Epochs.Entries;
        log.Dispose();
        _disk.Files.WriteAll(file, old);

        var recovered = _disk.Open(Small);
        Assert.Equal(expected, recovered.Epochs.Entries.AsEnumerable());
        recovered.Close(clean: true);
        Assert.Equal(expected, _disk.OpenClean(Small).Epochs.Entries.AsEnumerable());
    }

    private static List<byte[]> Fill(TestDisk disk)
    {
        var written = new List<byte[]>();
        var log = disk.Open(Small);
        for (var i = 0; i < 40; i++)
        {
            var batch = TestBatch.Of(1 + i % 3, valueBytes: i * 13 % 100);
            log.Append(batch, epoch: i / 10);
            written.Add(batch);
        }
        log.Close(clean: true);
        return written;
    }

    private static void AssertPrefix(List<byte[]> written, List<byte[]> found)
    {
        Assert.True(found.Count <= written.Count);
        for (var i = 0; i < found.Count; i++) Assert.Equal(written[i], found[i]);
    }

    /// <summary>How many batches lie before a position of a segment.</summary>
    private static int BatchesBefore(List<byte[]> written, string segment, int position)
    {
        Assert.True(SegmentName.TryParse(segment, out var baseOffset, out _));
        var count = 0;
        foreach (var batch in written)
        {
            if (TestBatch.Header(batch).BaseOffset >= baseOffset && (position -= batch.Length) < 0) break;
            count++;
        }
        return count;
    }

    private static bool IsDamaged(byte[] found, byte[] written) =>
        !found.AsSpan().SequenceEqual(written)
        && found.AsSpan(RecordBatchHeader.CrcCoversFrom).SequenceEqual(written.AsSpan(RecordBatchHeader.CrcCoversFrom));
}

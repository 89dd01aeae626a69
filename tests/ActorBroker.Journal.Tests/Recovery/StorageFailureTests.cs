using ActorBroker.Journal.Files;
using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Journal.Tests.Recovery;

public sealed class StorageFailureTests
{
    private static readonly LogConfig Small = new() { SegmentBytes = 1500, IndexIntervalBytes = 200 };

    private readonly TestDisk _disk = new();

    [Fact]
    public void A_full_disk_refuses_the_append_and_the_log_is_as_before()
    {
        using var log = _disk.Open();
        log.AppendMany(3);
        _disk.Files.FreeBytes = 50;

        var refused = Assert.Throws<LogStorageException>(() => log.Append(TestBatch.Of(1)));
        Assert.Equal(LogStorageFailure.DiskFull, refused.Failure);
        Assert.Contains("Free space", refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, log.LogEndOffset.Value);
        Assert.Equal(3, log.StagedEndOffset.Value);
        Assert.Equal(3, log.ReadAll().Count);
        Assert.False(log.IsOffline);
    }

    [Fact]
    public void When_there_is_space_again_the_torn_tail_is_cut_and_appending_goes_on()
    {
        var log = _disk.Open();
        log.AppendMany(3);
        _disk.Files.FreeBytes = 50;
        Assert.Throws<LogStorageException>(() => log.Append(TestBatch.Of(5, valueBytes: 500)));
        _disk.Files.FreeBytes = long.MaxValue;

        Assert.Equal(3, log.Append(TestBatch.Of(1)).BaseOffset.Value);
        Assert.Equal(log.SizeBytes, _disk.Files.ReadAll(_disk.PathOf(0)).Length);
        log.Close(clean: true);
        Assert.Equal(4, _disk.OpenClean().ReadAll().Count);
    }

    [Fact]
    public void Of_batches_written_together_all_or_a_prefix_by_segments_is_there()
    {
        using var log = _disk.Open(Small);
        var length = TestBatch.Of(1).Length;
        _disk.Files.FailWrite = path => path.EndsWith("18.log", StringComparison.Ordinal);
        for (var i = 0; i < 40; i++)
        {
            var batch = TestBatch.Of(1);
            log.Stage(batch, TestBatch.Header(batch), Epoch.Zero, TestBatch.Time);
        }
        Assert.Equal(18, 1500 / length);
        var failure = Assert.Throws<LogStorageException>(() => log.WriteStaged(TestBatch.Time));
        Assert.Equal(LogStorageFailure.InputOutput, failure.Failure);
        Assert.Equal(18, log.LogEndOffset.Value);
        Assert.Equal(0, log.StagedCount);

        _disk.Files.FailWrite = null;
        Assert.Equal(18, log.Append(TestBatch.Of(1)).BaseOffset.Value);
        Assert.Equal(19, log.ReadAll().Count);
    }

    [Fact]
    public void Producers_and_epochs_of_a_failed_append_are_forgotten()
    {
        using var log = _disk.Open();
        log.Append(TestBatch.Idempotent(7, 0, 0));
        _disk.Files.FreeBytes = 10;
        Assert.Throws<LogStorageException>(() => log.Append(TestBatch.Idempotent(7, 0, 1), epoch: 4));
        _disk.Files.FreeBytes = long.MaxValue;

        Assert.Equal(0, log.Epochs.Latest.Value);
        Assert.True(log.Producers.Check(TestBatch.Header(TestBatch.Idempotent(7, 0, 1))).MayAppend);
        Assert.True(log.Producers.Check(TestBatch.Header(TestBatch.Idempotent(7, 0, 0))).IsDuplicate);
    }

    [Fact]
    public void On_a_full_disk_a_term_begins_and_a_log_is_cut_and_both_are_written_down_before_the_next_record()
    {
        var log = _disk.Open();
        log.AppendMany(3);
        log.Append(TestBatch.Of(1), epoch: 2);
        log.Flush();
        _disk.Files.FreeBytes = 0;

        log.TruncateTo(new Offset(3), TestBatch.Time);
        log.BeginEpoch(new Epoch(5));
        log.Flush();
        Assert.Equal("0@0, 5@3", Terms(log));
        Assert.Throws<LogStorageException>(() => log.Append(TestBatch.Of(1), epoch: 5));
        Assert.False(log.IsOffline);

        _disk.Files.FreeBytes = long.MaxValue;
        log.BeginEpoch(new Epoch(6));
        log.Append(TestBatch.Of(1), epoch: 6);
        log.Flush();
        _disk.Files.CutPower();
        Assert.Equal("0@0, 6@3", Terms(_disk.Open(start: LogStart.Unknown with { RecoveryPoint = new Offset(4) })));
    }

    [Fact]
    public void A_recovery_point_that_is_taken_back_on_a_full_disk_is_told_before_the_next_record()
    {
        var watcher = new FullDisk();
        using var log = PartitionLog.Open(
            new LogPlace(_disk.Files, TestDisk.Folder, TestDisk.Orders, TestDisk.Id), LogConfig.Default, LogStart.Unknown,
            TestBatch.Time, NullLogger.Instance, watcher);
        log.AppendMany(3);
        log.Flush();
        watcher.IsFull = true;
        log.TruncateTo(new Offset(2), TestBatch.Time);
        Assert.False(log.IsOffline);
        Assert.Equal(LogStorageFailure.DiskFull, Assert.Throws<LogStorageException>(() => log.Append(TestBatch.Of(1))).Failure);
        watcher.IsFull = false;
        log.AppendMany(2);
        Assert.Equal([2], watcher.Told);
    }

    private sealed class FullDisk : ILogWatcher
    {
        public bool IsFull { get; set; }

        public List<long> Told { get; } = [];

        public void RecoveryPointLowered(PartitionLog log)
        {
            if (IsFull) throw new LogStorageException(LogStorageFailure.DiskFull, log.Directory, "no space left");
            Told.Add(log.RecoveryPoint.Value);
        }

        public void LogStartAdvanced(PartitionLog log)
        {
        }
    }

    private static string Terms(PartitionLog log) =>
        string.Join(", ", log.Epochs.Entries.Select(entry => $"{entry.Epoch}@{entry.StartOffset}"));

    [Fact]
    public void After_a_failed_flush_the_log_takes_nothing_until_it_is_opened_again()
    {
        var log = _disk.Open();
        log.AppendMany(3);
        log.Flush();
        log.AppendMany(2);
        _disk.Files.FailFlush = _ => true;
        Assert.Equal(LogStorageFailure.Offline, Assert.Throws<LogStorageException>(() => log.Flush()).Failure);
        _disk.Files.FailFlush = null;

        Assert.True(log.IsOffline);
        Assert.Equal(3, log.RecoveryPoint.Value);
        Assert.Equal(LogStorageFailure.Offline, Assert.Throws<LogStorageException>(() => log.Append(TestBatch.Of(1))).Failure);
        Assert.Equal(5, log.ReadAll().Count);
        log.Close(clean: true);
        Assert.False(log.IsClosedCleanly);
        Assert.Equal(5, _disk.Open(start: LogStart.Unknown with { RecoveryPoint = log.RecoveryPoint }).ReadAll().Count);
    }

    [Fact]
    public void One_flush_covers_several_logs_and_says_which_of_them_failed()
    {
        var logs = Enumerable.Range(0, 3).Select(partition => PartitionLog.Open(
            new LogPlace(_disk.Files, $"/data/t-{partition}", new("t", partition), TestDisk.Id), LogConfig.Default,
            LogStart.Unknown,
            TestBatch.Time, NullLogger.Instance)).ToArray();
        foreach (var log in logs) log.AppendMany(2);
        _disk.Files.FailFlush = path => path.StartsWith("/data/t-1/", StringComparison.Ordinal);
        var flushes = logs.Select(log => log.BeginFlush()).ToArray();
        logs[0].AppendMany(1);
        Assert.Throws<LogStorageException>(() => PendingFlush.RunAll(flushes));
        for (var i = 0; i < 3; i++) logs[i].CompleteFlush(flushes[i], TestBatch.Time);

        Assert.Equal([2, 0, 2], logs.Select(log => log.RecoveryPoint.Value));
        Assert.Equal([false, true, false], logs.Select(log => log.IsOffline));
        Assert.Equal(1, logs[0].UnflushedRecords);
    }

    [Fact]
    public void Flush_messages_asks_for_a_flush_before_the_acknowledgement_and_flush_ms_for_one_in_time()
    {
        using var log = _disk.Open(new LogConfig { FlushMessages = 3, FlushMs = 1000 });
        log.Flush(TestBatch.Time);
        log.AppendMany(2);
        Assert.False(log.MustFlushBeforeAcknowledging);
        Assert.False(log.IsFlushDue(TestBatch.Time + 999));
        Assert.True(log.IsFlushDue(TestBatch.Time + 1000));
        log.AppendMany(1);
        Assert.True(log.MustFlushBeforeAcknowledging);
        Assert.True(log.IsFlushDue(TestBatch.Time));
        log.Flush(TestBatch.Time);
        Assert.False(log.MustFlushBeforeAcknowledging);
        Assert.False(log.IsFlushDue(TestBatch.Time + 5000));
    }
}

using ActorBroker.Journal.Directories;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Tests.Support;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Journal.Tests.Directories;

/// <summary>The same on the operating system's files.</summary>
public sealed class PhysicalDirectoryTests : IDisposable
{
    private static readonly TopicPartition Orders = new("orders", 0);
    private static readonly LogConfig Small =
        new() { SegmentBytes = 5000, IndexIntervalBytes = 500, RetentionMs = 1000, FileDeleteDelayMs = 0 };

    private readonly string _data = Directory.CreateTempSubdirectory("journal-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void Records_survive_clean_stops_and_crashes()
    {
        for (var round = 0; round < 4; round++)
        {
            var directory = Open();
            Assert.Equal(round % 2 == 0 && round > 0, directory.WasClosedCleanly);
            var log = directory.OpenLog(Orders, new TopicId(42), Small, TestBatch.Time);
            Assert.Equal(round * 200, log.LogEndOffset.Value);
            for (var i = 0; i < 100; i++)
            {
                var (first, second) = (TestBatch.Of(1, valueBytes: i), TestBatch.Of(1));
                log.Stage(first, TestBatch.Header(first), Epoch.Zero, TestBatch.Time);
                log.Stage(second, TestBatch.Header(second), Epoch.Zero, TestBatch.Time);
                log.WriteStaged(TestBatch.Time);
            }
            Assert.Equal((round + 1) * 200, log.ReadAll().Count);
            if (round % 2 == 1) directory.Close(clean: true);
            else directory.Dispose();
        }
    }

    [Fact]
    public void A_second_broker_on_the_directory_is_refused()
    {
        using (Open())
        {
            Assert.Contains("in use", Assert.Throws<LogStorageException>(Open).Message, StringComparison.Ordinal);
        }
        Open().Dispose();
    }

    [Fact]
    public void A_range_is_read_by_its_handle_while_its_segment_is_deleted_and_unlinked_after()
    {
        using var directory = Open();
        var log = directory.OpenLog(Orders, new TopicId(42), Small, TestBatch.Time);
        for (var i = 0; i < 200; i++) log.Append(TestBatch.Of(1, timestampMs: TestBatch.Time + i));
        log.HighWatermark = log.LogEndOffset;
        var first = log.Segments.All[0];
        var range = log.Read(3);
        Assert.NotNull(range.Handle);
        log.ApplyRetention(TestBatch.Time + 2000);
        log.ApplyRetention(TestBatch.Time + 2001);

        Assert.True(File.Exists(first.Path));
        Assert.EndsWith(".deleted", first.Path, StringComparison.Ordinal);
        var bytes = new byte[range.LengthBytes];
        Assert.Equal(bytes.Length, RandomAccess.Read(range.Handle!, bytes, range.Position));
        Assert.Equal(range.ToArray(), bytes);
        range.Dispose();
        log.ApplyRetention(TestBatch.Time + 2002);
        Assert.False(File.Exists(first.Path));
    }

    [Fact]
    public void Idle_logs_keep_one_file_open_and_no_preallocated_index()
    {
        using var directory = Open();
        var log = directory.OpenLog(Orders, new TopicId(42), Small, TestBatch.Time);
        log.AppendMany(500);
        log.ReadAll();
        log.ApplyRetention(TestBatch.Time);
        log.ApplyRetention(TestBatch.Time);
        Assert.Equal([log.Segments.Active.Path], OpenFilesUnder(Path.Combine(_data, "orders-0")));
        Assert.InRange(Directory.GetFiles(Path.Combine(_data, "orders-0"), "*index").Sum(path => new FileInfo(path).Length), 0,
            4000);
        Assert.Equal(500, log.ReadAll().Count);
    }

    [Fact]
    public void A_flush_of_several_logs_reaches_the_disk()
    {
        using var directory = Open();
        var logs = Enumerable.Range(0, 3).Select(i => directory.OpenLog(new("t", i), new TopicId(42), Small, TestBatch.Time))
            .ToArray();
        foreach (var log in logs) log.AppendMany(100);
        var flushes = logs.Select(log => log.BeginFlush()).ToArray();
        PendingFlush.RunAll(flushes);
        for (var i = 0; i < 3; i++) logs[i].CompleteFlush(flushes[i], TestBatch.Time);
        Assert.All(logs, log => Assert.Equal(100, log.RecoveryPoint.Value));
    }

    private static string[] OpenFilesUnder(string folder) =>
        [.. Directory.GetFiles("/proc/self/fd")
            .Select(fd => new FileInfo(fd).LinkTarget ?? "")
            .Where(path => path.StartsWith(folder, StringComparison.Ordinal))];

    private LogDirectory Open() => LogDirectory.Open(
        PhysicalFileSystem.Instance, _data, new DirectoryOwner("cluster-1", new BrokerId(1), new TopicId(7)),
        NullLogger.Instance);
}

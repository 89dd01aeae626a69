using ActorBroker.Journal.Files;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Journal.Tests.Support;

/// <summary>A faulty disk with one partition's log, and shorthands for what tests do with it.</summary>
internal sealed class TestDisk
{
    public const string Folder = "/data/orders-0";
    public static readonly TopicPartition Orders = new("orders", 0);
    public static readonly TopicId Id = new(42);

    public FaultyFileSystem Files { get; } = new(TimeProvider.System);

    public PartitionLog Open(LogConfig? config = null, LogStart? start = null, long nowMs = TestBatch.Time) => PartitionLog.Open(
        new LogPlace(Files, Folder, Orders, Id), config ?? LogConfig.Default, start
            ?? LogStart.Unknown, nowMs, NullLogger.Instance);

    public PartitionLog OpenClean(LogConfig? config = null) => Open(config, LogStart.Unknown with { IsClean = true });

    public string PathOf(long offset, string suffix = SegmentName.Log) =>
        Path.Combine(Folder, SegmentName.Of(new(offset), suffix));

    public string[] Names(string suffix = SegmentName.Log) =>
        [.. Files.List(Folder).Select(file => file.Name)
            .Where(name => name.EndsWith(suffix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
}

internal static class TestLogExtensions
{
    public static Placement Append(this PartitionLog log, byte[] batch, int epoch = 0, long nowMs = TestBatch.Time) =>
        log.Append(batch, TestBatch.Header(batch), new Epoch(epoch), nowMs);

    public static void AppendMany(this PartitionLog log, int batches, int records = 1, int valueBytes = 10)
    {
        for (var i = 0; i < batches; i++) log.Append(TestBatch.Of(records, valueBytes));
    }

    public static LogRange Read(
        this PartitionLog log, long from, long? upTo = null, int maxBytes = int.MaxValue, bool minOneBatch = true) =>
        log.TryRead(new(from), upTo is { } end ? new Offset(end) : new Offset(long.MaxValue), maxBytes, minOneBatch,
            out var range)
            ? range
            : throw new InvalidOperationException($"offset {from} is out of range");

    /// <summary>All batches from the log's start on, read as a consumer reads.</summary>
    public static List<byte[]> ReadAll(this PartitionLog log)
    {
        var all = new List<byte[]>();
        for (var next = log.LogStartOffset; next < log.LogEndOffset;)
        {
            using var range = log.Read(next.Value);
            var batches = TestBatch.Split(range.ToArray());
            Assert.NotEmpty(batches);
            all.AddRange(batches.Select(batch => batch.Bytes));
            next = batches[^1].Header.NextOffset;
        }
        return all;
    }
}

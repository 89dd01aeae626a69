using System.Diagnostics;
using ActorBroker.Benchmarks.Harness;
using ActorBroker.Benchmarks.Sockets;
using ActorBroker.Journal;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorBroker.Benchmarks.Local;

/// <summary>
/// Append of 16 KiB batches to a partition's log, with the CRC checked and offset and epoch patched, 16 to a write, against bare
/// writes of the same buffers to a new file.
/// </summary>
internal static class JournalAppendAgainstWrite
{
    private const int BatchBytes = 16 << 10;
    private const int BatchesToAWrite = 16;
    private const int Writes = 1024;

    public static Task RunAsync(Pairs pairs)
    {
        var batch = KafkaFrames.Batch(BatchBytes);
        byte[][] batches = [.. Enumerable.Range(0, BatchesToAWrite).Select(_ => batch.ToArray())];
        return pairs.RunAsync(
            "journal append of 16 KiB batches with CRC check against bare writes", "MB/s, CPU s per GB", 0.7,
            () => Task.FromResult(Append(batches)), () => Task.FromResult(Write(batches)));
    }

    private static Sample Append(byte[][] batches)
    {
        var folder = Directory.CreateTempSubdirectory("actorbroker-bench-");
        try
        {
            var place = new LogPlace(
                PhysicalFileSystem.Instance, Path.Combine(folder.FullName, "bench-0"), new("bench", 0), new TopicId(1));
            Directory.CreateDirectory(place.Directory);
            using var log = PartitionLog.Open(place, LogConfig.Default, LogStart.Unknown, nowMs: 0, NullLogger.Instance);
            return Measure(batches, () =>
            {
                foreach (var batch in batches)
                {
                    var error = RecordBatchValidator.CheckProduce(batch, KafkaFrames.ProduceVersion, out var header);
                    if (error.Code != ErrorCode.None) throw new InvalidDataException(error.Code.ToString());
                    log.Stage(batch, header, Epoch.Zero, nowMs: 0);
                }

                log.WriteStaged(nowMs: 0);
                // The next round sees the batches as a client sends them.
                foreach (var batch in batches) RecordBatchPatch.AssignOffset(batch, Offset.Zero, Epoch.Zero);
            });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Sample Write(byte[][] batches)
    {
        var path = Path.GetTempFileName();
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.DeleteOnClose);
        long position = 0;
        ReadOnlyMemory<byte>[] buffers = [.. batches.Select(batch => new ReadOnlyMemory<byte>(batch))];
        return Measure(batches, () =>
        {
            RandomAccess.Write(file, buffers, position);
            position += buffers.Sum(buffer => (long)buffer.Length);
        });
    }

    private static Sample Measure(byte[][] batches, Action write)
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var cpu = process.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Writes; i++) write();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        var bytes = (double)Writes * batches.Sum(batch => batch.Length);
        return new(bytes / 1e6 / seconds, (process.TotalProcessorTime - cpu).TotalSeconds / (bytes / 1e9));
    }
}

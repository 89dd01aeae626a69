using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Inspection;
using ActorBroker.Protocol;

namespace ActorBroker.ClientTests.Chaos;

/// <summary>What a disk may do to records that nobody has flushed.</summary>
internal static class DamagedLog
{
    private const int AfterHeader = 70;

    /// <summary>Flips a bit of a batch that begins at or above the recovery point, in a broker that does not run.</summary>
    /// <returns>What was hit; null: there is no such batch.</returns>
    public static string? FlipBit(string data, string topic, Random random)
    {
        var files = PhysicalFileSystem.Instance;
        var flushed = new OffsetCheckpoint(files, Path.Combine(data, OffsetCheckpoint.RecoveryPoint)).Read(out _);
        var batches = Directory.GetDirectories(data, $"{topic}-*")
            .SelectMany(folder => Directory.GetFiles(folder, "*.log").Select(file => (Folder: Path.GetFileName(folder), File: file)))
            .SelectMany(log => SegmentDump.Batches(files, log.File).Where(batch => batch.IsValid)
                .Where(batch => batch.Header.BaseOffset >= flushed.GetValueOrDefault(PartitionOf(log.Folder), Offset.Zero))
                .Select(batch => (log.Folder, log.File, Batch: batch))).ToList();
        if (batches.Count == 0) return null;
        var (name, path, hit) = batches[random.Next(batches.Count)];
        using var stream = File.Open(path, FileMode.Open);
        stream.Position = hit.Position + random.Next(AfterHeader, hit.Bytes.Length);
        var value = stream.ReadByte();
        stream.Position--;
        stream.WriteByte((byte)(value ^ (1 << random.Next(8))));
        return $"{name} at offset {hit.Header.BaseOffset}";
    }

    private static TopicPartition PartitionOf(string folder)
    {
        var dash = folder.LastIndexOf('-');
        return new(folder[..dash], int.Parse(folder[(dash + 1)..]));
    }
}

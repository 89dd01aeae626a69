using System.Collections.Immutable;
using System.Text;
using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Inspection;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Checker;

/// <summary>
/// Reads replicas from a broker's data directory. The broker should have been stopped: then its checkpoints are exact.
/// </summary>
public static class DataDirectory
{
    private const int MaxDecompressedBytes = 64 << 20;

    /// <summary>The replica of a partition, as its files say.</summary>
    /// <exception cref="InvalidDataException">A batch is damaged.</exception>
    public static ReplicaLog Read(ILogFileSystem files, string directory, BrokerId broker, TopicPartition partition)
    {
        var folder = Path.Combine(directory, partition.ToString());
        var segments = files.List(folder)
            .Where(file => SegmentName.TryParse(file.Name, out _, out var suffix) && suffix == SegmentName.Log)
            .Select(file => file.Name).Order(StringComparer.Ordinal).ToList();
        var records = ImmutableArray.CreateBuilder<LoggedRecord>();
        foreach (var segment in segments) Add(records, files, Path.Combine(folder, segment));
        var start = segments.Count > 0 && SegmentName.TryParse(segments[0], out var first, out _) ? first : Offset.Zero;
        if (Checkpoint(files, directory, OffsetCheckpoint.LogStart, partition) is { } logStart && logStart > start)
        {
            start = logStart;
            records.RemoveAll(record => record.Offset < logStart);
        }
        var shown = Checkpoint(files, directory, OffsetCheckpoint.Replication, partition) ?? start;
        return new(broker, partition, start, shown, records.ToImmutable());
    }

    private static Offset? Checkpoint(ILogFileSystem files, string directory, string name, TopicPartition partition)
    {
        var offsets = new OffsetCheckpoint(files, Path.Combine(directory, name)).Read(out var isDamaged);
        if (isDamaged) throw new InvalidDataException($"{name} in {directory} is damaged.");
        return offsets.TryGetValue(partition, out var offset) ? offset : null;
    }

    private static void Add(ImmutableArray<LoggedRecord>.Builder records, ILogFileSystem files, string path)
    {
        foreach (var batch in SegmentDump.Batches(files, path))
        {
            if (!batch.IsValid) throw new InvalidDataException($"{path}: no valid batch at position {batch.Position}.");
            using var reader = RecordBatchReader.Open(batch.Bytes, MaxDecompressedBytes);
            foreach (var record in reader)
                records.Add(new(
                    record.Offset, batch.Header.LeaderEpoch,
                    record.HasKey ? Encoding.UTF8.GetString(record.Key) : null,
                    record.HasValue && !batch.Header.Attributes.IsControl ? Encoding.UTF8.GetString(record.Value) : null,
                    batch.Header.Attributes.IsControl));
        }
    }
}

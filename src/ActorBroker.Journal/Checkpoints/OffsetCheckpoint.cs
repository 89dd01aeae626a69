using System.Globalization;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Checkpoints;

/// <summary>A file of a data directory with one offset for each partition: <c>topic partition offset</c>.</summary>
public sealed class OffsetCheckpoint(ILogFileSystem files, string path)
{
    /// <summary>Everything below is flushed; recovery reads from there on.</summary>
    public const string RecoveryPoint = "recovery-point-offset-checkpoint";

    /// <summary>High watermarks.</summary>
    public const string Replication = "replication-offset-checkpoint";

    /// <summary>Log starts that are not a segment's first offset.</summary>
    public const string LogStart = "log-start-offset-checkpoint";

    public string Path => path;

    public void Write(IReadOnlyCollection<KeyValuePair<TopicPartition, Offset>> offsets)
    {
        var lines = new List<string>(offsets.Count);
        foreach (var (partition, offset) in offsets)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{partition.Topic} {partition.Partition} {offset.Value}"));
        CheckpointText.Write(files, path, lines, durable: true);
    }

    /// <param name="isDamaged">The file is there and makes no sense. What it said must be found out in another way.</param>
    public Dictionary<TopicPartition, Offset> Read(out bool isDamaged)
    {
        var entries = CheckpointText.Read<KeyValuePair<TopicPartition, Offset>>(files, path, TryParse);
        isDamaged = entries is null;
        var offsets = new Dictionary<TopicPartition, Offset>();
        foreach (var (partition, offset) in entries ?? []) offsets[partition] = offset;
        return offsets;
    }

    private static bool TryParse(string[] parts, out KeyValuePair<TopicPartition, Offset> entry)
    {
        entry = default;
        if (parts.Length != 3 || parts[0].Length == 0) return false;
        if (!CheckpointText.TryNumber(parts[1], out var partition) || partition > int.MaxValue) return false;
        if (!CheckpointText.TryNumber(parts[2], out var offset)) return false;
        entry = new(new TopicPartition(parts[0], (int)partition), new Offset(offset));
        return true;
    }
}

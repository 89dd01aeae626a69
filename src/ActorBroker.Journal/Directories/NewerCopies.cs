using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Directories;

/// <summary>
/// <c>newer-copies-checkpoint</c>: partitions that were made in this directory while another one, which may hold an old copy, had
/// failed. When that comes back, its copy does not count. Kafka's format of checkpoints; the offsets say nothing.
/// </summary>
internal sealed class NewerCopies
{
    private const string FileName = "newer-copies-checkpoint";

    private readonly OffsetCheckpoint _file;
    private readonly Dictionary<TopicPartition, Offset> _partitions;

    /// <summary>Where the file makes no sense, nothing is known: a partition that is there twice stops the start then.</summary>
    public NewerCopies(ILogFileSystem files, string directory)
    {
        _file = new OffsetCheckpoint(files, Path.Combine(directory, FileName));
        _partitions = _file.Read(out _);
    }

    public bool Contains(TopicPartition partition) => _partitions.ContainsKey(partition);

    /// <summary>Durable when it returns.</summary>
    public void Add(TopicPartition partition)
    {
        if (_partitions.TryAdd(partition, Offset.Zero)) _file.Write(_partitions);
    }

    public void Clear()
    {
        if (_partitions.Count == 0) return;
        _partitions.Clear();
        _file.Write(_partitions);
    }
}

using System.Text;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Checkpoints;

/// <summary><c>partition.metadata</c>: which topic of that name a partition's folder belongs to.</summary>
public static class PartitionMetadata
{
    public const string FileName = "partition.metadata";
    private const string IdKey = "topic_id: ";

    /// <returns>None where there is no file or it cannot be read.</returns>
    public static TopicId Read(ILogFileSystem files, string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!files.FileExists(path)) return TopicId.None;
        foreach (var line in Encoding.UTF8.GetString(WholeFile.Read(files, path)).Split('\n'))
            if (line.StartsWith(IdKey, StringComparison.Ordinal) && TopicId.TryParse(line.AsSpan(IdKey.Length), out var id))
                return id;
        return TopicId.None;
    }

    /// <summary>Writes the topic's id into a folder that has none.</summary>
    /// <exception cref="LogStorageException">The folder has another.</exception>
    public static void Claim(ILogFileSystem files, string directory, TopicId id)
    {
        var found = Read(files, directory);
        if (id.IsNone || found == id) return;
        if (!found.IsNone)
            throw new LogStorageException(LogStorageFailure.Directory, directory,
                $"{directory} belongs to topic id {found}, not {id}: another topic of that name. "
                + "Move the folder away if its records are not needed.");
        var text = Encoding.UTF8.GetBytes($"version: 0\n{IdKey}{id}\n");
        WholeFile.Write(files, Path.Combine(directory, FileName), text, durable: true);
    }
}

using ActorBroker.Journal.Files;
using ActorBroker.Journal.Persistence;
using ActorBroker.Logs;
using Akka.Configuration;

namespace ActorBroker.Hosting;

/// <summary>Where the controller's journal and snapshots lie: in a folder of one of the data directories.</summary>
internal static class ControllerStorage
{
    private const string Folder = "__cluster_metadata";

    /// <summary>The folder that is there, in whichever directory; for a new broker one in the first.</summary>
    public static string FolderIn(ILogFileSystem files, IReadOnlyList<string> directories) =>
        Path.Combine(directories.FirstOrDefault(d => files.DirectoryExists(Path.Combine(d, Folder))) ?? directories[0], Folder);

    /// <summary>Partitions without the metadata that they belong to are not set aside one and all: something went wrong
    /// before.</summary>
    /// <exception cref="LogStorageException">There are some.</exception>
    public static void CheckIsThere(ILogFileSystem files, string folder, DataDirectories directories)
    {
        if (files.DirectoryExists(folder) || directories.All.SelectMany(d => d.Found).FirstOrDefault() is not { } orphan) return;
        throw new LogStorageException(LogStorageFailure.Directory, orphan.Directory,
            $"{orphan.Directory} holds a partition, but there is no {Folder} in any data directory. Was one left out of "
            + "log.dirs? (A data directory of Kafka's can't be taken over.) Correct log.dirs, or move the partitions away.");
    }

    public static Config ConfigFor(string folder) => ConfigurationFactory.ParseString($$"""
        {{SegmentPersistence.JournalId}}.dir = {{Quoted(Path.Combine(folder, "journal"))}}
        {{SegmentPersistence.SnapshotStoreId}}.dir = {{Quoted(Path.Combine(folder, "snapshots"))}}
        """);

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

using ActorBroker.Controller.Quorum;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Persistence;
using ActorBroker.Logs;
using Akka.Configuration;

namespace ActorBroker.Hosting;

/// <summary>Where the controller's journal and snapshots lie: in a folder of one of the data directories.</summary>
internal static class ControllerStorage
{
    private const string Folder = "__cluster_metadata";
    private const string Journal = "journal";
    private const string Snapshots = "snapshots";

    /// <summary>What a voter of a cluster keeps.</summary>
    private const string Quorum = "quorum";

    /// <summary>The folder that is there, in whichever directory works; for a new broker one in the first of them.</summary>
    public static string FolderIn(ILogFileSystem files, DataDirectories directories) => Path.Combine(
        (directories.All.FirstOrDefault(d => files.DirectoryExists(Path.Combine(d.Path, Folder))) ?? directories.All[0]).Path,
        Folder);

    /// <summary>It may lie in a directory that can't be used: what is missing elsewhere is not new.</summary>
    public static bool MayBeLost(ILogFileSystem files, string folder, DataDirectories directories) =>
        directories.FailedCount > 0 && !files.DirectoryExists(folder);

    /// <summary>Partitions without the metadata that they belong to are not set aside one and all: something went wrong
    /// before.</summary>
    /// <exception cref="LogStorageException">There are some.</exception>
    public static void Check(ILogFileSystem files, string folder, DataDirectories directories, bool isClustered)
    {
        var (other, meant) = isClustered ? (Journal, "a broker alone") : (Quorum, "a cluster (akka.actor.provider = cluster)");
        if (files.DirectoryExists(Path.Combine(folder, other)))
            throw new LogStorageException(LogStorageFailure.Directory, folder,
                $"{folder} holds the metadata of {meant}, and this broker is configured otherwise. "
                + "Correct the configuration or log.dirs; a broker's metadata can't be turned into a cluster's.");
        if (!isClustered && MayBeLost(files, folder, directories))
            throw new LogStorageException(LogStorageFailure.Directory, folder,
                $"The broker's metadata ({Folder}) are in none of the data directories that can be used. Mend the one that can't "
                + "(see the log), or take it out of log.dirs if they never were there.");
        // In a cluster the metadata comes from the others, and whether it is the same cluster is known by its id.
        if (isClustered || files.DirectoryExists(folder)) return;
        if (directories.All.SelectMany(d => d.Found).FirstOrDefault() is not { } orphan) return;
        throw new LogStorageException(LogStorageFailure.Directory, orphan.Directory,
            $"{orphan.Directory} holds a partition, but there is no {Folder} in any data directory. Was one left out of "
            + "log.dirs? (A data directory of Kafka's can't be taken over.) Correct log.dirs, or move the partitions away.");
    }

    /// <summary>Where a voter keeps the journal of the cluster's controller.</summary>
    public static string QuorumIn(string folder) => Path.Combine(folder, Quorum);

    /// <summary>Which plugins the controller's journal and snapshots use, and where these keep them.</summary>
    public static Config ConfigFor(string folder, bool isClustered) => isClustered
        ? ConfigurationFactory.ParseString($$"""
            akka.persistence.journal.plugin = "{{QuorumPersistence.JournalId}}"
            akka.persistence.snapshot-store.plugin = "{{QuorumPersistence.SnapshotStoreId}}"
            """)
        : ConfigurationFactory.ParseString($$"""
            {{SegmentPersistence.JournalId}}.dir = {{Quoted(Path.Combine(folder, Journal))}}
            {{SegmentPersistence.SnapshotStoreId}}.dir = {{Quoted(Path.Combine(folder, Snapshots))}}
            """);

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

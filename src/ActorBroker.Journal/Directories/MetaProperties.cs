using System.Globalization;
using System.Text;
using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Directories;

/// <summary><c>meta.properties</c>: whose data directory it is.</summary>
/// <param name="DirectoryId">Tells a broker's directories apart.</param>
public sealed record MetaProperties(string ClusterId, BrokerId Broker, TopicId DirectoryId)
{
    public const string FileName = "meta.properties";

    /// <returns><c>null</c>: a new directory.</returns>
    /// <exception cref="LogStorageException">The file makes no sense.</exception>
    public static MetaProperties? Read(ILogFileSystem files, string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!files.FileExists(path)) return null;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = Encoding.UTF8.GetString(WholeFile.Read(files, path));
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line[0] is not ('#' or '!')) values[line[..equals].TrimEnd()] = line[(equals + 1)..].TrimStart();
        }
        var version = values.GetValueOrDefault("version");
        // Version 0 calls the broker's number broker.id.
        var broker = values.GetValueOrDefault(version == "0" ? "broker.id" : "node.id");
        if (version is not ("0" or "1")
            || !int.TryParse(broker, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || values.GetValueOrDefault("cluster.id") is not { Length: > 0 } cluster)
            throw new LogStorageException(LogStorageFailure.Directory, path,
                $"{path} is damaged: it must give version, cluster.id and node.id. "
                + "Restore it from another data directory of this broker, or correct it.");
        _ = TopicId.TryParse(values.GetValueOrDefault("directory.id"), out var directoryId);
        return new(cluster, new BrokerId(id), directoryId);
    }

    public void Write(ILogFileSystem files, string directory) => WholeFile.Write(
        files,
        Path.Combine(directory, FileName),
        Encoding.UTF8.GetBytes($"#\nversion=1\ncluster.id={ClusterId}\nnode.id={Broker}\ndirectory.id={DirectoryId}\n"),
        durable: true);
}

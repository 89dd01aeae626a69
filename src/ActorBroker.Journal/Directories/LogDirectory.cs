using System.Collections.Concurrent;
using System.Globalization;
using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Journal.Directories;

/// <summary>
/// One of a broker's data directories (<c>log.dirs</c>): a folder for each partition, the checkpoints of all, and the proof of
/// whose it is. Held by one process at a time. Safe for several threads: logs are opened and recovered side by side.
/// </summary>
public sealed class LogDirectory : ILogWatcher, IDisposable
{
    private const string LockFile = ".lock";

    private readonly ILogFileSystem _files;
    private readonly ILogger _log;
    private readonly IDisposable _lock;
    private readonly DirectoryCheckpoints _checkpoints;
    private readonly NewerCopies _newer;
    private readonly ConcurrentDictionary<TopicPartition, FoundPartition> _unopened = new();
    private readonly ConcurrentDictionary<TopicPartition, PartitionLog> _logs = new();

    private LogDirectory(ILogFileSystem files, string path, DirectoryOwner owner, ILogger log, IDisposable held)
    {
        (_files, Path, _log, _lock) = (files, path, log, held);
        Identity = Claim(owner);
        var mark = CleanShutdownMark.Take(files, path);
        (WasClosedCleanly, ClosedInEpoch) = (mark is not null, mark ?? -1);
        _checkpoints = new(files, path, log);
        _newer = new(files, path);
        foreach (var folder in files.List(path))
        {
            if (!folder.IsDirectory || !PartitionFolderName.TryParse(folder.Name, out var partition)) continue;
            var directory = System.IO.Path.Combine(path, folder.Name);
            _unopened[partition] = new(partition, PartitionMetadata.Read(files, directory), directory);
        }
        Found = [.. _unopened.Values];
    }

    public string Path { get; }

    public MetaProperties Identity { get; private set; }

    /// <summary>The last process that had the directory closed all its logs.</summary>
    public bool WasClosedCleanly { get; }

    /// <summary>The broker's epoch when it closed the directory cleanly; -1: it did not, or did not say.</summary>
    public long ClosedInEpoch { get; }

    /// <summary>The partitions that were there when the directory was opened.</summary>
    public IReadOnlyList<FoundPartition> Found { get; }

    /// <summary>How many partitions lie here: new ones go to the directory with the fewest.</summary>
    public int PartitionCount => _unopened.Count + _logs.Count;

    /// <summary>The logs that were opened.</summary>
    public IEnumerable<PartitionLog> Logs => _logs.Values;

    /// <summary>Takes the directory: makes it if it is missing, locks it, and checks that it is this broker's.</summary>
    /// <exception cref="LogStorageException">In use, another broker's or cluster's, or not readable and writable.</exception>
    public static LogDirectory Open(ILogFileSystem files, string path, DirectoryOwner owner, ILogger log)
    {
        IDisposable? held = null;
        try
        {
            files.CreateDirectory(path);
            held = files.TryLock(System.IO.Path.Combine(path, LockFile))
                ?? throw new LogStorageException(LogStorageFailure.Directory, path,
                    $"{path} is in use by another process. "
                    + "Stop that broker, or give this one a data directory of its own (log.dirs).");
            return new LogDirectory(files, path, owner, log, held);
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            held?.Dispose();
            throw LogStorageException.From(e, path, "Opening data directory");
        }
    }

    /// <summary>A directory that was opened without a cluster's id, and is new, belongs to that cluster from now on.</summary>
    /// <exception cref="LogStorageException">It belongs to another, or can't be written.</exception>
    public void Join(string clusterId)
    {
        if (Identity.ClusterId == clusterId) return;
        if (Identity.ClusterId.Length > 0) throw OfAnotherCluster(Identity.ClusterId, clusterId);
        try
        {
            Identity = Identity with { ClusterId = clusterId };
            Identity.Write(_files, Path);
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            throw LogStorageException.From(e, Path, "Writing the identity of");
        }
    }

    /// <summary>Opens a partition's log, and recovers it where the last stop was not clean; makes one that is new.</summary>
    /// <exception cref="LogStorageException">Its files cannot be read or written, or are another topic's.</exception>
    public PartitionLog OpenLog(TopicPartition partition, TopicId topicId, LogConfig config, long nowMs)
    {
        if (_logs.TryGetValue(partition, out var open) && !open.IsClosed)
        {
            if (!open.IsLeft) throw new InvalidOperationException($"{partition} is open.");
            open.Close(clean: true);
        }
        // Opened a second time in this process: as its owner left it.
        var isClean = open?.IsClosedCleanly ?? WasClosedCleanly || !_unopened.ContainsKey(partition);
        if (open is not null) _checkpoints.WriteNow(open);
        var place = new LogPlace(_files, FolderOf(partition), partition, topicId);
        var log = PartitionLog.Open(place, config, _checkpoints.StartOf(partition, isClean), nowMs, _log, this);
        _logs[partition] = log;
        _unopened.TryRemove(partition, out _);
        return log;
    }

    public bool TryGetLog(TopicPartition partition, out PartitionLog log) => _logs.TryGetValue(partition, out log!);

    /// <summary>
    /// Takes a partition out of the directory. Its files stay under another name until <see cref="RemoveDeleted"/>; the log, if
    /// it was open, must have been closed by its owner.
    /// </summary>
    /// <param name="uniqueId">Tells it from an earlier partition of that name.</param>
    public void Delete(TopicPartition partition, string uniqueId) =>
        TakeOut(partition, id => PartitionFolderName.OfDeleted(partition, id), uniqueId, "Deleting");

    /// <summary>
    /// Takes a partition out of the directory that no topic is known for, and keeps its files under another name: somebody may
    /// want to look at them, and delete them.
    /// </summary>
    public void SetAside(TopicPartition partition, string uniqueId) =>
        TakeOut(partition, id => PartitionFolderName.OfStray(partition, id), uniqueId, "Setting aside");

    /// <summary>Was the partition made here while a directory had failed that may hold an old copy of it?</summary>
    public bool HasNewer(TopicPartition partition) => _newer.Contains(partition);

    /// <summary>A partition is about to be made here while a directory has failed that may hold an old copy of it.</summary>
    /// <exception cref="LogStorageException">That could not be written down.</exception>
    public void WillHaveNewer(TopicPartition partition) => Note(() => _newer.Add(partition));

    /// <summary>No directory has old copies any more.</summary>
    /// <exception cref="LogStorageException">That could not be written down.</exception>
    public void ForgetNewer() => Note(_newer.Clear);

    /// <summary>Removes the files of deleted partitions, also of an earlier process. May take long.</summary>
    public void RemoveDeleted()
    {
        try
        {
            foreach (var folder in _files.List(Path))
                if (folder.IsDirectory && PartitionFolderName.IsDeleted(folder.Name))
                    _files.DeleteDirectory(System.IO.Path.Combine(Path, folder.Name));
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            throw LogStorageException.From(e, Path, "Removing deleted partitions from");
        }
    }

    /// <summary>Writes the three checkpoints as the open logs say. To be done about every minute.</summary>
    /// <exception cref="LogStorageException">They could not be written; the old ones stand.</exception>
    public void WriteCheckpoints()
    {
        try
        {
            _checkpoints.Write(_logs.Values);
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            throw LogStorageException.From(e, Path, "Writing the checkpoints of");
        }
    }

    /// <summary>Writes the high watermarks that have moved. To be done every few seconds.</summary>
    /// <exception cref="LogStorageException">They could not be written; the old ones stand.</exception>
    public void WriteHighWatermarks()
    {
        try
        {
            _checkpoints.WriteHighWatermarks(_logs.Values);
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            throw LogStorageException.From(e, Path, "Writing the high watermarks of");
        }
    }

    /// <summary>
    /// Gives the directory back. Owners have closed their logs; any that is still open is closed here in the same way. The mark
    /// of a clean stop is left if every log of the directory is closed cleanly.
    /// </summary>
    public void Close(bool clean, long brokerEpoch = -1)
    {
        try
        {
            foreach (var log in _logs.Values) log.Close(clean);
            if (!clean) return;
            WriteCheckpoints();
            var allAreClean = (WasClosedCleanly || _unopened.IsEmpty) && _logs.Values.All(log => log.IsClosedCleanly);
            if (allAreClean) CleanShutdownMark.Leave(_files, Path, brokerEpoch);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>As a crash would leave it, but for the lock.</summary>
    public void Dispose()
    {
        foreach (var log in _logs.Values) log.Dispose();
        _lock.Dispose();
    }

    private void Note(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            throw LogStorageException.From(e, Path, "Noting newer copies in");
        }
    }

    /// <summary>A replica that came back, and goes a second time, may find the files of the first time still there.</summary>
    private string FreeName(Func<string, string> nameOf, string uniqueId)
    {
        var path = System.IO.Path.Combine(Path, nameOf(uniqueId));
        for (var count = 2; _files.DirectoryExists(path); count++)
            path = System.IO.Path.Combine(Path, nameOf(string.Create(CultureInfo.InvariantCulture, $"{uniqueId}.{count}")));
        return path;
    }

    private void TakeOut(TopicPartition partition, Func<string, string> nameOf, string uniqueId, string doing)
    {
        if (_logs.TryGetValue(partition, out var log) && !log.IsClosed)
            throw new InvalidOperationException($"{partition} is open.");
        var folder = FolderOf(partition);
        try
        {
            if (_files.DirectoryExists(folder))
            {
                _files.RenameDirectory(folder, FreeName(nameOf, uniqueId));
                _files.FlushDirectory(Path);
            }
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            throw LogStorageException.From(e, folder, doing);
        }
        _logs.TryRemove(partition, out _);
        _unopened.TryRemove(partition, out _);
        _checkpoints.Forget(partition);
        WriteCheckpoints();
    }

    void ILogWatcher.RecoveryPointLowered(PartitionLog log) => _checkpoints.WriteNow(log);

    void ILogWatcher.LogStartAdvanced(PartitionLog log) => _checkpoints.WriteNow(log);

    private string FolderOf(TopicPartition partition) => System.IO.Path.Combine(Path, partition.ToString());

    private MetaProperties Claim(DirectoryOwner owner)
    {
        var found = MetaProperties.Read(_files, Path);
        if (found is { } other && other.Broker != owner.Broker)
            throw new LogStorageException(LogStorageFailure.Directory, Path,
                $"{Path} belongs to broker {other.Broker}, this is broker {owner.Broker}. "
                + "Correct broker.id or log.dirs; a broker never takes another's data.");
        if (found is { } foreign && owner.ClusterId is { } cluster && foreign.ClusterId != cluster)
            throw OfAnotherCluster(foreign.ClusterId, cluster);
        if (found is { DirectoryId.IsNone: false }) return found;
        var identity = new MetaProperties(owner.ClusterId ?? found?.ClusterId ?? "", owner.Broker, owner.NewDirectoryId);
        if (identity.ClusterId.Length > 0) identity.Write(_files, Path);
        return identity;
    }

    private LogStorageException OfAnotherCluster(string found, string cluster) => new(LogStorageFailure.Directory, Path,
        $"{Path} belongs to cluster {found}, this is cluster {cluster}. Correct log.dirs or the cluster's id.");
}

/// <summary>Who opens a data directory.</summary>
/// <param name="ClusterId">Null: not known yet; a new directory then waits for <see cref="LogDirectory.Join"/>.</param>
/// <param name="NewDirectoryId">The id of a directory that has none yet.</param>
public sealed record DirectoryOwner(string? ClusterId, BrokerId Broker, TopicId NewDirectoryId);

/// <summary>A partition's folder in a data directory.</summary>
/// <param name="TopicId">None where the folder does not say.</param>
public sealed record FoundPartition(TopicPartition Partition, TopicId TopicId, string Directory);

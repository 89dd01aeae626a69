using System.Collections.Immutable;
using ActorBroker.Journal;
using ActorBroker.Journal.Directories;
using ActorBroker.Journal.Files;
using ActorBroker.Metadata;
using ActorBroker.Protocol;
using ActorBroker.Replicas;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Logs;

/// <summary>
/// A broker's data directories (<c>log.dirs</c>) as one place: knows which of them has a partition, gives a new one to the
/// directory with the fewest, and which of them have failed. Safe for several threads; all calls may block.
/// </summary>
/// <remarks>A directory that fails, at the start or later, takes its partitions with it until the broker starts again; the
/// others go on. Nothing is moved: what lies on it comes back with it, or is copied anew when it was taken out of <c>log.dirs</c>.</remarks>
internal sealed class DataDirectories : ILogHome
{
    private readonly ImmutableArray<string> _paths;
    private readonly ImmutableArray<LogDirectory> _directories;
    private readonly ILogFileSystem _files;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<TopicPartition, LogDirectory> _homes = [];

    /// <summary>Partitions that must lie in a directory that could not be opened.</summary>
    private readonly HashSet<TopicPartition> _lost = [];

    /// <summary>Why directories are not used any more, by their paths.</summary>
    private readonly Dictionary<string, Exception> _failures;
    private Action<DirectoryFailed> _whenFailed = static _ => { };
    private bool _hasDeleted = true; // An earlier process may have left something.

    private DataDirectories(
        ImmutableArray<string> paths, ImmutableArray<LogDirectory> directories, Dictionary<string, Exception> failures,
        ILogFileSystem files, TimeProvider time, ILogger log)
    {
        (_paths, _directories, _failures, _files, _time, _log) = (paths, directories, failures, files, time, log);
        foreach (var directory in directories)
            foreach (var found in directory.Found)
                _homes[found.Partition] =
                    _homes.TryGetValue(found.Partition, out var other) ? Newer(found, other, directory) : directory;
        if (failures.Count == 0) WriteAll(static directory => directory.ForgetNewer());
    }

    /// <summary>A partition lies in two directories: one had failed when its replica was moved away and back, so it was made anew in
    /// another one.</summary>
    private LogDirectory Newer(FoundPartition found, LogDirectory one, LogDirectory other)
    {
        if (one.HasNewer(found.Partition) == other.HasNewer(found.Partition))
            throw new LogStorageException(LogStorageFailure.Directory, found.Directory,
                $"{found.Partition} lies in {one.Path} and in {other.Path}. Move one away.");
        var (newer, old) = one.HasNewer(found.Partition) ? (one, other) : (other, one);
        old.SetAside(found.Partition, found.TopicId.ToString());
        Log.OldCopy(_log, old.Path, found.Partition, newer.Path);
        return newer;
    }

    /// <summary>Those that could be opened.</summary>
    public ImmutableArray<LogDirectory> All => _directories;

    /// <summary>How many have failed.</summary>
    public int FailedCount
    {
        get
        {
            lock (_gate) return _failures.Count;
        }
    }

    public bool AllFailed => FailedCount == _paths.Length;

    /// <summary>The broker's epoch when it closed all directories cleanly; -1: it did not.</summary>
    public long ClosedInEpoch
    {
        get
        {
            if (FailedCount > 0) return -1;
            var epoch = _directories[0].ClosedInEpoch;
            return _directories.All(d => d.ClosedInEpoch == epoch) ? epoch : -1;
        }
    }

    /// <summary>Takes all directories, or none; one whose disk does not work is left aside while there are others.</summary>
    /// <param name="clusterId">Null: not known yet; see <see cref="Join"/>.</param>
    /// <param name="newId">Source of ids for directories that are new.</param>
    /// <exception cref="LogStorageException">One is in use or another broker's, or none can be used.</exception>
    public static DataDirectories Open(
        ILogFileSystem files, IReadOnlyList<string> paths, BrokerId broker, string? clusterId, Func<TopicId> newId,
        TimeProvider time, ILogger log)
    {
        var opened = ImmutableArray.CreateBuilder<LogDirectory>();
        var failures = new Dictionary<string, Exception>(StringComparer.Ordinal);
        try
        {
            foreach (var path in paths)
            {
                try
                {
                    opened.Add(LogDirectory.Open(files, path, new DirectoryOwner(clusterId, broker, newId()), log));
                }
                catch (LogStorageException e) when (LogStorageException.IsOfDisk(e) && failures.Count + 1 < paths.Count)
                {
                    failures.Add(path, e);
                    Log.DirectoryNotOpened(log, e, path);
                }
            }
            return new DataDirectories([.. paths], opened.ToImmutable(), failures, files, time, log);
        }
        catch
        {
            foreach (var directory in opened) directory.Dispose();
            throw;
        }
    }

    /// <summary>The cluster that the directories belong to; null if all are new.</summary>
    public static string? ClusterIdOf(ILogFileSystem files, IEnumerable<string> paths) =>
        paths.Select(path => ClusterIdOf(files, path)).FirstOrDefault(id => id is not null);

    private static string? ClusterIdOf(ILogFileSystem files, string path)
    {
        try
        {
            return files.DirectoryExists(path) ? MetaProperties.Read(files, path)?.ClusterId : null;
        }
        catch (Exception e) when (LogStorageException.IsOfDisk(e))
        {
            return null; // Opening it says what is wrong with it.
        }
    }

    /// <summary>Did the directory fail?</summary>
    public bool HasFailed(string path)
    {
        lock (_gate) return _failures.ContainsKey(path);
    }

    /// <summary>Hears of each directory that fails from now on.</summary>
    public void WhenFailed(Action<DirectoryFailed> listener)
    {
        lock (_gate) _whenFailed = listener;
    }

    /// <summary>Directories that are new belong to that cluster from now on.</summary>
    /// <exception cref="LogStorageException">One belongs to another cluster, or can't be written.</exception>
    public void Join(string clusterId)
    {
        foreach (var directory in _directories) directory.Join(clusterId);
    }

    /// <summary>Folders of partitions that the metadata does not know are renamed, so that they neither come back nor get
    /// lost. Partitions that it knows, and that are nowhere, lie in a directory that could not be opened, if there is
    /// one.</summary>
    public void SetStraysAside(ReplicaPlan plan)
    {
        var known = plan.Replicas.ToDictionary(a => a.Partition, a => a.Topic);
        foreach (var directory in _directories) Guarded(directory, SetAside);
        lock (_gate)
        {
            if (_directories.Length < _paths.Length) _lost.UnionWith(known.Keys.Where(p => !_homes.ContainsKey(p)));
        }

        void SetAside(LogDirectory directory)
        {
            foreach (var found in directory.Found)
            {
                // A folder that does not say whose it is belongs to whoever has its name.
                if (known.TryGetValue(found.Partition, out var topic) && (found.TopicId.IsNone || found.TopicId == topic))
                    continue;
                directory.SetAside(found.Partition, found.TopicId.ToString());
                lock (_gate) _homes.Remove(found.Partition);
                Log.Stray(_log, found.Directory, found.Partition);
            }
        }
    }

    public PartitionLog Open(TopicPartition partition, TopicId topic, LogConfig config) =>
        HomeOf(partition).OpenLog(partition, topic, config, NowMs);

    public bool IsOffline(TopicPartition partition, Exception cause)
    {
        LogDirectory? home;
        lock (_gate)
            if (!_homes.TryGetValue(partition, out home)) return _lost.Contains(partition);
        if (LogStorageException.IsOfDisk(cause)) Fail(home, cause);
        return HasFailed(home.Path);
    }

    public void Close(PartitionLog log) => log.Close(clean: true);

    public void Delete(TopicPartition partition, TopicId topic)
    {
        LogDirectory? home;
        lock (_gate)
        {
            _hasDeleted = true;
            if (!_homes.Remove(partition, out home)) return;
        }
        if (!HasFailed(home.Path)) home.Delete(partition, topic.ToString()); // Else it is a stray later.
    }

    /// <summary>What each directory holds, in the order of <c>log.dirs</c>.</summary>
    public IEnumerable<DirectoryContent> Describe()
    {
        foreach (var path in _paths)
        {
            var directory = HasFailed(path) ? null : _directories.First(d => d.Path == path);
            yield return directory is null
                ? new DirectoryContent(path, HasFailed: true, [], DiskSpace.Unknown)
                : new DirectoryContent(path, HasFailed: false, [.. directory.Logs], SpaceOf(path));
        }
    }

    /// <summary>How large the replicas are in the directories that work.</summary>
    public IEnumerable<(string Directory, TopicPartition Partition, long Bytes)> Sizes() =>
        Healthy.SelectMany(d => d.Logs.Select(log => (Path.GetFullPath(d.Path), log.Partition, log.SizeBytes)));

    /// <summary>Writes all checkpoints. A directory that can't be written is logged, and the others are.</summary>
    public void WriteCheckpoints() => WriteAll(static directory => directory.WriteCheckpoints());

    /// <summary>Writes the high watermarks that have moved.</summary>
    public void WriteHighWatermarks() => WriteAll(static directory => directory.WriteHighWatermarks());

    /// <summary>Removes the files of deleted partitions.</summary>
    public void RemoveDeleted()
    {
        lock (_gate)
        {
            if (!_hasDeleted) return;
            _hasDeleted = false;
        }
        foreach (var directory in Healthy)
        {
            try
            {
                directory.RemoveDeleted();
            }
            catch (LogStorageException e)
            {
                lock (_gate) _hasDeleted = true;
                Log.RemoveFailed(_log, e, directory.Path);
            }
        }
    }

    /// <summary>Closes what is open and gives the directories back. A log that somebody still has is only let go. When a directory
    /// has failed, the others don't say that all was closed: partitions that lay there must not be taken for whole when it is gone at
    /// the next start.</summary>
    public void Close(bool clean, long brokerEpoch)
    {
        if (FailedCount > 0) brokerEpoch = -1;
        foreach (var directory in _directories)
        {
            try
            {
                foreach (var log in directory.Logs)
                    if (!log.IsLeft) log.Close(clean: false);
                directory.Close(clean && !HasFailed(directory.Path), brokerEpoch);
            }
            catch (LogStorageException e)
            {
                Log.CloseFailed(_log, e, directory.Path);
            }
        }
    }

    private IEnumerable<LogDirectory> Healthy => _directories.Where(d => !HasFailed(d.Path));

    private LogDirectory HomeOf(TopicPartition partition)
    {
        lock (_gate)
        {
            if (_homes.TryGetValue(partition, out var home))
                return !_failures.TryGetValue(home.Path, out var cause) ? home
                    : throw Unusable(home.Path, $"{partition} lies in {home.Path}, which has failed: {cause.Message}");
            if (_lost.Contains(partition))
                throw Unusable(
                    _failures.Keys.First(),
                    $"{partition} must lie in {string.Join(" or ", _failures.Keys)}, which could not be opened. Mend it, or take "
                    + "it out of log.dirs to have the partition copied anew.");
            home = _directories.Where(d => !_failures.ContainsKey(d.Path)).MinBy(d => _homes.Values.Count(h => h == d))
                ?? throw Unusable(_paths[0], "All data directories have failed.");
            if (_failures.Count > 0) home.WillHaveNewer(partition);
            _homes.Add(partition, home);
            return home;
        }
    }

    private static LogStorageException Unusable(string path, string message) => new(LogStorageFailure.Offline, path, message);

    private void WriteAll(Action<LogDirectory> write)
    {
        foreach (var directory in Healthy)
        {
            try
            {
                Guarded(directory, write);
            }
            catch (LogStorageException e)
            {
                Log.CheckpointFailed(_log, e, directory.Path);
            }
        }
    }

    /// <summary>What fails because of the disk is no error of its own any more.</summary>
    private void Guarded(LogDirectory directory, Action<LogDirectory> action)
    {
        try
        {
            action(directory);
        }
        catch (LogStorageException e) when (LogStorageException.IsOfDisk(e))
        {
            Fail(directory, e);
        }
    }

    private void Fail(LogDirectory directory, Exception cause)
    {
        Action<DirectoryFailed> whenFailed;
        int partitions;
        lock (_gate)
        {
            if (!_failures.TryAdd(directory.Path, cause)) return;
            partitions = _homes.Values.Count(home => home == directory);
            whenFailed = _whenFailed;
        }
        Log.DirectoryHasFailed(_log, cause, directory.Path, partitions);
        whenFailed(new DirectoryFailed(directory, cause));
    }

    private DiskSpace SpaceOf(string path)
    {
        try
        {
            return _files.SpaceOf(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return DiskSpace.Unknown;
        }
    }

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>A directory is not used any more, nor what lies in it.</summary>
internal sealed record DirectoryFailed(LogDirectory Directory, Exception Cause);

/// <summary>A data directory, and the logs in it that are open.</summary>
internal sealed record DirectoryContent(string Path, bool HasFailed, ImmutableArray<PartitionLog> Logs, DiskSpace Space);

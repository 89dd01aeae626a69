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
/// A broker's data directories (<c>log.dirs</c>) as one place: knows which of them has a partition, and gives a new one to the
/// directory with the fewest. Safe for several threads; all calls may block.
/// </summary>
internal sealed class DataDirectories : ILogHome
{
    private readonly ImmutableArray<LogDirectory> _directories;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<TopicPartition, LogDirectory> _homes = [];
    private bool _hasDeleted = true; // An earlier process may have left something.

    private DataDirectories(ImmutableArray<LogDirectory> directories, TimeProvider time, ILogger log)
    {
        (_directories, _time, _log) = (directories, time, log);
        foreach (var directory in directories)
        {
            foreach (var found in directory.Found)
            {
                if (_homes.TryAdd(found.Partition, directory)) continue;
                throw new LogStorageException(LogStorageFailure.Directory, found.Directory,
                    $"{found.Partition} lies in {_homes[found.Partition].Path} and in {directory.Path}. Move one away.");
            }
        }
    }

    public ImmutableArray<LogDirectory> All => _directories;

    /// <summary>The broker's epoch when it closed all directories cleanly; -1: it did not.</summary>
    public long ClosedInEpoch
    {
        get
        {
            var epoch = _directories[0].ClosedInEpoch;
            return _directories.All(d => d.ClosedInEpoch == epoch) ? epoch : -1;
        }
    }

    /// <summary>Takes all directories, or none.</summary>
    /// <param name="clusterId">Null: not known yet; see <see cref="Join"/>.</param>
    /// <param name="newId">Source of ids for directories that are new.</param>
    /// <exception cref="LogStorageException">One is in use, another broker's, or can't be used.</exception>
    public static DataDirectories Open(
        ILogFileSystem files, IReadOnlyList<string> paths, BrokerId broker, string? clusterId, Func<TopicId> newId,
        TimeProvider time, ILogger log)
    {
        var opened = ImmutableArray.CreateBuilder<LogDirectory>();
        try
        {
            foreach (var path in paths)
                opened.Add(LogDirectory.Open(files, path, new DirectoryOwner(clusterId, broker, newId()), log));
            return new DataDirectories(opened.ToImmutable(), time, log);
        }
        catch
        {
            foreach (var directory in opened) directory.Dispose();
            throw;
        }
    }

    /// <summary>The cluster that the directories belong to; null if all are new.</summary>
    public static string? ClusterIdOf(ILogFileSystem files, IEnumerable<string> paths) =>
        paths.Select(path => files.DirectoryExists(path) ? MetaProperties.Read(files, path)?.ClusterId : null)
            .FirstOrDefault(id => id is not null);

    /// <summary>Directories that are new belong to that cluster from now on.</summary>
    /// <exception cref="LogStorageException">One belongs to another cluster, or can't be written.</exception>
    public void Join(string clusterId)
    {
        foreach (var directory in _directories) directory.Join(clusterId);
    }

    /// <summary>Folders of partitions that the metadata does not know are renamed, so that they neither come back nor get
    /// lost.</summary>
    public void SetStraysAside(ReplicaPlan plan)
    {
        var known = plan.Replicas.ToDictionary(a => a.Partition, a => a.Topic);
        foreach (var directory in _directories)
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

    public PartitionLog Open(TopicPartition partition, TopicId topic, LogConfig config)
    {
        LogDirectory home;
        lock (_gate)
        {
            if (!_homes.TryGetValue(partition, out home!))
            {
                home = _directories.MinBy(d => _homes.Values.Count(h => h == d))!;
                _homes.Add(partition, home);
            }
        }
        return home.OpenLog(partition, topic, config, NowMs);
    }

    public void Close(PartitionLog log) => log.Close(clean: true);

    public void Delete(PartitionLog log)
    {
        log.Close(clean: false);
        LogDirectory? home;
        lock (_gate)
        {
            _hasDeleted = true;
            if (!_homes.Remove(log.Partition, out home)) return;
        }
        home.Delete(log.Partition, log.TopicId.ToString());
    }

    /// <summary>Writes all checkpoints. A directory that can't be written is logged, and the others are.</summary>
    public void WriteCheckpoints() => WriteAll(static directory => directory.WriteCheckpoints());

    /// <summary>Writes the high watermarks that have moved.</summary>
    public void WriteHighWatermarks() => WriteAll(static directory => directory.WriteHighWatermarks());

    private void WriteAll(Action<LogDirectory> write)
    {
        foreach (var directory in _directories)
        {
            try
            {
                write(directory);
            }
            catch (LogStorageException e)
            {
                Log.CheckpointFailed(_log, e, directory.Path);
            }
        }
    }

    /// <summary>Removes the files of deleted partitions.</summary>
    public void RemoveDeleted()
    {
        lock (_gate)
        {
            if (!_hasDeleted) return;
            _hasDeleted = false;
        }
        foreach (var directory in _directories)
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

    /// <summary>Closes what is open and gives the directories back.</summary>
    public void Close(bool clean, long brokerEpoch)
    {
        foreach (var directory in _directories)
        {
            try
            {
                directory.Close(clean, brokerEpoch);
            }
            catch (LogStorageException e)
            {
                Log.CloseFailed(_log, e, directory.Path);
            }
        }
    }

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();
}

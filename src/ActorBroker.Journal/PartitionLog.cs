using System.Collections.Immutable;
using ActorBroker.Journal.Epochs;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Producers;
using ActorBroker.Journal.Recovery;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Journal;

/// <summary>
/// One partition's log on disk: an endless file of record batches, cut into segments. It belongs to one owner (the replica's
/// actor), who alone appends, truncates, maintains and closes it; what it holds may be read from any thread.
/// </summary>
/// <remarks>
/// Offsets from <see cref="LogStartOffset"/> up to <see cref="LogEndOffset"/> are there. A failed append leaves the log as it was
/// before: the torn bytes are cut before the next one. A failed flush takes the log offline, as nobody knows then what is on
/// the disk; it has to be opened, and so recovered, again.
/// </remarks>
public sealed partial class PartitionLog : IDisposable
{
    private readonly ILogFileSystem _files;
    private readonly ILogger _log;
    private readonly ILogWatcher? _watcher;
    private readonly LeaderEpochCheckpoint _epochCheckpoint;
    private readonly ProducerSnapshots _snapshots;
    private readonly Queue<DeletedSegment> _deleted = new();
    private SegmentList _segments;
    private LeaderEpochs _epochs;
    private long _logStart;
    private long _logEnd;
    private long _recoveryPoint;
    private long _highWatermark;

    internal PartitionLog(LogPlace place, LogConfig config, RecoveredLog recovered, ILogger log, ILogWatcher? watcher)
    {
        (_files, Directory, Partition, TopicId) = (place.Files, place.Directory, place.Partition, place.TopicId);
        _log = log;
        _watcher = watcher;
        Config = config;
        _segments = new SegmentList([.. recovered.Segments]);
        _epochs = recovered.Epochs;
        _epochsAreUnsaved = _epochsAreUnflushed = !recovered.AreEpochsSaved;
        _epochCheckpoint = recovered.EpochCheckpoint;
        _snapshots = recovered.Snapshots;
        Producers = recovered.Producers;
        (_logStart, _logEnd) = (recovered.LogStart.Value, recovered.LogEnd.Value);
        _recoveryPoint = recovered.RecoveryPoint.Value;
        _highWatermark = recovered.HighWatermark.Value;
        _stagedEnd = recovered.LogEnd;
        _lastFlushMs = recovered.OpenedMs;
        _appendFile = _segments.Active.Acquire();
        foreach (var dropped in recovered.Dropped) _deleted.Enqueue(new(dropped, recovered.OpenedMs + config.FileDeleteDelayMs));
    }

    public TopicPartition Partition { get; }

    public TopicId TopicId { get; }

    public string Directory { get; }

    /// <summary>Changed by the owner when the topic's configuration changes; valid from the next call on.</summary>
    public LogConfig Config { get; set; }

    /// <summary>Duplicates and gaps of idempotent producers. The owner asks before it stages a batch.</summary>
    public ProducerStates Producers { get; }

    /// <summary>The first offset that may be read. Grows by retention and DeleteRecords.</summary>
    public Offset LogStartOffset => new(Volatile.Read(ref _logStart));

    /// <summary>
    /// The offset that the next record will have. Another thread may see it a moment before it can read up to it.
    /// </summary>
    public Offset LogEndOffset => new(Volatile.Read(ref _logEnd));

    /// <summary>All below is flushed.</summary>
    public Offset RecoveryPoint => new(Volatile.Read(ref _recoveryPoint));

    /// <summary>
    /// What the owner says is replicated: kept here because it is checkpointed with the log, and retention deletes nothing at
    /// or above it. After opening: as checkpointed, between log start and log end.
    /// </summary>
    public Offset HighWatermark
    {
        get => new(Volatile.Read(ref _highWatermark));
        set => Volatile.Write(ref _highWatermark, value.Value);
    }

    public LeaderEpochs Epochs => Volatile.Read(ref _epochs);

    /// <summary>Of all segments, without indexes.</summary>
    public long SizeBytes
    {
        get
        {
            var total = 0L;
            foreach (var segment in Segments.All) total += segment.SizeBytes;
            return total;
        }
    }

    public int SegmentCount => Segments.Count;

    /// <summary>A flush failed, or the directory: appends are refused until the log is opened again.</summary>
    public bool IsOffline { get; private set; }

    /// <summary>The owner heard that the disk has failed elsewhere: nothing is written any more.</summary>
    public void TakeOffline() => IsOffline = true;

    public bool IsClosed { get; private set; }

    /// <summary>Open, and nobody's: see <see cref="Leave"/>.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>Closed so that the next start need not read it.</summary>
    public bool IsClosedCleanly { get; private set; }

    /// <summary>The first segment's base offset: what is below it is gone.</summary>
    public Offset FirstSegmentOffset => Segments.All[0].BaseOffset;

    internal SegmentList Segments => Volatile.Read(ref _segments);

    private LogSegment Active => _segments.Active;

    /// <summary>
    /// Opens the log in a folder, or makes an empty one. After an unclean stop it reads all from the recovery point on, cuts what
    /// is torn or damaged, and rebuilds the indexes.
    /// </summary>
    /// <exception cref="LogStorageException">
    /// The disk cannot be read or written, or the folder belongs to another topic of that name.
    /// </exception>
    public static PartitionLog Open(
        LogPlace place, LogConfig config, LogStart start, long nowMs, ILogger log, ILogWatcher? watcher = null)
    {
        try
        {
            return new PartitionLog(place, config, new LogRecovery(place, config, start, nowMs, log).Run(), log, watcher);
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            throw LogStorageException.From(e, place.Directory, "Opening");
        }
    }

    /// <summary>What a leader's term means for the log: its records start at the log's end.</summary>
    public void BeginEpoch(Epoch epoch)
    {
        AssignEpoch(epoch, LogEndOffset);
        Guarded("Writing", () => IfThereIsRoom(SaveEpochs));
    }

    /// <summary>
    /// Forgets terms that have no record here: what this replica as a leader began and nobody wrote in. The next leader's records
    /// may be of a lower epoch.
    /// </summary>
    public void ForgetEmptyTerms()
    {
        Publish(_epochs.TruncatedTo(LogEndOffset));
        Guarded("Writing", () => IfThereIsRoom(SaveEpochs));
    }

    /// <summary>The epoch of the last record; none where there is no record.</summary>
    public Epoch LastEpoch => LogEndOffset > LogStartOffset ? Epochs.At(LogEndOffset + -1) : Epoch.None;

    /// <summary>Where an epoch's records end in this log.</summary>
    public EpochEnd EndOffsetForEpoch(Epoch epoch) => Epochs.EndOf(epoch, LogEndOffset);

    /// <summary>Closes all files. Anyone may still hold and read ranges.</summary>
    /// <param name="clean">
    /// Flush all and leave a producer snapshot, so that the next start need not read the log. Otherwise as a crash would leave
    /// it.
    /// </param>
    public void Close(bool clean)
    {
        if (IsClosed) return;
        if (clean && !IsOffline)
            Guarded("Closing", () =>
            {
                CutTornTail();
                Active.Seal();
                if (_snapshots.Latest < LogEndOffset) _snapshots.Write(LogEndOffset, Producers.ToSnapshot());
                SaveEpochs();
                Flush();
                Active.FlushIndexes();
                UnlinkDeleted(long.MaxValue);
                IsClosedCleanly = true;
            });
        Dispose();
    }

    /// <summary>Closes the files, and nothing more.</summary>
    public void Dispose()
    {
        if (IsClosed) return;
        IsClosed = true;
        Active.Release();
        foreach (var segment in _segments.All) segment.Dispose();
    }

    /// <summary>The owner has gone without closing it: from now on it is whoever's to close it who holds the directory.</summary>
    public void Leave() => IsLeft = true;

    public override string ToString() => Directory;

    private void AssignEpoch(Epoch epoch, Offset startOffset)
    {
        if (epoch == _epochs.Latest) return;
        Publish(_epochs.Assign(epoch, startOffset));
    }

    private void Publish(LeaderEpochs epochs)
    {
        if (ReferenceEquals(epochs, _epochs)) return;
        Volatile.Write(ref _epochs, epochs);
        _epochsAreUnsaved = _epochsAreUnflushed = true;
    }

    private void SaveEpochs()
    {
        if (!_epochsAreUnsaved) return;
        _epochCheckpoint.Write(_epochs);
        _epochsAreUnsaved = false;
    }

    /// <summary>The checkpoint has a recovery point that was taken back.</summary>
    private bool _recoveryPointIsUntold;

    private void TellRecoveryPoint()
    {
        if (!_recoveryPointIsUntold) return;
        _watcher?.RecoveryPointLowered(this);
        _recoveryPointIsUntold = false;
    }

    /// <summary>On a full disk later: no record is written before epochs and recovery point are, and without new records there is
    /// nothing that they would be missed for.</summary>
    private void IfThereIsRoom(Action save)
    {
        try
        {
            save();
        }
        catch (Exception e) when (LogStorageException.From(e, Directory, "Writing").Failure == LogStorageFailure.DiskFull)
        {
            Log.MaintenanceFailed(_log, e, Directory, "Writing a checkpoint (tried again with the next record)");
        }
    }

    private void Publish(SegmentList segments)
    {
        if (!ReferenceEquals(segments.Active, _segments.Active))
        {
            var file = segments.Active.Acquire();
            Active.Release();
            _appendFile = file;
        }
        Volatile.Write(ref _segments, segments);
    }

    private void Guarded(string doing, Action action)
    {
        ThrowIfUnusable();
        try
        {
            action();
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            throw LogStorageException.From(e, Directory, doing);
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        if (IsOffline)
            throw new LogStorageException(LogStorageFailure.Offline, Directory,
                $"{Directory} is offline after a failed flush or write. Restart the broker when the disk is well.");
    }

    private readonly record struct DeletedSegment(LogSegment Segment, long UnlinkAtMs);
}

/// <summary>Where a log lies and whose it is.</summary>
public sealed record LogPlace(ILogFileSystem Files, string Directory, TopicPartition Partition, TopicId TopicId);

/// <summary>What the data directory remembers of a log when it is opened.</summary>
/// <param name="IsClean">The last owner closed it; nothing need be read.</param>
/// <param name="RecoveryPoint">All below was flushed.</param>
public readonly record struct LogStart(bool IsClean, Offset RecoveryPoint, Offset LogStartOffset, Offset HighWatermark)
{
    /// <summary>Nothing is known: all is read.</summary>
    public static readonly LogStart Unknown = new(false, Offset.Zero, Offset.Zero, Offset.Zero);
}

/// <summary>Told by a log at once what must not wait for the next round of checkpoints.</summary>
public interface ILogWatcher
{
    /// <summary>The log was truncated below its recovery point: what is checkpointed says too much.</summary>
    void RecoveryPointLowered(PartitionLog log);

    /// <summary>Records were deleted on request and must not come back.</summary>
    void LogStartAdvanced(PartitionLog log);
}

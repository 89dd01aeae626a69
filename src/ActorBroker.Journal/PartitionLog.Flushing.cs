using ActorBroker.Journal.Files;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;

namespace ActorBroker.Journal;

/// <summary>Flushing: at once, or begun by the owner, run on a thread that may wait, and completed by the owner.</summary>
public sealed partial class PartitionLog
{
    private bool _epochsAreUnflushed;
    private bool _namesAreUnflushed = true;
    private bool _hasRolledSinceFlush;
    private long _lastFlushMs;

    /// <summary>Records that a power cut may take.</summary>
    public long UnflushedRecords => Math.Max(LogEndOffset - RecoveryPoint, 0);

    /// <summary><c>flush.messages</c> demands a flush before what was written is acknowledged.</summary>
    public bool MustFlushBeforeAcknowledging => UnflushedRecords >= Config.FlushMessages;

    /// <summary><c>flush.messages</c>, <c>flush.ms</c> or a closed segment asks for a flush.</summary>
    public bool IsFlushDue(long nowMs) =>
        _hasRolledSinceFlush
            || (UnflushedRecords > 0 && (MustFlushBeforeAcknowledging || nowMs - _lastFlushMs >= Config.FlushMs));

    /// <summary>Makes all that is in the log durable, and waits for it.</summary>
    /// <exception cref="LogStorageException">The log is offline now.</exception>
    public void Flush(long? nowMs = null)
    {
        var flush = BeginFlush();
        try
        {
            flush.Run();
        }
        finally
        {
            CompleteFlush(flush, nowMs ?? _lastFlushMs);
        }
    }

    /// <summary>
    /// Collects what is to be flushed now. Run it on any thread (<see cref="PendingFlush.RunAll"/> for several logs at once),
    /// then hand it to <see cref="CompleteFlush"/>. Appends may go on meanwhile; at most one flush of a log is pending.
    /// </summary>
    public PendingFlush BeginFlush()
    {
        ThrowIfUnusable();
        var flush = new PendingFlush(_files, Directory, LogEndOffset) { Generation = _truncations };
        try
        {
            IfThereIsRoom(SaveEpochs);
            var segments = _segments;
            for (var i = segments.IndexOf(RecoveryPoint); i < segments.Count; i++)
            {
                var segment = segments.All[i];
                flush.Add(segment.LogFile);
                if (i == segments.Count - 1) break;
                flush.Add(segment.Offsets.File.Shared);
                flush.Add(segment.Times.File.Shared);
            }
            if (_epochsAreUnflushed) flush.Epochs = _epochCheckpoint;
            flush.FlushesNames = _namesAreUnflushed || _epochsAreUnflushed;
            _namesAreUnflushed = _hasRolledSinceFlush = false;
            _epochsAreUnflushed = _epochsAreUnsaved;
            return flush;
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            flush.Dispose();
            throw LogStorageException.From(e, Directory, "Flushing");
        }
    }

    /// <summary>Takes note that all up to the flush's end is durable, or of its failure.</summary>
    public void CompleteFlush(PendingFlush flush, long nowMs)
    {
        flush.Dispose();
        if (flush.Failure is { } failure)
        {
            IsOffline = true;
            Log.Offline(_log, failure, Directory);
            return;
        }
        _lastFlushMs = nowMs;
        // A truncation may have come between.
        var flushed = Offset.Min(flush.UpTo, LogEndOffset);
        if (flush.IsDone && flushed > RecoveryPoint && flush.Generation == _truncations)
            Volatile.Write(ref _recoveryPoint, flushed.Value);
    }
}

/// <summary>The files of one log that wait for a flush. They stay open, even if their segments are deleted meanwhile.</summary>
public sealed class PendingFlush : IDisposable
{
    private readonly ILogFileSystem _files;
    private readonly string _directory;
    private readonly List<SharedFile> _held = [];
    private readonly List<ILogFile> _open = [];

    internal PendingFlush(ILogFileSystem files, string directory, Offset upTo)
    {
        _files = files;
        _directory = directory;
        UpTo = upTo;
    }

    /// <summary>The log's end when the flush began.</summary>
    public Offset UpTo { get; }

    public bool IsDone { get; private set; }

    /// <summary>Why it failed.</summary>
    public LogStorageException? Failure { get; private set; }

    internal Epochs.LeaderEpochCheckpoint? Epochs { get; set; }

    internal bool FlushesNames { get; set; }

    internal int Generation { get; init; }

    /// <exception cref="LogStorageException">It failed.</exception>
    public void Run() => RunAll([this]);

    /// <summary>Flushes several logs so that they share the disk's time.</summary>
    /// <exception cref="LogStorageException">
    /// One failed: its <see cref="Failure"/> says so; those without it are done.
    /// </exception>
    public static void RunAll(IReadOnlyList<PendingFlush> flushes)
    {
        LogStorageException? failure = null;
        foreach (var flush in flushes) flush.StartAll();
        foreach (var flush in flushes)
        {
            try
            {
                flush.FlushAll();
            }
            catch (Exception e) // Of whatever kind: what is not flushed must not count as flushed.
            {
                failure = flush.Failure = new LogStorageException(
                    LogStorageFailure.Offline, flush._directory, $"Flushing {flush._directory}: {e.Message}", e);
            }
        }
        if (failure is not null) throw failure;
    }

    /// <summary>Gives the files back.</summary>
    public void Dispose()
    {
        foreach (var file in _held) file.Release();
        _held.Clear();
        _open.Clear();
    }

    internal void Add(SharedFile file)
    {
        _open.Add(file.Acquire());
        _held.Add(file);
    }

    private void StartAll()
    {
        try
        {
            foreach (var file in _open) file.StartFlush();
        }
        catch (IOException)
        {
            // Only a hint; the flush itself says what is wrong with the file.
        }
    }

    private void FlushAll()
    {
        foreach (var file in _open) file.Flush();
        Epochs?.Flush();
        if (FlushesNames) _files.FlushDirectory(_directory);
        IsDone = true;
    }
}

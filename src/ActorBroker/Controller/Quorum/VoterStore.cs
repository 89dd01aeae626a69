using System.Collections.Immutable;
using ActorBroker.Core.Quorum;
using ActorBroker.Journal;
using ActorBroker.Journal.Directories;
using ActorBroker.Journal.Files;
using ActorBroker.Journal.Persistence;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Controller.Quorum;

/// <summary>
/// What a voter keeps on its disk: its state and the newest snapshot, each a file that is replaced as a whole, and the entries, a
/// log of Kafka's format with one batch for each, whose leader epoch is the entry's; and how far that log was flushed. One caller
/// at a time; all calls may block.
/// </summary>
internal sealed class VoterStore : IDisposable
{
    private const string StateFile = "quorum-state";
    private const string SnapshotFile = "quorum-snapshot";
    private const string MarkFile = "quorum-flushed";
    private const int MaxReadBytes = 1 << 20;
    private const int SegmentBytes = 64 << 20;

    private static readonly TopicPartition Entries = new("entries", 0);
    private static readonly DirectoryOwner Owner = new("actorbroker.quorum", new BrokerId(0), new TopicId(1));

    private readonly ILogFileSystem _files;
    private readonly string _folder;
    private readonly LogDirectory _directory;
    private readonly PartitionLog _log;
    private readonly FlushedMark _mark;
    private readonly Func<long> _nowMs;
    private bool _isFlushed = true;

    /// <summary>What was found is durable. Before, it may be what a process left behind that crashed, or whose flush failed, and
    /// only in the system's cache.</summary>
    private bool _isDurable;

    private VoterStore(
        ILogFileSystem files, string folder, LogDirectory directory, PartitionLog log, FlushedMark mark, Func<long> nowMs) =>
        (_files, _folder, _directory, _log, _mark, _nowMs) = (files, folder, directory, log, mark, nowMs);

    /// <summary>How far this store has made its log durable; null: it has not yet, and can't tell.</summary>
    public Offset? DurableEnd => _isDurable ? _mark.End : null;

    /// <exception cref="LogStorageException">The folder is in use, or can't be read.</exception>
    public static VoterStore Open(ILogFileSystem files, string folder, Func<long> nowMs, ILogger logger)
    {
        var directory = LogDirectory.Open(files, folder, Owner, logger);
        try
        {
            var config = new LogConfig
            {
                SegmentBytes = SegmentBytes,
                SegmentMs = long.MaxValue,
                CleanupDelete = false,
                FileDeleteDelayMs = 0,
            };
            var log = directory.OpenLog(Entries, TopicId.None, config, nowMs());
            var mark = FlushedMark.Open(files, Path.Combine(folder, MarkFile));
            return new VoterStore(files, folder, directory, log, mark, nowMs);
        }
        catch // Nobody else knows the directory yet, and it is locked; the cause goes on.
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Drops what a failed flush has left in the system's cache, where it passes for written: no later flush would write
    /// it. Nobody was told that it is stored.</summary>
    /// <param name="durableEnd"><see cref="DurableEnd"/> of the store before this one.</param>
    public void CutTo(Offset durableEnd)
    {
        var end = Offset.Max(durableEnd, _log.LogStartOffset);
        if (end < _log.LogEndOffset) Changed(() => _log.TruncateTo(end, _nowMs()));
    }

    /// <returns>Null: nothing was ever stored.</returns>
    /// <exception cref="InvalidDataException">What is stored is damaged, or some of what was flushed is missing.</exception>
    public StoredVoter? Load()
    {
        if (Read(StateFile) is not { } state)
        {
            // The state is the first that is stored.
            return _log.LogEndOffset == Offset.Zero && Read(SnapshotFile) is null ? null : throw Damaged(StateFile);
        }
        try
        {
            var wire = new WireReader(state.AsSpan());
            var meta = QuorumCodec.ReadMeta(ref wire);
            QuorumSnapshot? snapshot = null;
            if (Read(SnapshotFile) is { } bytes)
            {
                wire = new WireReader(bytes.AsSpan());
                snapshot = QuorumCodec.ReadSnapshot(ref wire);
            }
            if (_log.LogStartOffset > (snapshot?.End ?? Offset.Zero)) throw Damaged(SnapshotFile);
            if (_log.LogEndOffset < _mark.End)
                throw new InvalidDataException(
                    $"The log in {_folder} ends at offset {_log.LogEndOffset}, and was flushed up to {_mark.End}: some of it is "
                    + "lost.");
            return new StoredVoter(meta, snapshot, _log.LogStartOffset, ReadEntries());
        }
        catch (WireException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        catch (LogStorageException e) when (e.Failure == LogStorageFailure.Damaged)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Stores what the voter asks for; entries are durable after <see cref="Flush"/>.</summary>
    public void Run(VoterEffect effect)
    {
        switch (effect)
        {
            case VoterEffect.SaveMeta(var meta): Save(StateFile, wire => QuorumCodec.Write(wire, meta)); break;
            case VoterEffect.SaveSnapshot(var snapshot): Save(SnapshotFile, wire => QuorumCodec.Write(wire, snapshot)); break;
            case VoterEffect.DropBefore(var start): _log.AdvanceLogStart(start, _nowMs()); break;
            case VoterEffect.Reset(var start):
                _mark.Lower(Offset.Zero); // On the way to its new start, the log has neither end.
                Changed(() => _log.ResetTo(start, _nowMs()));
                break;
            case VoterEffect.Truncate(var end):
                _mark.Lower(end);
                Changed(() => _log.TruncateTo(end, _nowMs()));
                break;
            case VoterEffect.Write write: Changed(() => Write(write)); break;
        }
    }

    /// <summary>Makes all that was stored durable.</summary>
    public void Flush()
    {
        if (_isFlushed && _isDurable) return;
        _log.Flush(_nowMs());
        _isFlushed = _isDurable = true;
        _mark.Raise(_log.LogEndOffset);
    }

    public void Dispose()
    {
        _mark.Dispose();
        _directory.Close(clean: _isFlushed);
    }

    /// <summary>Leaves everything as a crash would, but for the lock: nothing is written any more.</summary>
    public void Abandon()
    {
        _mark.Dispose();
        _directory.Dispose();
    }

    private void Changed(Action change)
    {
        _isFlushed = false;
        change();
        _log.HighWatermark = _log.LogEndOffset;
    }

    private void Write(VoterEffect.Write write)
    {
        if (_log.LogEndOffset != write.Start)
            throw new InvalidOperationException($"Entries from offset {write.Start} on after those up to {_log.LogEndOffset}.");
        foreach (var entry in write.Entries)
        {
            var batch = Batch(wire => QuorumCodec.Write(wire, entry));
            RecordBatchHeader.TryRead(batch, out var header);
            _log.Stage(batch, header, entry.Epoch, _nowMs());
        }
        _log.WriteStaged(_nowMs());
    }

    private ImmutableArray<QuorumEntry> ReadEntries()
    {
        var entries = ImmutableArray.CreateBuilder<QuorumEntry>();
        for (var next = _log.LogStartOffset; next < _log.LogEndOffset;)
        {
            if (!_log.TryRead(next, _log.LogEndOffset, MaxReadBytes, minOneBatch: true, out var range) || range.IsEmpty)
                throw Damaged(Entries.ToString());
            var start = next;
            using (range)
            {
                foreach (var batch in new RecordBatches(range.ToArray()))
                {
                    var wire = new WireReader(Content(batch.Bytes, Entries.ToString()).AsSpan());
                    entries.Add(QuorumCodec.ReadEntry(ref wire));
                    next = batch.Header.NextOffset;
                }
            }
            if (next == start) throw Damaged(Entries.ToString());
        }
        return entries.DrainToImmutable();
    }

    private void Save(string file, Action<WireWriter> write) =>
        WholeFile.Write(_files, Path.Combine(_folder, file), Batch(write), durable: true);

    private byte[]? Read(string file)
    {
        var path = Path.Combine(_folder, file);
        return _files.FileExists(path) ? Content(WholeFile.Read(_files, path), file) : null;
    }

    /// <summary>A record batch, whose CRC says whether it is whole.</summary>
    private byte[] Batch(Action<WireWriter> write)
    {
        using var wire = new WireWriter();
        write(wire);
        using var batch = new RecordBatchBuilder();
        batch.Append(_nowMs(), default, wire.WrittenSpan);
        return batch.Build();
    }

    private byte[] Content(ReadOnlySpan<byte> batch, string what)
    {
        if (!JournalRecord.IsWholeBatch(batch)) throw Damaged(what);
        using var records = RecordBatchReader.Open(batch, int.MaxValue);
        foreach (var record in records) return record.Value.ToArray();
        throw Damaged(what);
    }

    private InvalidDataException Damaged(string what) => new($"{Path.Combine(_folder, what)} is damaged or missing.");
}

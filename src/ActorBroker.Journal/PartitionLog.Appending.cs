using ActorBroker.Journal.Files;
using ActorBroker.Journal.Producers;
using ActorBroker.Journal.Recovery;
using ActorBroker.Journal.Segments;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Journal;

/// <summary>
/// Appending: batches are staged, which fixes their offsets, and all that are staged are written with one call.
/// </summary>
public sealed partial class PartitionLog
{
    private readonly List<ReadOnlyMemory<byte>> _stagedBytes = [];
    private readonly List<StagedBatch> _staged = [];

    /// <summary>The producers as they are before each staged batch that starts a segment.</summary>
    private readonly Queue<IReadOnlyList<ProducerSnapshotEntry>> _stagedSnapshots = new();
    private ILogFile _appendFile;
    private Offset _stagedEnd;
    private SegmentFill _stagedFill;
    private bool _producersAreStaged;
    private bool _tailIsTorn;
    private bool _epochsAreUnsaved;

    /// <summary>The offset that the next staged record will have.</summary>
    public Offset StagedEndOffset => _stagedEnd;

    public int StagedCount => _staged.Count;

    /// <summary>Writing what is staged begins a new segment, which takes longer than a write.</summary>
    public bool WritingRolls => _stagedSnapshots.Count > 0;

    /// <summary>
    /// Gives a client's batch its place in the log: offset, leader epoch and, where the topic says so, the time are patched into
    /// its bytes. It is in the log after <see cref="WriteStaged"/>; until then the bytes must stay as they are.
    /// </summary>
    /// <param name="batch">One whole batch, validated.</param>
    /// <param name="header">Its header.</param>
    /// <exception cref="ArgumentException">The epoch is lower than one in the log: the caller leads no more.</exception>
    public Placement Stage(Memory<byte> batch, in RecordBatchHeader header, Epoch leaderEpoch, long nowMs)
    {
        // Recovery takes a falling epoch for damage.
        if (leaderEpoch < _epochs.Latest)
            throw new ArgumentException(
                $"{Partition}: a batch of leader epoch {leaderEpoch} after one of {_epochs.Latest}", nameof(leaderEpoch));
        var placed = header with { BaseOffset = _stagedEnd, LeaderEpoch = leaderEpoch };
        RecordBatchPatch.AssignOffset(batch.Span, _stagedEnd, leaderEpoch);
        var isLogAppendTime = Config.TimestampType == TimestampType.LogAppendTime;
        if (isLogAppendTime)
        {
            RecordBatchPatch.StampLogAppendTime(batch.Span, nowMs);
            placed = placed with { MaxTimestampMs = nowMs };
        }
        AddStaged(batch, placed, nowMs);
        return new(placed.BaseOffset, placed.LastOffset, isLogAppendTime ? nowMs : -1);
    }

    /// <summary>Stages batches of the leader as they are: offsets, epochs and timestamps are the leader's.</summary>
    /// <returns><c>false</c>: they are not whole, valid batches that go on where this log ends; nothing is staged.</returns>
    public bool TryStageFromLeader(ReadOnlyMemory<byte> batches, long nowMs)
    {
        var (next, epoch, bytes) = (_stagedEnd, _epochs.Latest, 0);
        foreach (var batch in new RecordBatches(batches.Span))
        {
            if (batch.Header.BaseOffset < next || batch.Header.LeaderEpoch < epoch) return false;
            if (batch.Header.LastOffsetDelta < 0) return false;
            if (batch.Header.Crc != RecordBatchHeader.ComputeCrc(batch.Bytes)) return false;
            (next, epoch) = (batch.Header.NextOffset, batch.Header.LeaderEpoch);
            bytes += batch.Bytes.Length;
        }
        if (bytes != batches.Length) return false;
        foreach (var batch in new RecordBatches(batches.Span))
            AddStaged(batches.Slice(batch.Position, batch.Bytes.Length), batch.Header, nowMs);
        return true;
    }

    /// <summary>Writes all staged batches, several with one call, into new segments where one is full.</summary>
    /// <exception cref="LogStorageException">
    /// What is below <see cref="LogEndOffset"/> is in the log, the rest of what was staged is not and is forgotten.
    /// </exception>
    public void WriteStaged(long nowMs)
    {
        if (_staged.Count == 0) return;
        try
        {
            ThrowIfUnusable();
            CutTornTail();
            SaveEpochs();
            TellRecoveryPoint();
            for (var first = 0; first < _staged.Count;)
            {
                if (_staged[first].StartsSegment) Roll(_staged[first].BaseOffset, _stagedSnapshots.Dequeue(), nowMs);
                first += WriteGroup(first, nowMs);
            }
            ClearStaged();
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            ForgetStaged(nowMs);
            throw LogStorageException.From(e, Directory, "Appending to");
        }
    }

    /// <summary>Stages and writes one batch.</summary>
    public Placement Append(Memory<byte> batch, in RecordBatchHeader header, Epoch leaderEpoch, long nowMs)
    {
        var placement = Stage(batch, header, leaderEpoch, nowMs);
        WriteStaged(nowMs);
        return placement;
    }

    private void AddStaged(ReadOnlyMemory<byte> bytes, in RecordBatchHeader placed, long nowMs)
    {
        if (_staged.Count == 0) _stagedFill = Active.Fill;
        var batch = new StagedBatch(placed.BaseOffset, placed.LastOffset, placed.MaxTimestampMs, bytes.Length);
        if (_stagedFill.MustRollBefore(batch, Config, nowMs))
        {
            batch = batch with { StartsSegment = true };
            _stagedSnapshots.Enqueue(Producers.ToSnapshot());
            _stagedFill = SegmentFill.StartingWith(batch, nowMs);
        }
        _stagedFill = _stagedFill.With(batch);
        AssignEpoch(placed.LeaderEpoch, placed.BaseOffset);
        Producers.Learn(placed, nowMs);
        _producersAreStaged |= placed.HasProducerId;
        _staged.Add(batch);
        _stagedBytes.Add(bytes);
        _stagedEnd = placed.NextOffset;
    }

    /// <summary>Writes as many staged batches as go into the active segment.</summary>
    private int WriteGroup(int first, long nowMs)
    {
        var count = 1;
        while (first + count < _staged.Count && !_staged[first + count].StartsSegment) count++;

        var segment = Active;
        _tailIsTorn = true;
        if (count == 1) _appendFile.Write(_stagedBytes[first].Span, segment.SizeBytes);
        else if (count == _staged.Count) _appendFile.Write(_stagedBytes, segment.SizeBytes);
        else _appendFile.Write(_stagedBytes.GetRange(first, count), segment.SizeBytes);
        _tailIsTorn = false;

        // Readers on other threads take the segment's size first and the log's end second (see TryRead): so in reverse here.
        Volatile.Write(ref _logEnd, _staged[first + count - 1].LastOffset.Value + 1);
        for (var i = first; i < first + count; i++) segment.Added(_staged[i], Config.IndexIntervalBytes, nowMs);
        return count;
    }

    private void Roll(Offset baseOffset, IReadOnlyList<ProducerSnapshotEntry> producers, long nowMs)
    {
        Active.Seal();
        _snapshots.Write(baseOffset, producers);
        Publish(_segments.With(LogSegment.Create(_files, Directory, baseOffset, nowMs)));
        _namesAreUnflushed = _hasRolledSinceFlush = true;
        Log.Rolled(_log, Directory, baseOffset.Value);
    }

    /// <summary>Cuts what a failed write left behind the last whole batch.</summary>
    private void CutTornTail()
    {
        if (!_tailIsTorn) return;
        _appendFile.SetLength(Active.SizeBytes);
        _tailIsTorn = false;
    }

    /// <summary>After a failed write: epochs and producers are again what the log says.</summary>
    private void ForgetStaged(long nowMs)
    {
        var producersAreStaged = _producersAreStaged;
        ClearStaged();
        try
        {
            Publish(_epochs.TruncatedTo(_stagedEnd));
            if (producersAreStaged) ProducerReplay.Run(_snapshots, Segments, _stagedEnd, Producers, nowMs);
        }
        catch (Exception e) when (LogStorageException.IsStorageError(e))
        {
            IsOffline = true;
            Log.Offline(_log, e, Directory);
        }
    }

    private void ClearStaged()
    {
        _staged.Clear();
        _stagedBytes.Clear();
        _stagedSnapshots.Clear();
        _producersAreStaged = false;
        _stagedEnd = LogEndOffset;
    }
}

/// <summary>Where a staged batch goes.</summary>
/// <param name="LogAppendTimeMs">The broker's time that the batch now has; -1 where the producer's times stay.</param>
public readonly record struct Placement(Offset BaseOffset, Offset LastOffset, long LogAppendTimeMs);

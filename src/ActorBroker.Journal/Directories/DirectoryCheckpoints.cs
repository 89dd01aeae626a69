using ActorBroker.Journal.Checkpoints;
using ActorBroker.Journal.Files;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Journal.Directories;

/// <summary>
/// A data directory's three checkpoints. What they said of logs that are not open is kept. Each is a few lines, replaced as a
/// whole; safe for several threads.
/// </summary>
internal sealed class DirectoryCheckpoints
{
    private readonly Lock _writing = new();
    private readonly OffsetCheckpoint _recoveryPointFile;
    private readonly OffsetCheckpoint _highWatermarkFile;
    private readonly OffsetCheckpoint _logStartFile;
    private readonly Dictionary<TopicPartition, Offset> _recoveryPoints;
    private readonly Dictionary<TopicPartition, Offset> _highWatermarks;
    private readonly Dictionary<TopicPartition, Offset> _logStarts;

    public DirectoryCheckpoints(ILogFileSystem files, string directory, ILogger log)
    {
        _recoveryPointFile = new(files, Path.Combine(directory, OffsetCheckpoint.RecoveryPoint));
        _highWatermarkFile = new(files, Path.Combine(directory, OffsetCheckpoint.Replication));
        _logStartFile = new(files, Path.Combine(directory, OffsetCheckpoint.LogStart));
        _recoveryPoints = Read(_recoveryPointFile, "logs are read from their start", log);
        _highWatermarks = Read(_highWatermarkFile, "high watermarks start at the logs' start", log);
        _logStarts = Read(_logStartFile, "logs start at their first segments", log);
    }

    public LogStart StartOf(TopicPartition partition, bool isClean)
    {
        lock (_writing)
            return new(isClean, Of(_recoveryPoints, partition), Of(_logStarts, partition), Of(_highWatermarks, partition));
    }

    public void Write(IEnumerable<PartitionLog> logs)
    {
        lock (_writing)
        {
            foreach (var log in logs) Note(log);
            _recoveryPointFile.Write(_recoveryPoints);
            _highWatermarkFile.Write(_highWatermarks);
            _logStartFile.Write(_logStarts);
        }
    }

    /// <summary>The high watermarks alone, where one has moved: they are written much more often.</summary>
    public void WriteHighWatermarks(IEnumerable<PartitionLog> logs)
    {
        lock (_writing)
        {
            var hasMoved = false;
            foreach (var log in logs)
            {
                var mark = log.HighWatermark;
                if (_highWatermarks.TryGetValue(log.Partition, out var before) && before == mark) continue;
                _highWatermarks[log.Partition] = mark;
                hasMoved = true;
            }
            if (hasMoved) _highWatermarkFile.Write(_highWatermarks);
        }
    }

    /// <summary>Recovery point and log start of one log, which must not wait for the next <see cref="Write"/>.</summary>
    public void WriteNow(PartitionLog log)
    {
        lock (_writing)
        {
            Note(log);
            _recoveryPointFile.Write(_recoveryPoints);
            _logStartFile.Write(_logStarts);
        }
    }

    public void Forget(TopicPartition partition)
    {
        lock (_writing)
        {
            _recoveryPoints.Remove(partition);
            _highWatermarks.Remove(partition);
            _logStarts.Remove(partition);
        }
    }

    private void Note(PartitionLog log)
    {
        _recoveryPoints[log.Partition] = log.RecoveryPoint;
        _highWatermarks[log.Partition] = log.HighWatermark;
        // Where the log starts with a segment, the segment's name says so.
        if (log.LogStartOffset > log.FirstSegmentOffset) _logStarts[log.Partition] = log.LogStartOffset;
        else _logStarts.Remove(log.Partition);
    }

    private static Offset Of(Dictionary<TopicPartition, Offset> offsets, TopicPartition partition) =>
        offsets.GetValueOrDefault(partition, Offset.Zero);

    private static Dictionary<TopicPartition, Offset> Read(OffsetCheckpoint file, string instead, ILogger log)
    {
        var offsets = file.Read(out var isDamaged);
        if (isDamaged) Log.CheckpointDamaged(log, file.Path, instead);
        return offsets;
    }
}

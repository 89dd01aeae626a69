using Microsoft.Extensions.Logging;

namespace ActorBroker.Journal;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Directory}: new segment at offset {BaseOffset}")]
    public static partial void Rolled(ILogger logger, string directory, long baseOffset);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "{Directory} is offline: what a failed write or flush left behind is unknown. Restart the broker when the disk is well")]
    public static partial void Offline(ILogger logger, Exception cause, string directory);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: {Valid} of {Total} bytes are valid batches; the rest is cut")]
    public static partial void TailCut(ILogger logger, string file, long valid, long total);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: dropped, as the log ends before it at offset {LogEnd}")]
    public static partial void SegmentDropped(ILogger logger, string file, long logEnd);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: an index is missing or disagrees with the log; both are rebuilt")]
    public static partial void IndexesRebuilt(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File}: removed, {Reason}")]
    public static partial void FileRemoved(ILogger logger, string file, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message =
        "{Directory}: the log ends at {LogEnd}, so the checkpointed log start {Checkpointed} is damaged; it starts at {First}, "
        + "and deleted records may be back")]
    public static partial void EndsBeforeStart(ILogger logger, string directory, long logEnd, long checkpointed, long first);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "{Directory}: recovered offsets {LogStart} to {LogEnd} after an unclean stop, reading {Segments} segments")]
    public static partial void Recovered(ILogger logger, string directory, long logStart, long logEnd, int segments);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: damaged; {Instead}")]
    public static partial void CheckpointDamaged(ILogger logger, string file, string instead);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Directory}: {Count} segments deleted ({Reason}), log starts at {LogStart}")]
    public static partial void Retained(ILogger logger, string directory, int count, string reason, long logStart);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Directory}: truncated to offset {LogEnd}")]
    public static partial void Truncated(ILogger logger, string directory, long logEnd);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Directory}: {Doing} failed")]
    public static partial void MaintenanceFailed(ILogger logger, Exception cause, string directory, string doing);
}

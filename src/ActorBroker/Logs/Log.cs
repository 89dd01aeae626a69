using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Logs;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Directory} holds {Partition}, which no topic knows; it is renamed to end in -stray")]
    public static partial void Stray(ILogger log, string directory, TopicPartition partition);

    [LoggerMessage(2, LogLevel.Error, "The checkpoints of {Directory} could not be written; a crash leaves more to recover")]
    public static partial void CheckpointFailed(ILogger log, Exception cause, string directory);

    [LoggerMessage(3, LogLevel.Warning, "Deleted partitions in {Directory} could not be removed; it is tried again")]
    public static partial void RemoveFailed(ILogger log, Exception cause, string directory);

    [LoggerMessage(4, LogLevel.Error, "{Directory} could not be closed cleanly; the next start recovers its logs")]
    public static partial void CloseFailed(ILogger log, Exception cause, string directory);

    [LoggerMessage(5, LogLevel.Error,
        "Data directory {Directory} has failed: its {Partitions} partitions are offline here until it is mended and the broker "
        + "started again; the other directories go on")]
    public static partial void DirectoryHasFailed(ILogger log, Exception cause, string directory, int partitions);

    [LoggerMessage(6, LogLevel.Error,
        "Data directory {Directory} can't be used: partitions that are in none of the others stay offline here until it is "
        + "mended, or taken out of log.dirs, and the broker started again")]
    public static partial void DirectoryNotOpened(ILogger log, Exception cause, string directory);

    [LoggerMessage(7, LogLevel.Critical, "All data directories have failed")]
    public static partial void AllFailed(ILogger log);

    [LoggerMessage(8, LogLevel.Warning,
        "{Directory} holds an old copy of {Partition}, of when it failed; it is renamed to end in -stray, the one in {Newer} counts")]
    public static partial void OldCopy(ILogger log, string directory, TopicPartition partition, string newer);
}

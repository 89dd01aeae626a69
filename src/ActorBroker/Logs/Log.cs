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
}

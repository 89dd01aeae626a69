using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Replicas;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information,
        "{Partition} leads from epoch {Epoch} on: offsets {LogStart} to {LogEnd}, high watermark {HighWatermark}")]
    public static partial void Leads(
        ILogger log, TopicPartition partition, Epoch epoch, Offset logStart, Offset logEnd, Offset highWatermark);

    [LoggerMessage(2, LogLevel.Information, "{Partition} follows broker {Leader} from epoch {Epoch} on")]
    public static partial void Follows(ILogger log, TopicPartition partition, BrokerId leader, Epoch epoch);

    [LoggerMessage(3, LogLevel.Error,
        "{Partition} is offline, its storage failed: produce and fetch answer KafkaStorageError until the broker starts again")]
    public static partial void Offline(ILogger log, Exception cause, TopicPartition partition);

    [LoggerMessage(20, LogLevel.Error,
        "{Partition} can't be opened and answers KafkaStorageError; it is tried again after {Delay}")]
    public static partial void OpenFailed(ILogger log, Exception cause, TopicPartition partition, TimeSpan delay);

    [LoggerMessage(4, LogLevel.Error, "{Partition} could not store what a producer sent; it keeps trying with what comes next")]
    public static partial void AppendFailed(ILogger log, Exception cause, TopicPartition partition);

    [LoggerMessage(5, LogLevel.Information, "{Partition} stores again")]
    public static partial void AppendsAgain(ILogger log, TopicPartition partition);

    [LoggerMessage(6, LogLevel.Warning, "{Partition}: {Work} failed, it is tried again later")]
    public static partial void WorkFailed(ILogger log, Exception cause, TopicPartition partition, string work);

    [LoggerMessage(7, LogLevel.Warning, "{Partition} could not be read from offset {From}")]
    public static partial void ReadFailed(ILogger log, Exception cause, TopicPartition partition, Offset from);

    [LoggerMessage(8, LogLevel.Error, "Replica {Replica} stopped on an error of the broker; it is started again from its log")]
    public static partial void Restarted(ILogger log, ReplicaId replica);

    [LoggerMessage(10, LogLevel.Warning,
        "{Partition} refuses what broker {Leader} sent from offset {From} on: damaged on the way, or not what comes next")]
    public static partial void BadCopy(ILogger log, TopicPartition partition, Offset from, BrokerId leader);

    [LoggerMessage(11, LogLevel.Information,
        "{Partition} ends at {LogEnd} and is cut to {End}, where broker {Leader} goes on in epoch {Epoch}; "
        + "high watermark {HighWatermark}")]
    public static partial void Truncates(
        ILogger log, TopicPartition partition, Offset logEnd, Offset end, Offset highWatermark, BrokerId leader, Epoch epoch);

    [LoggerMessage(12, LogLevel.Information,
        "{Partition} ends at {LogEnd}, before the log of broker {Leader} starts: it starts anew at {LogStart}")]
    public static partial void StartsAnew(
        ILogger log, TopicPartition partition, Offset logEnd, Offset logStart, BrokerId leader);

    [LoggerMessage(13, LogLevel.Warning,
        "{Partition}: the leader's log differs from epoch {Epoch} on, which ends there at {EndOffset}, and this one at {LogEnd} "
        + "has nothing to cut; it is tried again")]
    public static partial void NothingToCut(
        ILogger log, TopicPartition partition, Epoch epoch, Offset endOffset, Offset logEnd);

    [LoggerMessage(14, LogLevel.Information,
        "{Partition} proposes {Proposed} replicas in sync, it has {InSync}; high watermark {HighWatermark}, log end {LogEnd}")]
    public static partial void ProposesInSync(
        ILogger log, TopicPartition partition, int inSync, int proposed, Offset highWatermark, Offset logEnd);

    [LoggerMessage(15, LogLevel.Information, "{Partition}: in sync are {Replicas}, partition epoch {Epoch}")]
    public static partial void InSync(ILogger log, TopicPartition partition, string replicas, int epoch);

    [LoggerMessage(16, LogLevel.Information, "{Partition}: the controller refuses the replicas proposed in sync: {Error}")]
    public static partial void InSyncRefused(ILogger log, TopicPartition partition, ErrorCode error);

    [LoggerMessage(17, LogLevel.Warning,
        "No answer of the controller on the in-sync replicas of {Count} partitions, they are proposed again: {Cause}")]
    public static partial void ProposalsLost(ILogger log, string cause, int count);

    [LoggerMessage(18, LogLevel.Warning, "The controller refuses the in-sync replicas of {Count} partitions: {Error}")]
    public static partial void ProposalsRefused(ILogger log, ErrorCode error, int count);

    [LoggerMessage(19, LogLevel.Warning,
        "The controller refuses to hear of the storage of {Count} replicas: {Error}; it is told again")]
    public static partial void ReportRefused(ILogger log, ErrorCode error, int count);

    [LoggerMessage(21, LogLevel.Warning,
        "No answer of the controller on the storage of {Count} replicas, it is told again: {Cause}")]
    public static partial void ReportLost(ILogger log, string cause, int count);

    [LoggerMessage(22, LogLevel.Error,
        "{Partition} loses the records from offset {From} up to {To}: broker {Leader}, which leads in epoch {Epoch}, does not have "
        + "them, as an election was unclean. Known to have been committed are those before {HighWatermark}")]
    public static partial void LosesRecords(
        ILogger log, TopicPartition partition, Offset from, Offset to, Offset highWatermark, BrokerId leader, Epoch epoch);

    [LoggerMessage(23, LogLevel.Warning,
        "{Partition}: of {Replicas} replicas only this one is in sync, so acks=all promises no more than acks=1 until another one "
        + "has caught up. min.insync.replicas=2 would refuse writes instead")]
    public static partial void AcksAllIsAcksOne(ILogger log, TopicPartition partition, int replicas);

    [LoggerMessage(9, LogLevel.Information, "{Partition} deleted records before offset {LogStart} as asked")]
    public static partial void RecordsDeleted(ILogger log, TopicPartition partition, Offset logStart);
}

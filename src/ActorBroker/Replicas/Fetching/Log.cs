using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Replicas.Fetching;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Replicas can't be copied from broker {Source}, it is tried again: {Cause}")]
    public static partial void SourceFails(ILogger log, string cause, BrokerId source);

    [LoggerMessage(2, LogLevel.Debug, "Replicas still can't be copied from broker {Source}")]
    public static partial void SourceStillFails(ILogger log, Exception cause, BrokerId source);

    [LoggerMessage(3, LogLevel.Information, "Replicas are copied from broker {Source} again")]
    public static partial void SourceAnswers(ILogger log, BrokerId source);

    [LoggerMessage(4, LogLevel.Debug, "{Partition}: {Error} from broker {Source}, asked as its leader of epoch {Epoch}")]
    public static partial void Refused(ILogger log, TopicPartition partition, ErrorCode error, BrokerId source, Epoch epoch);
}

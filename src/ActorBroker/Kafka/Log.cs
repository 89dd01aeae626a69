using System.Net;
using ActorBroker.Protocol;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Kafka;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Listener {Name} accepts Kafka clients on {Address}")]
    public static partial void Listening(ILogger log, string name, EndPoint address);

    [LoggerMessage(2, LogLevel.Debug, "Connection {Id} from {Client} opened")]
    public static partial void Opened(ILogger log, long id, string client);

    [LoggerMessage(3, LogLevel.Debug, "Connection {Id} from {Client} closed: {Why}")]
    public static partial void Closed(ILogger log, long id, string client, string why);

    [LoggerMessage(4, LogLevel.Warning, "Connection {Id} from {Client} is closed, it does not speak Kafka's protocol: {Why}")]
    public static partial void Malformed(ILogger log, long id, string client, string why);

    [LoggerMessage(5, LogLevel.Error,
        "Connection {Id} from {Client} is closed, {Api} version {Version} of client {ClientId} failed")]
    public static partial void Failed(
        ILogger log, Exception cause, long id, string client, ApiKey api, short version, string clientId);

    [LoggerMessage(6, LogLevel.Warning, "A connection from {Client} is refused: {Count} are open, the limit {Limit} is {Max}")]
    public static partial void Refused(ILogger log, string client, int count, string limit, int max);

    [LoggerMessage(7, LogLevel.Error, "Listener {Name} could not accept a connection; it tries again")]
    public static partial void AcceptFailed(ILogger log, Exception cause, string name);

    [LoggerMessage(8, LogLevel.Error, "A batch for {Partition} is refused: looking at it failed")]
    public static partial void BatchFailed(ILogger log, Exception cause, TopicPartition partition);
}

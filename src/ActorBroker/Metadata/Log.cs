using Microsoft.Extensions.Logging;

namespace ActorBroker.Metadata;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Metadata version {Version} with {Topics} topics is served")]
    public static partial void Published(ILogger log, long version, int topics);

    [LoggerMessage(2, LogLevel.Information, "What follows metadata version {Version} was lost on its way; it is asked for again")]
    public static partial void HasGap(ILogger log, long version);

    [LoggerMessage(3, LogLevel.Warning,
        "Broker {Broker} stood still or was cut off for more than {Limit}: it leads nothing until the controller answers")]
    public static partial void OutOfTouch(ILogger log, Protocol.BrokerId broker, TimeSpan limit);

    [LoggerMessage(4, LogLevel.Information, "Broker {Broker} is in touch with the cluster at metadata version {Version}")]
    public static partial void InTouch(ILogger log, Protocol.BrokerId broker, long version);
}

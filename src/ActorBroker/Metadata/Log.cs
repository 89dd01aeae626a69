using Microsoft.Extensions.Logging;

namespace ActorBroker.Metadata;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Metadata version {Version} with {Topics} topics is served")]
    public static partial void Published(ILogger log, long version, int topics);

    [LoggerMessage(2, LogLevel.Information, "What follows metadata version {Version} was lost on its way; it is asked for again")]
    public static partial void HasGap(ILogger log, long version);
}

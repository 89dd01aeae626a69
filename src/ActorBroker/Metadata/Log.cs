using Microsoft.Extensions.Logging;

namespace ActorBroker.Metadata;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Metadata version {Version} with {Topics} topics is served")]
    public static partial void Published(ILogger log, long version, int topics);
}

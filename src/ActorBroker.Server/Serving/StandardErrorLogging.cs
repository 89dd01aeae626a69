using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ActorBroker.Server.Serving;

/// <summary>Logs one line an event to standard error; standard output has only the line that says the broker is ready.</summary>
internal static class StandardErrorLogging
{
    public static ILoggerFactory Create(LogLevel level) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(level)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            format.UseUtcTimestamp = true;
            format.ColorBehavior = LoggerColorBehavior.Disabled;
        }));
}

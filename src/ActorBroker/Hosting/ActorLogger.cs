using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace ActorBroker.Hosting;

/// <summary>Gives the actor system's <see cref="ActorLogger"/> the host's logging.</summary>
internal sealed class LoggingSetup(ILoggerFactory factory) : Setup
{
    public ILoggerFactory Factory { get; } = factory;
}

/// <summary>Passes what the actor system logs on to Microsoft.Extensions.Logging, under the class that logs. Named in
/// reference.conf.</summary>
internal sealed class ActorLogger : ReceiveActor
{
    private readonly ConcurrentDictionary<Type, ILogger> _loggers = new();

    public ActorLogger()
    {
        var factory = Context.System.Settings.Setup.Get<LoggingSetup>();
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(logged =>
        {
            if (!factory.HasValue) return;
            var logger = _loggers.GetOrAdd(
                logged.LogClass ?? typeof(ActorSystem), type => factory.Value.Factory.CreateLogger(type));
            Write(logger, LevelOf(logged.LogLevel()), logged);
        });
    }

    private static LogLevel LevelOf(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    private static void Write(ILogger logger, LogLevel level, LogEvent logged)
    {
        if (logger.IsEnabled(level))
            ActorSystemLog.Logged(logger, level, logged.Cause, logged.Message?.ToString() ?? "", logged.LogSource);
    }
}

internal static partial class ActorSystemLog
{
    [LoggerMessage(EventId = 1, Message = "{Message} [{Source}]")]
    public static partial void Logged(ILogger log, LogLevel level, Exception? cause, string message, string source);
}

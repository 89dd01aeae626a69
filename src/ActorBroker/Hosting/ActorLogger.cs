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
            // The class of who logs under a name instead of a class says nothing.
            var type = logged.LogClass is null || logged.LogClass == typeof(DummyClassForStringSources)
                ? typeof(ActorSystem) : logged.LogClass;
            var logger = _loggers.GetOrAdd(type, static (type, factory) => factory.CreateLogger(type), factory.Value.Factory);
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

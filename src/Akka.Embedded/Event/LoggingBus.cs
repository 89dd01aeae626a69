using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Event;

/// <summary>Carries log events to loggers: subscribers by level.</summary>
public class LoggingBus : ActorEventBus<object, Type>
{
    private static readonly LogLevel[] AllLevels = Enum.GetValues<LogLevel>();
    private readonly List<IActorRef> _loggers = [];

    public LogLevel LogLevel { get; private set; }

    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);
    protected override void Publish(object @event, IActorRef subscriber) => subscriber.Tell(@event, ActorRefs.NoSender);
    protected override bool Classify(object @event, Type classifier) => classifier.IsInstanceOfType(@event);
    protected override Type GetClassifier(object @event) => @event.GetType();

    /// <summary>From now on loggers get events of this level and above.</summary>
    public void SetLogLevel(LogLevel logLevel)
    {
        LogLevel = logLevel;
        foreach (var logger in _loggers) SubscribeByLevel(logger, logLevel);
    }

    /// <summary>Logs to the console until the loggers of the configuration have started.</summary>
    public void StartStdoutLogger(Settings config)
    {
        if (IsOff(config.StdoutLogLevel)) return;
        LogLevel = Logging.LogLevelFor(config.StdoutLogLevel);
        _loggers.Add(config.StdoutLogger);
        SubscribeByLevel(config.StdoutLogger, LogLevel);
    }

    internal void StartDefaultLoggers(ActorSystemImpl system)
    {
        var settings = system.Settings;
        var level = IsOff(settings.LogLevel) ? LogLevel.ErrorLevel + 1 : Logging.LogLevelFor(settings.LogLevel);
        var started = new List<IActorRef>();
        foreach (var name in settings.Loggers)
        {
            var type = Util.TypeNames.Find(name)
                ?? throw new Configuration.ConfigurationException($"[akka.loggers] names [{name}], which can't be loaded.");
            started.Add(StartLogger(system, type, $"log{started.Count + 1}-{type.Name}", level));
        }
        if (started.Count > 0) StopStdoutLogger(settings);
        _loggers.AddRange(started);
        LogLevel = level;
    }

    /// <summary>At the end of the system: back to the console, as the loggers are about to go.</summary>
    internal void StopDefaultLoggers(ActorSystemImpl system)
    {
        if (!IsOff(system.Settings.StdoutLogLevel) && !_loggers.Contains(system.Settings.StdoutLogger))
            SubscribeByLevel(system.Settings.StdoutLogger, Logging.LogLevelFor(system.Settings.StdoutLogLevel));
        foreach (var logger in _loggers.Where(l => l is not MinimalLogger)) Unsubscribe(logger);
    }

    private IActorRef StartLogger(ActorSystemImpl system, Type type, string name, LogLevel level)
    {
        var props = new Props(type).WithDispatcher(system.Settings.LoggersDispatcher);
        var logger = system.SystemActorOf(props, name);
        var answer = logger.Ask(new InitializeLogger(this), system.Settings.LoggerStartTimeout);
        if (!system.Settings.LoggerAsyncStart && !system.Settings.IsSimulated)
        {
            try
            {
                var reply = answer.GetAwaiter().GetResult();
                if (reply is not LoggerInitialized)
                    throw new LoggerInitializationException($"Logger {name} answered {reply} to InitializeLogger.");
            }
            catch (AskTimeoutException e)
            {
                throw new LoggerInitializationException(
                    $"Logger {name} did not start within {system.Settings.LoggerStartTimeout}.", e);
            }
        }
        SubscribeByLevel(logger, level);
        return logger;
    }

    private void StopStdoutLogger(Settings settings)
    {
        _loggers.Remove(settings.StdoutLogger);
        Unsubscribe(settings.StdoutLogger);
    }

    private void SubscribeByLevel(IActorRef logger, LogLevel level)
    {
        foreach (var each in AllLevels)
        {
            if (each >= level) Subscribe(logger, each.ClassFor());
            else Unsubscribe(logger, each.ClassFor());
        }
    }

    private static bool IsOff(string level) => level.Equals("OFF", StringComparison.OrdinalIgnoreCase);
}

/// <summary>To a logger actor: start, and answer with <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger(LoggingBus loggingBus) : INoSerializationVerificationNeeded
{
    public LoggingBus LoggingBus { get; } = loggingBus;
}

/// <summary>Answer of a logger actor to <see cref="InitializeLogger"/>.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression;

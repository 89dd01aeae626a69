using Akka.Actor;

namespace Akka.Event;

/// <summary>Makes adapters, and translates levels.</summary>
public static class Logging
{
    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter? logMessageFormatter = null)
    {
        var system = context.System;
        return New(system.EventStream, LogSource.Create(context, system), logMessageFormatter ?? system.Settings.LogFormatter);
    }

    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj,
        ILogMessageFormatter? logMessageFormatter = null) =>
        New(system.EventStream, LogSource.Create(logSourceObj, system), logMessageFormatter ?? system.Settings.LogFormatter);

    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj,
        ILogMessageFormatter? logMessageFormatter = null) =>
        New(loggingBus, LogSource.Create(logSourceObj), logMessageFormatter ?? DefaultLogMessageFormatter.Instance);

    public static string SimpleName(object o) => SimpleName(o.GetType());
    public static string SimpleName(Type t) => t.Name;

    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentException("There is no such level.", nameof(logLevel)),
    };

    public static string StringFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        _ => throw new ArgumentException("There is no such level.", nameof(logLevel)),
    };

    public static LogLevel LogLevelFor(string logLevel) => logLevel?.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        _ => throw new ArgumentException($"[{logLevel}] is no level of DEBUG, INFO, WARNING and ERROR.", nameof(logLevel)),
    };

    public static LogLevel LogLevelFor<T>() where T : LogEvent =>
        typeof(T) == typeof(Debug) ? LogLevel.DebugLevel
        : typeof(T) == typeof(Info) ? LogLevel.InfoLevel
        : typeof(T) == typeof(Warning) ? LogLevel.WarningLevel
        : typeof(T) == typeof(Error) ? LogLevel.ErrorLevel
        : throw new ArgumentException($"{typeof(T)} has no level.");

    private static BusLogging New(LoggingBus bus, LogSource source, ILogMessageFormatter formatter) =>
        new(bus, source.Source, source.Type, formatter);
}

/// <summary>Name and class that stand in log events.</summary>
public struct LogSource
{
    private LogSource(string source, Type type)
    {
        Source = source;
        Type = type;
    }

    public string Source { get; }
    public Type Type { get; }

    public static LogSource Create(object o) => o switch
    {
        IActorContext context => new LogSource(context.Self.Path.ToString(), SourceType(o)),
        IActorRef actor => new LogSource(actor.Path.ToString(), SourceType(o)),
        string text => new LogSource(text, SourceType(o)),
        Type type => new LogSource(Logging.SimpleName(type), SourceType(o)),
        ActorSystem system => new LogSource(system.ToString() ?? "", SourceType(o)),
        _ => new LogSource(Logging.SimpleName(o), SourceType(o)),
    };

    public static LogSource Create(string source, Type t) => new(source, t);

    public static LogSource Create(object o, ActorSystem system) => o switch
    {
        IActorContext context => new LogSource(FromActor(context, system), SourceType(o)),
        IActorRef actor => new LogSource(FromActorRef(actor, system), SourceType(o)),
        string text => new LogSource(FromString(text, system), SourceType(o)),
        Type type => new LogSource(FromType(type, system), SourceType(o)),
        ActorSystem same => new LogSource(same.ToString() ?? "", SourceType(o)),
        _ => new LogSource(FromType(o.GetType(), system), SourceType(o)),
    };

    public static Type SourceType(object o) => o switch
    {
        Type type => type,
        IActorContext context => context.Props.Type,
        string => typeof(DummyClassForStringSources),
        _ => o.GetType(),
    };

    public static string FromType(Type t, ActorSystem system) => $"{Logging.SimpleName(t)} ({system})";
    public static string FromString(string source, ActorSystem system) => $"{source}({system})";
    public static string FromActor(IActorContext actor, ActorSystem system) => FromActorRef(actor.Self, system);

    /// <summary>The path, with the address that other nodes know if there is one.</summary>
    public static string FromActorRef(IActorRef a, ActorSystem system) =>
        a.Path.ToStringWithAddress(((ExtendedActorSystem)system).Provider.DefaultAddress);
}

/// <summary>Class of log sources that are only a name.</summary>
public class DummyClassForStringSources;

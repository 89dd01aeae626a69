namespace Akka.Event;

/// <summary>Makes text of a format and its arguments.</summary>
public interface ILogMessageFormatter
{
    string Format(string format, params object[] args);
    string Format(string format, IEnumerable<object> args);
}

/// <summary>Formats as string.Format does.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter() { }

    public string Format(string format, params object[] args) =>
        args.Length == 0 ? format : string.Format(System.Globalization.CultureInfo.InvariantCulture, format, args);

    public string Format(string format, IEnumerable<object> args) => Format(format, args.ToArray());
}

/// <summary>Where a class writes its log; <see cref="LoggingExtensions"/> has the handy methods.</summary>
public interface ILoggingAdapter
{
    ILogMessageFormatter Formatter { get; }
    bool IsDebugEnabled { get; }
    bool IsInfoEnabled { get; }
    bool IsWarningEnabled { get; }
    bool IsErrorEnabled { get; }
    bool IsEnabled(LogLevel logLevel);
    void Log(LogLevel logLevel, Exception? cause, LogMessage message);
    void Log(LogLevel logLevel, Exception? cause, string format);
}

/// <summary>A format with its arguments; becomes text only if somebody logs it.</summary>
public abstract class LogMessage
{
    protected readonly ILogMessageFormatter Formatter;

    public LogMessage(ILogMessageFormatter formatter, string format)
    {
        Formatter = formatter;
        Format = format;
    }

    public string Format { get; }

    /// <summary>The values before formatting, for debugging.</summary>
    public abstract string Unformatted();
    public abstract IEnumerable<object> Parameters();
}

internal sealed class FormattedLogMessage(ILogMessageFormatter formatter, string format, object[] args)
    : LogMessage(formatter, format)
{
    public override string Unformatted() => string.Join(',', args);
    public override IEnumerable<object> Parameters() => args;
    public override string ToString() => Formatter.Format(Format, args);
}

/// <summary>Base of adapters.</summary>
public abstract class LoggingAdapterBase : ILoggingAdapter
{
    protected LoggingAdapterBase(ILogMessageFormatter logMessageFormatter) => Formatter = logMessageFormatter;

    public ILogMessageFormatter Formatter { get; }
    public abstract bool IsDebugEnabled { get; }
    public abstract bool IsErrorEnabled { get; }
    public abstract bool IsInfoEnabled { get; }
    public abstract bool IsWarningEnabled { get; }

    protected abstract void NotifyLog(LogLevel logLevel, object message, Exception? cause = null);

    public bool IsEnabled(LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => IsDebugEnabled,
        LogLevel.InfoLevel => IsInfoEnabled,
        LogLevel.WarningLevel => IsWarningEnabled,
        LogLevel.ErrorLevel => IsErrorEnabled,
        _ => false,
    };

    public void Log(LogLevel logLevel, Exception? cause, LogMessage message)
    {
        if (IsEnabled(logLevel)) NotifyLog(logLevel, message, cause);
    }

    public void Log(LogLevel logLevel, Exception? cause, string format)
    {
        if (IsEnabled(logLevel)) NotifyLog(logLevel, format, cause);
    }
}

/// <summary>Publishes to the bus.</summary>
public sealed class BusLogging(LoggingBus bus, string logSource, Type logClass, ILogMessageFormatter logMessageFormatter)
    : LoggingAdapterBase(logMessageFormatter)
{
    public LoggingBus Bus { get; } = bus;
    public string LogSource { get; } = logSource;
    public Type LogClass { get; } = logClass;
    public override bool IsDebugEnabled => Bus.LogLevel <= LogLevel.DebugLevel;
    public override bool IsInfoEnabled => Bus.LogLevel <= LogLevel.InfoLevel;
    public override bool IsWarningEnabled => Bus.LogLevel <= LogLevel.WarningLevel;
    public override bool IsErrorEnabled => Bus.LogLevel <= LogLevel.ErrorLevel;

    protected override void NotifyLog(LogLevel logLevel, object message, Exception? cause = null) => Bus.Publish(logLevel switch
    {
        LogLevel.DebugLevel => new Debug(cause!, LogSource, LogClass, message),
        LogLevel.InfoLevel => new Info(cause!, LogSource, LogClass, message),
        LogLevel.WarningLevel => new Warning(cause!, LogSource, LogClass, message),
        _ => new Error(cause!, LogSource, LogClass, message),
    });
}

/// <summary>Logs nothing.</summary>
public sealed class NoLogger : ILoggingAdapter
{
    public static readonly ILoggingAdapter Instance = new NoLogger();

    private NoLogger() { }

    public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;
    public bool IsDebugEnabled => false;
    public bool IsInfoEnabled => false;
    public bool IsWarningEnabled => false;
    public bool IsErrorEnabled => false;
    public bool IsEnabled(LogLevel logLevel) => false;
    public void Log(LogLevel logLevel, Exception? cause, LogMessage message) { }
    public void Log(LogLevel logLevel, Exception? cause, string format) { }
}

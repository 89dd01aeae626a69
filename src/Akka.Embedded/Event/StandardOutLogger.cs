using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Event;

/// <summary>A logger that is no actor: for the time before actors run and after they have stopped.</summary>
public abstract class MinimalLogger : MinimalActorRef
{
    public sealed override ActorPath Path { get; } = new RootActorPath(new Address("akka", "all-systems"), "/StandardOutLogger");
    public sealed override IActorRefProvider Provider =>
        throw new NotSupportedException("A logger that is no actor has no provider.");

    protected abstract void Log(object message);

    protected sealed override void TellInternal(object message, IActorRef sender) =>
        Log(message ?? throw new ArgumentNullException(nameof(message), "There is nothing to log."));
}

/// <summary>Writes to the console.</summary>
public class StandardOutLogger : MinimalLogger
{
    private static readonly Lock Gate = new();

    public static bool UseColors { get; set; } = true;
    public static ConsoleColor DebugColor { get; set; } = ConsoleColor.Gray;
    public static ConsoleColor InfoColor { get; set; } = ConsoleColor.White;
    public static ConsoleColor WarningColor { get; set; } = ConsoleColor.Yellow;
    public static ConsoleColor ErrorColor { get; set; } = ConsoleColor.Red;

    protected override void Log(object message)
    {
        if (message is LogEvent entry) Print(entry);
        else Console.WriteLine(message);
    }

    internal static void Print(LogEvent entry)
    {
        string text;
        try
        {
            text = entry.ToString();
        }
        catch (FormatException e)
        {
            text = $"A log message of {entry.LogSource} can't be formatted ({e.Message}): {(entry.Message as LogMessage)?.Format}";
        }
        lock (Gate)
        {
            var colored = UseColors && !Console.IsOutputRedirected;
            if (colored) Console.ForegroundColor = ColorOf(entry.LogLevel());
            Console.WriteLine(text);
            if (colored) Console.ResetColor();
        }
    }

    private static ConsoleColor ColorOf(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => DebugColor,
        LogLevel.InfoLevel => InfoColor,
        LogLevel.WarningLevel => WarningColor,
        _ => ErrorColor,
    };
}

/// <summary>The logger actor unless <c>akka.loggers</c> says otherwise: writes to the console.</summary>
public class DefaultLogger : ActorBase, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent entry:
                Print(entry);
                return true;
            default:
                return false;
        }
    }

    protected virtual void Print(LogEvent logEvent) => StandardOutLogger.Print(logEvent);
}

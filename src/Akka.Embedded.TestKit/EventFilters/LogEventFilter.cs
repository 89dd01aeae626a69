using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>A predicate on log events that tells who listens about its matches.</summary>
internal sealed class LogEventFilter(string name, Predicate<LogEvent> isMatch) : IEventFilter
{
    public event Action<LogEvent>? Matched;

    public bool Apply(LogEvent logEvent)
    {
        if (!isMatch(logEvent)) return false;
        Matched?.Invoke(logEvent);
        return true;
    }

    public override string ToString() => name;
}

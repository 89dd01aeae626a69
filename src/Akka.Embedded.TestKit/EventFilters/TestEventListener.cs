using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>The logger of test systems: logs what no <see cref="EventFilterFactory"/> filter picks out.</summary>
public class TestEventListener : DefaultLogger
{
    private readonly List<LogEventFilter> _filters = [];

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                foreach (var type in (Type[])[typeof(TestEvent.Mute), typeof(TestEvent.Unmute), typeof(DeadLetter),
                    typeof(UnhandledMessage)])
                    initialize.LoggingBus.Subscribe(Self, type);
                return base.Receive(message);
            case TestEvent.Mute mute:
                _filters.AddRange(mute.Filters);
                return true;
            case TestEvent.Unmute unmute:
                _filters.RemoveAll(unmute.Filters.Contains);
                return true;
            case LogEvent logEvent:
                if (!IsPicked(logEvent)) Print(logEvent);
                return true;
            case DeadLetter letter:
                IsPicked(new DeadLetterEvent(letter)); // Only counted: the system itself logs dead letters.
                return true;
            case UnhandledMessage unhandled:
                var warning = new Warning(
                    unhandled.Recipient.Path.ToString(), unhandled.Recipient.GetType(),
                    $"Unhandled message from {unhandled.Sender}: {unhandled.Message}");
                if (!IsPicked(warning)) Print(warning);
                return true;
            default:
                return base.Receive(message);
        }
    }

    /// <summary>Every filter sees every event, so that each one counts its own.</summary>
    private bool IsPicked(LogEvent logEvent)
    {
        var picked = false;
        foreach (var filter in _filters) picked |= filter.Apply(logEvent);
        return picked;
    }
}

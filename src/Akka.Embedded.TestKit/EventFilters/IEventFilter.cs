using Akka.Event;

namespace Akka.TestKit;

/// <summary>Picks events out of the log.</summary>
public interface IEventFilter
{
    /// <returns>Is the event one of those meant? Then it is not logged while the filter is on.</returns>
    bool Apply(LogEvent logEvent);
}

/// <summary>Turns a filter off that was turned on for longer than one action.</summary>
public interface IUnmutableFilter : IDisposable
{
    void Unmute();
}

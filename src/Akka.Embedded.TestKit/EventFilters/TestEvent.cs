using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>Published to the event stream of a system to turn filters of its <see cref="TestEventListener"/> on and
/// off.</summary>
internal static class TestEvent
{
    public sealed class Mute(IReadOnlyList<LogEventFilter> filters) : INoSerializationVerificationNeeded
    {
        public IReadOnlyList<LogEventFilter> Filters { get; } = filters;
    }

    public sealed class Unmute(IReadOnlyList<LogEventFilter> filters) : INoSerializationVerificationNeeded
    {
        public IReadOnlyList<LogEventFilter> Filters { get; } = filters;
    }
}

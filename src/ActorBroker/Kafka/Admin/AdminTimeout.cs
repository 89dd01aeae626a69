using ActorBroker.Core.Controller;
using ActorBroker.Protocol;

namespace ActorBroker.Kafka.Admin;

/// <summary>How long an administrator's request may wait for the controller, and what it hears after that.</summary>
internal static class AdminTimeout
{
    /// <summary>For APIs whose requests carry no timeout.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static readonly Verdict Verdict = new(
        ErrorCode.RequestTimedOut,
        "The controller did not answer in time; the change may still take effect. Look before you try again.");

    /// <summary>A client that wants no wait at all still gets the time that a healthy controller needs.</summary>
    public static TimeSpan Of(int timeoutMs) =>
        timeoutMs <= 0 ? Default : TimeSpan.FromMilliseconds(Math.Min(timeoutMs, Longest.TotalMilliseconds));
}

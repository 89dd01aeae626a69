namespace Akka.TestKit.Internal;

internal static class TimeSpanExtensions
{
    public static bool IsInfinite(this TimeSpan time) => time < TimeSpan.Zero;

    public static TimeSpan Min(this TimeSpan a, TimeSpan b) => a.IsInfinite() ? b : b.IsInfinite() || a < b ? a : b;

    /// <summary>What a semaphore takes for a time: infinite is -1 ms, and nothing is longer than int.MaxValue ms.</summary>
    public static TimeSpan AsTimeout(this TimeSpan time) =>
        time.IsInfinite() || time.TotalMilliseconds >= int.MaxValue ? Timeout.InfiniteTimeSpan : time;
}

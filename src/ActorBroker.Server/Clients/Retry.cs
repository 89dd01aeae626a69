namespace ActorBroker.Server.Clients;

/// <summary>Tries again, with growing pauses, what failed for a reason that may pass.</summary>
internal static class Retry
{
    /// <summary>Broken connections, silence, and errors that Kafka calls retriable.</summary>
    public static bool MayPass(Exception error) =>
        error is IOException or TimeoutException or KafkaException { IsRetriable: true };

    /// <summary>
    /// Runs <paramref name="attempt"/> until it succeeds, fails for good, or <paramref name="timeout"/> is over.
    /// </summary>
    public static async Task<T> RunAsync<T>(
        ClientOptions options, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellation, TimeSpan? timeout = null)
    {
        var started = options.Time.GetTimestamp();
        for (var pause = options.RetryBackoff; ; pause = NextPause(options, pause))
        {
            try
            {
                return await attempt(cancellation);
            }
            catch (
                Exception e) when (MayPass(e) && options.Time.GetElapsedTime(started) + pause < (timeout ?? options.RetryTimeout))
            {
                await Task.Delay(pause, options.Time, cancellation);
            }
        }
    }

    public static TimeSpan NextPause(ClientOptions options, TimeSpan pause) =>
        TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, options.MaxRetryBackoff.Ticks));
}

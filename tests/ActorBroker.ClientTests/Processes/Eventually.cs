using System.Diagnostics;

namespace ActorBroker.ClientTests.Processes;

/// <summary>Waits for a condition that another process makes true.</summary>
internal static class Eventually
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">It did not become true within <see cref="ChildProcess.Patience"/>.</exception>
    public static async Task TrueAsync(Func<bool> condition, Func<string> otherwise)
    {
        var waited = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(_pause);
        while (!condition())
        {
            if (waited.Elapsed > ChildProcess.Patience) throw new TimeoutException(otherwise());
            await timer.WaitForNextTickAsync();
        }
    }
}

using System.Collections.Concurrent;

namespace Akka.TestKit.Internal;

/// <summary>What a test actor got and the test hasn't taken yet. Many writers, one reader.</summary>
internal sealed class ReceivedMessages
{
    private readonly ConcurrentQueue<RealMessageEnvelope> _messages = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public bool Any => !_messages.IsEmpty;

    public void Add(RealMessageEnvelope message)
    {
        _messages.Enqueue(message);
        _arrived.Release();
    }

    /// <summary>The oldest message, waiting for one up to <paramref name="timeout"/>; null when none came.</summary>
    /// <param name="wait">How to wait: on this thread, or as a task.</param>
    /// <param name="leave">Leave it there for the next caller.</param>
    public async Task<RealMessageEnvelope?> Next(Wait wait, TimeSpan timeout, bool leave, CancellationToken cancellation)
    {
        if (wait == Wait.Blocking ? !_arrived.Wait(timeout, cancellation) : !await _arrived.WaitAsync(timeout, cancellation))
            return null;
        RealMessageEnvelope? message;
        if (!leave)
        {
            _messages.TryDequeue(out message);
        }
        else
        {
            _messages.TryPeek(out message);
            _arrived.Release();
        }

        return message;
    }

    public List<RealMessageEnvelope> Drain()
    {
        var all = new List<RealMessageEnvelope>();
        while (_arrived.Wait(0) && _messages.TryDequeue(out var message)) all.Add(message);
        return all;
    }
}

/// <summary>
/// The kit's methods come in two forms with one body: a body that waits <see cref="Blocking"/> is complete when it returns, so
/// its
/// result can be taken at once, and no thread of the pool is needed to go on.
/// </summary>
internal enum Wait
{
    Blocking,
    Async,
}

internal static class BlockingResults
{
    /// <summary>The result of a body that waited <see cref="Wait.Blocking"/>.</summary>
    public static T Done<T>(this Task<T> complete) => complete.GetAwaiter().GetResult();

    public static void Done(this Task complete) => complete.GetAwaiter().GetResult();
}

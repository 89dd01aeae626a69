using System.Threading.Tasks.Sources;
using ActorBroker.Replicas;
using ActorBroker.Threads;

namespace ActorBroker.Kafka.Sockets;

/// <summary>
/// Wakes one waiter; a signal that comes before it waits is kept (auto-reset). Any thread may set it, one at a time waits.
/// </summary>
/// <param name="afterMailbox">Where it is set by replicas: the waiter goes on when the mailbox has run, not within it; if none runs,
/// on this pool. Null: within <see cref="Set"/>.</param>
internal sealed class AsyncSignal(WorkPool? afterMailbox = null) : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Unset = 0, Signaled = 1, Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>
    /// Completes at the next <see cref="Set"/>. Signals can be stale: the waiter looks at what it waits for, and waits again.
    /// </summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Unset, Signaled) == Signaled) return ValueTask.CompletedTask;
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Unset) == Unset) return new ValueTask(this, _core.Version);
        _state = Unset; // Set since the first look.
        return ValueTask.CompletedTask;
    }

    public void Set()
    {
        if (Interlocked.CompareExchange(ref _state, Signaled, Unset) != Waiting) return;
        if (Interlocked.CompareExchange(ref _state, Unset, Waiting) != Waiting) return; // Another one woke it.
        if (afterMailbox is not null) CallerThread.RunAfterMailbox(this, afterMailbox);
        else _core.SetResult(true);
    }

    void IThreadPoolWorkItem.Execute() => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

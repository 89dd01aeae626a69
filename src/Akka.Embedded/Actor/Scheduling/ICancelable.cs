namespace Akka.Actor;

/// <summary>A request to stop something that may still happen.</summary>
public interface ICancelable
{
    bool IsCancellationRequested { get; }
    CancellationToken Token { get; }
    void Cancel();
    void Cancel(bool throwOnFirstException);
    void CancelAfter(TimeSpan delay);
    void CancelAfter(int millisecondsDelay);
}

/// <summary>The usual <see cref="ICancelable"/>; delayed cancelling goes by the scheduler's time.</summary>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler? _scheduler;
    private CancellationTokenSource? _source; // Only made for those who ask for the token.
    private int _cancelled;

    public Cancelable(IScheduler scheduler) : this(scheduler.Advanced) { }
    public Cancelable(IScheduler scheduler, TimeSpan delay) : this(scheduler.Advanced, delay) { }
    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler, TimeSpan.FromMilliseconds(millisecondsDelay)) { }
    public Cancelable(IActionScheduler scheduler) => _scheduler = scheduler;
    public Cancelable(IActionScheduler scheduler, TimeSpan delay) : this(scheduler) => CancelAfter(delay);

    public bool IsCancellationRequested => Volatile.Read(ref _cancelled) != 0;
    public bool IsDisposed { get; private set; }

    public CancellationToken Token
    {
        get
        {
            var source = _source;
            if (source is null)
            {
                source = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref _source, source, null) ?? source;
                if (IsCancellationRequested) source.Cancel();
            }
            return source.Token;
        }
    }

    public void Cancel() => Cancel(false);

    public void Cancel(bool throwOnFirstException)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (Interlocked.Exchange(ref _cancelled, 1) == 0) _source?.Cancel(throwOnFirstException);
    }

    public void CancelAfter(TimeSpan delay)
    {
        if (delay < TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(delay), $"A delay can't be negative: {delay}");
        if (delay == TimeSpan.Zero) Cancel();
        else _scheduler?.ScheduleOnce(delay, () => { if (!IsDisposed) Cancel(); }, this);
    }

    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    public static ICancelable CreateCanceled()
    {
        var cancelled = new Cancelable((IActionScheduler)null!);
        cancelled.Cancel();
        return cancelled;
    }

    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params ICancelable[] cancelables) =>
        CreateLinkedCancelable(scheduler.Advanced, cancelables);

    public static ICancelable CreateLinkedCancelable(IActionScheduler scheduler, params ICancelable[] cancelables)
    {
        var linked = new Cancelable(scheduler);
        foreach (var cancelable in cancelables) cancelable.Token.Register(linked.Cancel);
        return linked;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        IsDisposed = true;
        _source?.Dispose();
    }
}

/// <summary>Shorthands.</summary>
public static class CancelableExtensions
{
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}

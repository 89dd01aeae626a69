using Akka.Actor;

namespace Akka.Pattern;

/// <summary>
/// Keeps calls away from something that fails. Closed: calls go through, and so many failures in a row open it. Open: calls fail
/// at once with <see cref="OpenCircuitException"/> until the reset timeout has passed. Half-open: one call goes through and
/// decides. A call that lasts longer than the call timeout counts as failed. Safe for any thread.
/// </summary>
public class CircuitBreaker
{
    private readonly Lock _lock = new();
    private readonly List<Action> _onOpen = [];
    private readonly List<Action> _onHalfOpen = [];
    private readonly List<Action> _onClose = [];
    private State _state = State.Closed;
    private int _failures;
    private TimeSpan _openedAt;
    private bool _trialUnderWay;

    public CircuitBreaker(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout)
    {
        Scheduler = scheduler;
        MaxFailures = maxFailures;
        CallTimeout = callTimeout;
        ResetTimeout = resetTimeout;
    }

    private enum State
    {
        Closed,
        Open,
        HalfOpen,
    }

    public IScheduler Scheduler { get; }

    public int MaxFailures { get; }

    public TimeSpan CallTimeout { get; }

    public TimeSpan ResetTimeout { get; }

    /// <summary>Failures in a row.</summary>
    public long CurrentFailureCount => Volatile.Read(ref _failures);

    public Exception? LastCaughtException { get; private set; }

    public bool IsClosed => Now() == State.Closed;

    public bool IsOpen => Now() == State.Open;

    public bool IsHalfOpen => Now() == State.HalfOpen;

    public static CircuitBreaker Create(IScheduler scheduler, int maxFailures, TimeSpan callTimeout, TimeSpan resetTimeout) =>
        new(scheduler, maxFailures, callTimeout, resetTimeout);

    public CircuitBreaker OnOpen(Action callback) => Calling(_onOpen, callback);

    public CircuitBreaker OnHalfOpen(Action callback) => Calling(_onHalfOpen, callback);

    public CircuitBreaker OnClose(Action callback) => Calling(_onClose, callback);

    /// <exception cref="OpenCircuitException">The circuit is open.</exception>
    /// <exception cref="TimeoutException">The call lasted longer than <see cref="CallTimeout"/>; it may still end.</exception>
    public async Task<T> WithCircuitBreaker<T>(Func<Task<T>> body)
    {
        Enter();
        try
        {
            var call = body();
            // The scheduler's clock, so that a test with virtual time decides when a call is late.
            if (!call.IsCompleted) await WaitAsync(call).ConfigureAwait(false);
            var result = await call.ConfigureAwait(false);
            Succeed();
            return result;
        }
        catch (Exception cause)
        {
            Failed(cause);
            throw;
        }
    }

    /// <inheritdoc cref="WithCircuitBreaker{T}(Func{Task{T}})"/>
    public Task WithCircuitBreaker(Func<Task> body) => WithCircuitBreaker(async () =>
    {
        await body().ConfigureAwait(false);
        return Done.Instance;
    });

    /// <inheritdoc cref="WithCircuitBreaker{T}(Func{Task{T}})"/>
    public Task<T> WithCircuitBreaker<T, TState>(TState state, Func<TState, Task<T>> body) =>
        WithCircuitBreaker(() => body(state));

    /// <inheritdoc cref="WithCircuitBreaker{T}(Func{Task{T}})"/>
    public Task WithCircuitBreaker<TState>(TState state, Func<TState, Task> body) => WithCircuitBreaker(() => body(state));

    /// <inheritdoc cref="WithCircuitBreaker{T}(Func{Task{T}})"/>
    public T WithSyncCircuitBreaker<T>(Func<T> body)
    {
        Enter();
        try
        {
            var result = body();
            Succeed();
            return result;
        }
        catch (Exception cause)
        {
            Failed(cause);
            throw;
        }
    }

    /// <inheritdoc cref="WithCircuitBreaker{T}(Func{Task{T}})"/>
    public void WithSyncCircuitBreaker(Action body) => WithSyncCircuitBreaker(() =>
    {
        body();
        return Done.Instance;
    });

    /// <summary>Says that a call, made without this breaker, succeeded.</summary>
    public void Succeed()
    {
        var closed = false;
        lock (_lock)
        {
            _failures = 0;
            _trialUnderWay = false;
            if (_state == State.HalfOpen)
            {
                _state = State.Closed;
                closed = true;
            }
        }

        if (closed) Tell(_onClose);
    }

    /// <summary>Says that a call, made without this breaker, failed.</summary>
    public void Fail() => Failed(new UserCalledFailException());

    private void Failed(Exception cause)
    {
        var opened = false;
        lock (_lock)
        {
            LastCaughtException = cause;
            _trialUnderWay = false;
            _failures++;
            if (_state == State.HalfOpen || (_state == State.Closed && _failures >= MaxFailures))
            {
                _state = State.Open;
                _openedAt = Scheduler.MonotonicClock;
                opened = true;
            }
        }

        if (opened) Tell(_onOpen);
    }

    private void Enter()
    {
        var state = Now();
        lock (_lock)
        {
            if (state == State.Closed) return;
            if (state == State.HalfOpen && !_trialUnderWay)
            {
                _trialUnderWay = true;
                return;
            }

            var left = _openedAt + ResetTimeout - Scheduler.MonotonicClock;
            throw new OpenCircuitException(
                "Circuit Breaker is open; calls are failing fast", LastCaughtException,
                    left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    /// <summary>
    /// The state, with an open breaker half-open once its time has passed: looked at when needed, so no timer is kept.
    /// </summary>
    private State Now()
    {
        var halfOpened = false;
        State state;
        lock (_lock)
        {
            if (_state == State.Open && Scheduler.MonotonicClock - _openedAt >= ResetTimeout)
            {
                _state = State.HalfOpen;
                halfOpened = true;
            }

            state = _state;
        }

        if (halfOpened) Tell(_onHalfOpen);
        return state;
    }

    private async Task WaitAsync(Task call)
    {
        var late = new TaskCompletionSource(Embedded.Completion.Options(Scheduler));
        var timer = new Cancelable(Scheduler);
        Scheduler.Advanced.ScheduleOnce(CallTimeout, late.SetResult, timer);
        if (await Task.WhenAny(call, late.Task).ConfigureAwait(false) != call)
            throw new TimeoutException($"Execution did not complete within the time allotted {CallTimeout.TotalMilliseconds} ms");
        timer.Cancel();
    }

    private CircuitBreaker Calling(List<Action> listeners, Action callback)
    {
        lock (_lock) listeners.Add(callback);
        return this;
    }

    private void Tell(List<Action> listeners)
    {
        Action[] told;
        lock (_lock) told = [.. listeners];
        foreach (var callback in told) callback();
    }
}

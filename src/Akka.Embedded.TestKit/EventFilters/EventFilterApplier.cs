using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>Turns filters on, runs an action, counts the events and turns the filters off.</summary>
internal sealed class EventFilterApplier(TestKitBase testkit, ActorSystem system, IReadOnlyList<LogEventFilter> filters)
    : IEventFilterApplier
{
    public EventFilterFactory And => new(testkit, system, filters);

    private TimeSpan Leeway => testkit.TestKitSettings.TestEventFilterLeeway;

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) => Expect(1, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, func, cancellationToken);

    public Task ExpectOneAsync(Action action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, Leeway, action, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, action, cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, func, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Expect(expectedCount, Leeway, action, cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Intercept(Wait.Blocking, expectedCount, timeout, Returning(action), cancellationToken).Done();

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(expectedCount, Leeway, func, cancellationToken);

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Intercept(Wait.Blocking, expectedCount, timeout, () => Task.FromResult(func()), cancellationToken).Done();

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, Leeway, actionAsync, cancellationToken);

    public Task ExpectAsync(
        int expectedCount, Func<Task> actionAsync, TimeSpan? timeout, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, timeout ?? Leeway, actionAsync, cancellationToken);

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Intercept(Wait.Async, expectedCount, timeout, Returning(action), cancellationToken);

    public Task ExpectAsync(
        int expectedCount, TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        Intercept(Wait.Async, expectedCount, timeout, Returning(action), cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, Leeway, func, cancellationToken);

    public Task<T> ExpectAsync<T>(
        int expectedCount, TimeSpan timeout, Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        Intercept(Wait.Async, expectedCount, timeout, func, cancellationToken);

    public IUnmutableFilter Mute()
    {
        system.EventStream.Publish(new TestEvent.Mute(filters));
        return new Muted(this);
    }

    public void Mute(Action action, CancellationToken cancellationToken = default) =>
        Mute(() => Returning(action)().Done(), cancellationToken);

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using (Mute()) return func();
    }

    public Task MuteAsync(Action action, CancellationToken cancellationToken = default) =>
        MuteAsync(Returning(action), cancellationToken);

    public Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default) =>
        MuteAsync(Returning(action), cancellationToken);

    public async Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using (Mute()) return await func();
    }

    private async Task<T> Intercept<T>(
        Wait wait, int expected, TimeSpan timeout, Func<Task<T>> action, CancellationToken cancellation)
    {
        var seen = 0;
        foreach (var filter in filters) filter.Matched += Count;
        try
        {
            using var muted = Mute();
            var result = await action();
            await AwaitCount(wait, expected, testkit.Dilated(timeout), () => Volatile.Read(ref seen), cancellation);
            return result;
        }
        finally
        {
            foreach (var filter in filters) filter.Matched -= Count;
        }

        void Count(LogEvent logEvent) => Interlocked.Increment(ref seen);
    }

    /// <summary>Expecting none takes the whole time; more than expected are only noticed by then.</summary>
    private async Task AwaitCount(Wait wait, int expected, TimeSpan timeout, Func<int> seen, CancellationToken cancellation)
    {
        var interval = TimeSpan.FromMilliseconds(10);
        bool Enough() => expected > 0 ? seen() >= expected : seen() > 0;
        if (wait == Wait.Async) await testkit.AwaitConditionNoThrowAsync(Enough, timeout, interval, cancellation);
        else testkit.AwaitConditionNoThrow(Enough, timeout, interval, cancellation);
        if (seen() != expected)
            testkit.FailTest($"Expected {expected} log events of {string.Join(" or ", filters)}, but {seen()} came within {timeout}");
    }

    private static Func<Task<object?>> Returning(Action action) => () =>
    {
        action();
        return Task.FromResult<object?>(null);
    };

    private static Func<Task<object?>> Returning(Func<Task> action) => async () =>
    {
        await action();
        return null;
    };

    private void Unmute() => system.EventStream.Publish(new TestEvent.Unmute(filters));

    private sealed class Muted(EventFilterApplier applier) : IUnmutableFilter
    {
        public void Unmute() => applier.Unmute();

        public void Dispose() => Unmute();
    }
}

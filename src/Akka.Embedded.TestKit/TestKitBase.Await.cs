using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Waiting for a condition by asking again and again.</summary>
public abstract partial class TestKitBase
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Tries until the assertion doesn't throw; throws its last exception when the time is over.</summary>
    public void AwaitAssert(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitPassing(Wait.Blocking, AsTask(assertion), RemainingOrDilated(duration), interval, cancellationToken).Done();

    /// <inheritdoc cref="AwaitAssert"/>
    public Task AwaitAssertAsync(
        Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitPassing(Wait.Async, AsTask(assertion), RemainingOrDilated(duration), interval, cancellationToken);

    /// <inheritdoc cref="AwaitAssert"/>
    public Task AwaitAssertAsync(
        Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        AwaitPassing(Wait.Async, assertion, RemainingOrDilated(duration), interval, cancellationToken);

    /// <summary>The condition must become true within the time.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default) =>
        AwaitTrue(Wait.Blocking, AsTask(conditionIsFulfilled), RemainingOrDilated(max), interval, message, cancellationToken)
            .Done();

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(AsTask(conditionIsFulfilled), null, null, null, cancellationToken);

    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(AsTask(conditionIsFulfilled), max, null, message, cancellationToken);

    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(AsTask(conditionIsFulfilled), max, interval, message, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string? message, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null,
        CancellationToken cancellationToken = default) =>
        AwaitTrue(Wait.Async, conditionIsFulfilled, RemainingOrDilated(max), interval, message, cancellationToken);

    /// <returns>Did the condition become true within the time?</returns>
    public bool AwaitConditionNoThrow(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Poll(Wait.Blocking, AsTask(conditionIsFulfilled), Dilated(max), interval, cancellationToken).Done();

    /// <inheritdoc cref="AwaitConditionNoThrow"/>
    public Task<bool> AwaitConditionNoThrowAsync(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Poll(Wait.Async, AsTask(conditionIsFulfilled), Dilated(max), interval, cancellationToken);

    /// <inheritdoc cref="AwaitConditionNoThrow"/>
    public Task<bool> AwaitConditionNoThrowAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Poll(Wait.Async, conditionIsFulfilled, Dilated(max), interval, cancellationToken);

    private async Task AwaitTrue(
        Wait wait, Func<Task<bool>> condition, TimeSpan max, TimeSpan? interval, string? message, CancellationToken cancellation)
    {
        if (!await Poll(wait, condition, max, interval, cancellation))
            Fail($"The condition has not become true within {max}{Hint(message)}");
    }

    private static async Task<bool> Poll(
        Wait wait, Func<Task<bool>> condition, TimeSpan max, TimeSpan? interval, CancellationToken cancellation)
    {
        var deadline = Deadline(max);
        while (!await condition())
        {
            var left = Until(deadline);
            if (left == TimeSpan.Zero) return false;
            await Pause(wait, left.Min(interval ?? DefaultInterval), cancellation);
        }

        return true;
    }

    private static async Task AwaitPassing(
        Wait wait, Func<Task> assertion, TimeSpan max, TimeSpan? interval, CancellationToken cancellation)
    {
        var deadline = Deadline(max);
        while (true)
        {
            var left = Until(deadline);
            try
            {
                await assertion();
                return;
            }
            catch when (left != TimeSpan.Zero)
            {
            }

            await Pause(wait, left.Min(interval ?? DefaultInterval), cancellation);
        }
    }

    private static async Task Pause(Wait wait, TimeSpan time, CancellationToken cancellation)
    {
        if (wait == Wait.Async) await Task.Delay(time, cancellation);
        else if (cancellation.WaitHandle.WaitOne(time)) cancellation.ThrowIfCancellationRequested();
    }

    private static Func<Task<bool>> AsTask(Func<bool> condition) => () => Task.FromResult(condition());

    private static Func<Task> AsTask(Action assertion) => () =>
    {
        assertion();
        return Task.CompletedTask;
    };
}

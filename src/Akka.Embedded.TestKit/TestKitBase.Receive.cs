using System.Collections;
using System.Runtime.CompilerServices;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Taking messages without a judgement on them.</summary>
public abstract partial class TestKitBase
{
    /// <summary>The next message; null when none came in time. Zero doesn't wait, a negative time waits for ever.</summary>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Next(Wait.Blocking, RemainingOrDilated(max), cancellationToken).Done()?.Message;

    /// <inheritdoc cref="ReceiveOne"/>
    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await Next(Wait.Async, RemainingOrDilated(max), cancellationToken))?.Message;

    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var next = Next(Wait.Blocking, RemainingOrDilated(max), cancellationToken).Done();
        envelope = next ?? (MessageEnvelope)NullMessageEnvelope.Instance;
        return next is not null;
    }

    public async ValueTask<(
        bool success, MessageEnvelope envelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var next = await Next(Wait.Async, RemainingOrDilated(max), cancellationToken);
        return (next is not null, next ?? (MessageEnvelope)NullMessageEnvelope.Instance);
    }

    /// <summary>The next message, left where it is; null when none came in time.</summary>
    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Peek(Wait.Blocking, RemainingOrDilated(max), cancellationToken).Done()?.Message;

    /// <inheritdoc cref="PeekOne(TimeSpan?, CancellationToken)"/>
    public object? PeekOne(CancellationToken cancellationToken) => PeekOne(null, cancellationToken);

    /// <inheritdoc cref="PeekOne(TimeSpan?, CancellationToken)"/>
    public async ValueTask<object?> PeekOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await Peek(Wait.Async, RemainingOrDilated(max), cancellationToken))?.Message;

    /// <inheritdoc cref="PeekOne(TimeSpan?, CancellationToken)"/>
    public ValueTask<object?> PeekOneAsync(CancellationToken cancellationToken) => PeekOneAsync(null, cancellationToken);

    public bool TryPeekOne(out MessageEnvelope envelope, TimeSpan? max, CancellationToken cancellationToken)
    {
        var next = Peek(Wait.Blocking, RemainingOrDilated(max), cancellationToken).Done();
        envelope = next ?? (MessageEnvelope)NullMessageEnvelope.Instance;
        return next is not null;
    }

    public async ValueTask<(
        bool success, MessageEnvelope envelope)> TryPeekOneAsync(TimeSpan? max, CancellationToken cancellationToken)
    {
        var next = await Peek(Wait.Async, RemainingOrDilated(max), cancellationToken);
        return (next is not null, next ?? (MessageEnvelope)NullMessageEnvelope.Instance);
    }

    /// <summary>As many messages, which must come within the time.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Take(Wait.Blocking, numberOfMessages, RemainingOrDefault, cancellationToken).Done();

    /// <inheritdoc cref="ReceiveN(int, CancellationToken)"/>
    public IReadOnlyCollection<object> ReceiveN(
        int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Take(Wait.Blocking, numberOfMessages, Dilated(max), cancellationToken).Done();

    /// <inheritdoc cref="ReceiveN(int, CancellationToken)"/>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, CancellationToken cancellationToken = default) =>
        Each(() => Take(Wait.Async, numberOfMessages, RemainingOrDefault, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ReceiveN(int, CancellationToken)"/>
    public IAsyncEnumerable<object> ReceiveNAsync(
        int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        Each(() => Take(Wait.Async, numberOfMessages, Dilated(max), cancellationToken), cancellationToken);

    /// <summary>What the filter makes of the messages, up to the first of which it makes null; that one stays in the
    /// queue.</summary>
    /// <param name="max">How long altogether.</param>
    /// <param name="idle">How long between two messages.</param>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        TakeWhile(Wait.Blocking, Mapped(filter), max, null, msgs, cancellationToken).Done();

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IReadOnlyList<T> ReceiveWhile<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        TakeWhile(Wait.Blocking, Mapped(filter), max, idle, msgs, cancellationToken).Done();

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        TakeWhile(Wait.Blocking, Mapped(filter), max, idle, msgs, cancellationToken).Done();

    /// <summary>The messages up to the first for which the predicate is false; that one stays in the queue.</summary>
    /// <param name="shouldIgnoreOtherMessageTypes">Are messages of other types dropped, or do they end the row too?</param>
    public IReadOnlyList<T> ReceiveWhile<T>(
        Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default) =>
        TakeWhile(Wait.Blocking, Chosen(shouldContinue, shouldIgnoreOtherMessageTypes), max, idle, msgs, cancellationToken)
            .Done();

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default) =>
        Each(() => TakeWhile(Wait.Async, Mapped(filter), max, null, msgs, cancellationToken), cancellationToken);

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        TimeSpan? max, TimeSpan? idle, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        Each(() => TakeWhile(Wait.Async, Mapped(filter), max, idle, msgs, cancellationToken), cancellationToken);

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) =>
        Each(() => TakeWhile(Wait.Async, Mapped(filter), max, idle, msgs, cancellationToken), cancellationToken);

    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(
        Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue,
        bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default) =>
        Each(() => TakeWhile(Wait.Async, Chosen(shouldContinue, shouldIgnoreOtherMessageTypes), max, idle, msgs,
            cancellationToken), cancellationToken);

    /// <summary>Takes messages until none has come for the time.</summary>
    /// <param name="maxMessages">More than that fail the test.</param>
    public async Task<ArrayList> WaitForRadioSilenceAsync(
        TimeSpan? max = null, uint? maxMessages = null, CancellationToken cancellationToken = default)
    {
        var all = new ArrayList();
        while (await Next(Wait.Async, RemainingOrDilated(max), cancellationToken) is { } next)
        {
            all.Add(next.Message);
            if (all.Count > maxMessages) Fail($"Waited for silence, but {all.Count} messages came; the last is {next}");
        }

        return all;
    }

    private async Task<RealMessageEnvelope?> Next(Wait wait, TimeSpan timeout, CancellationToken cancellation)
    {
        var next = await _queue.Next(wait, timeout.AsTimeout(), leave: false, cancellation);
        _last = next ?? (MessageEnvelope)NullMessageEnvelope.Instance;
        _lastWasNoMessage = false;
        return next;
    }

    private Task<RealMessageEnvelope?> Peek(Wait wait, TimeSpan timeout, CancellationToken cancellation) =>
        _queue.Next(wait, timeout.AsTimeout(), leave: true, cancellation);

    private async Task<List<object>> Take(Wait wait, int count, TimeSpan max, CancellationToken cancellation)
    {
        var deadline = Deadline(max);
        var messages = new List<object>();
        while (messages.Count < count)
        {
            var next = await Next(wait, Until(deadline), cancellation);
            if (next is null) Fail($"Only {messages.Count} of {count} messages came within {max}{Listing(messages)}");
            messages.Add(next.Message);
        }

        return messages;
    }

    /// <param name="choose">Says what to do with a message.</param>
    private async Task<List<T>> TakeWhile<T>(
        Wait wait, Func<object, Choice<T>> choose, TimeSpan? max, TimeSpan? idle, int count, CancellationToken cancellation)
    {
        var deadline = Deadline(RemainingOrDilated(max));
        var pause = idle is { } given ? Dilated(given) : Timeout.InfiniteTimeSpan;
        var row = new List<T>();
        var last = _last;
        while (row.Count < count && await Peek(wait, Until(deadline).Min(pause), cancellation) is { } next)
        {
            var choice = choose(next.Message);
            if (choice.Ends) break;
            last = (await Next(wait, TimeSpan.Zero, cancellation))!;
            if (choice.Takes) row.Add(choice.Value!);
        }

        _last = last;
        _lastWasNoMessage = true; // It is the rule that this uses up its time.
        return row;
    }

    private readonly record struct Choice<T>(bool Takes, bool Ends, T? Value);

    private static Func<object, Choice<T>> Mapped<T>(Func<object, T?> filter) => message =>
        filter(message) is { } value ? new Choice<T>(true, false, value) : new Choice<T>(false, true, default);

    private static Func<object, Choice<T>> Chosen<T>(Predicate<T> goesOn, bool ignoreOthers) => message => message switch
    {
        T typed when goesOn(typed) => new Choice<T>(true, false, typed),
        T => new Choice<T>(false, true, default),
        _ => new Choice<T>(false, !ignoreOthers, default),
    };

    private static TimeSpan? Deadline(TimeSpan max) => max.IsInfinite() ? null : Now + max;

    private static TimeSpan Until(TimeSpan? deadline) => deadline is { } end ? Left(end) : Timeout.InfiniteTimeSpan;

    private static string Listing(IEnumerable<object> messages) =>
        string.Concat(messages.Select(m => $"{Environment.NewLine}  {m}"));

    private static async IAsyncEnumerable<T> Each<T>(
        Func<Task<List<T>>> all, [EnumeratorCancellation] CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var one in await all()) yield return one;
    }
}

using System.Collections;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Expecting one of several messages, all of several in any order, and one among others.</summary>
public abstract partial class TestKitBase
{
    /// <summary>The next message must equal one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, OneOf(messages), null, null, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsgAnyOf{T}"/>
    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, OneOf(messages), null, null, cancellationToken));

    /// <summary>The next messages must be these, in any order, and no others among them.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) =>
        AllOf(Wait.Blocking, RemainingOrDefault, messages, default).Done();

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])"/>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        AllOf(Wait.Blocking, Dilated(max), messages, default).Done();

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])"/>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(
        IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(Wait.Blocking, RemainingOrDefault, messages, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])"/>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        AllOf(Wait.Blocking, Dilated(max), messages, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])"/>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(
        IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Each(() => AllOf(Wait.Async, RemainingOrDefault, messages, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])"/>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Each(() => AllOf(Wait.Async, Dilated(max), messages, cancellationToken), cancellationToken);

    /// <summary>The next messages must each pass one of the predicates, and each predicate must have one.</summary>
    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(params PredicateInfo[] predicates) =>
        AllMatching(Wait.Blocking, RemainingOrDefault, predicates, default).Done();

    /// <inheritdoc cref="ExpectMsgAllOfMatchingPredicates(PredicateInfo[])"/>
    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(TimeSpan max, params PredicateInfo[] predicates) =>
        AllMatching(Wait.Blocking, Dilated(max), predicates, default).Done();

    /// <inheritdoc cref="ExpectMsgAllOfMatchingPredicates(PredicateInfo[])"/>
    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(
        IReadOnlyCollection<PredicateInfo> predicates, CancellationToken cancellationToken) =>
        AllMatching(Wait.Blocking, RemainingOrDefault, predicates, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsgAllOfMatchingPredicates(PredicateInfo[])"/>
    public IReadOnlyCollection<object> ExpectMsgAllOfMatchingPredicates(
        TimeSpan max, IReadOnlyCollection<PredicateInfo> predicates, CancellationToken cancellationToken) =>
        AllMatching(Wait.Blocking, Dilated(max), predicates, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsgAllOfMatchingPredicates(PredicateInfo[])"/>
    public IAsyncEnumerable<object> ExpectMsgAllOfMatchingPredicatesAsync(
        IReadOnlyCollection<PredicateInfo> predicates, CancellationToken cancellationToken = default) =>
        Each(() => AllMatching(Wait.Async, RemainingOrDefault, predicates, cancellationToken), cancellationToken);

    /// <inheritdoc cref="ExpectMsgAllOfMatchingPredicates(PredicateInfo[])"/>
    public IAsyncEnumerable<object> ExpectMsgAllOfMatchingPredicatesAsync(
        TimeSpan max, IReadOnlyCollection<PredicateInfo> predicates, CancellationToken cancellationToken = default) =>
        Each(() => AllMatching(Wait.Async, Dilated(max), predicates, cancellationToken), cancellationToken);

    /// <summary>Drops messages until one passes, which must happen within the time.</summary>
    public object FishForMessage(
        Predicate<object> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        Fish(Wait.Blocking, isMessage, null, max, hint, cancellationToken).Done();

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public T FishForMessage<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        Fish(Wait.Blocking, isMessage, null, max, hint, cancellationToken).Done();

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    /// <param name="allMessages">Gets the messages that were dropped.</param>
    public T FishForMessage<T>(
        Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string? hint = "",
        CancellationToken cancellationToken = default) =>
        Fish(Wait.Blocking, isMessage, allMessages, max, hint, cancellationToken).Done();

    public ValueTask<object> FishForMessageAsync(
        Predicate<object> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        new(Fish(Wait.Async, isMessage, null, max, hint, cancellationToken));

    public ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string? hint = "", CancellationToken cancellationToken = default) =>
        new(Fish(Wait.Async, isMessage, null, max, hint, cancellationToken));

    public ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, ArrayList? allMessages, TimeSpan? max = null, string? hint = "",
        CancellationToken cancellationToken = default) =>
        new(Fish(Wait.Async, isMessage, allMessages, max, hint, cancellationToken));

    /// <summary>Drops messages until a <typeparamref name="T"/> comes.</summary>
    public Task FishUntilMessageAsync<T>(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Fish<T>(Wait.Async, _ => true, null, max, null, cancellationToken);

    private Action<T, Actor.IActorRef> OneOf<T>(IEnumerable<T> expected) => (message, _) => _assertions.AssertTrue(
        expected.Contains(message), "{0}", $"Got {message}, which is none of the expected{Listing(expected.Cast<object>())}");

    private async Task<List<T>> AllOf<T>(Wait wait, TimeSpan max, IReadOnlyCollection<T> expected, CancellationToken cancellation)
    {
        var got = await Take(wait, expected.Count, max, cancellation);
        var missing = expected.Where(e => !got.Exists(g => Equals(g, e))).Cast<object>().ToList();
        var others = got.FindAll(g => !expected.Any(e => Equals(g, e)));
        if (missing.Count > 0 || others.Count > 0)
            Fail($"Missing:{Listing(missing)}{Environment.NewLine}Not expected:{Listing(others)}");
        return got.ConvertAll(g => (T)g);
    }

    private async Task<List<object>> AllMatching(
        Wait wait, TimeSpan max, IReadOnlyCollection<PredicateInfo> expected, CancellationToken cancellation)
    {
        var got = await Take(wait, expected.Count, max, cancellation);
        var missing = expected.Where(e => !got.Exists(e.Matches)).Cast<object>().ToList();
        var others = got.FindAll(g => !expected.Any(e => e.Matches(g)));
        if (missing.Count > 0 || others.Count > 0)
            Fail($"Missing:{Listing(missing)}{Environment.NewLine}Not expected:{Listing(others)}");
        return got;
    }

    private async Task<T> Fish<T>(
        Wait wait, Predicate<T> isMessage, ArrayList? dropped, TimeSpan? max, string? hint, CancellationToken cancellation)
    {
        var time = RemainingOrDilated(max);
        var deadline = Deadline(time);
        var seen = 0;
        while (await Next(wait, Until(deadline), cancellation) is { } next)
        {
            if (next.Message is T message && isMessage(message)) return message;
            dropped?.Add(next.Message);
            seen++;
        }

        Fail($"No {typeof(T)} to fish for came within {time}, but {seen} other messages{Hint(hint)}");
        return default; // Not reached.
    }
}

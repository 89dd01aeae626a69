using Akka.Actor;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Expecting one message: the next one must be it.</summary>
public abstract partial class TestKitBase
{
    /// <summary>The next message must be a <typeparamref name="T"/>.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(Wait.Blocking, Any, duration, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsg{T}(TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        new(Expect<T>(Wait.Async, Any, duration, hint, cancellationToken));

    /// <summary>The next message must equal <paramref name="message"/>.</summary>
    public T ExpectMsg<T>(
        T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, Equal(message, hint), timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsg{T}(T, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, Equal(message, hint), timeout, hint, cancellationToken));

    /// <summary>The next message must be equal by the comparer's measure.</summary>
    public T ExpectMsg<T>(
        T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, Equal(expected, comparer, hint), timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsg{T}(T, Func{T, T, bool}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, Equal(expected, comparer, hint), timeout, hint, cancellationToken));

    /// <summary>The next message must pass the predicate.</summary>
    public T ExpectMsg<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, Passing<T>((m, _) => isMessage(m), hint), timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, Passing<T>((m, _) => isMessage(m), hint), timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public T ExpectMsg<T>(
        Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, Passing(isMessageAndSender, hint), timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, Passing(isMessageAndSender, hint), timeout, hint, cancellationToken));

    /// <summary>The next message must be a <typeparamref name="T"/> that <paramref name="assert"/> doesn't throw at.</summary>
    public T ExpectMsg<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect<T>(Wait.Blocking, (m, _) => assert(m), timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        new(Expect<T>(Wait.Async, (m, _) => assert(m), timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)"/>
    public T ExpectMsg<T>(
        Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, assertMessageAndSender, timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, assertMessageAndSender, timeout, hint, cancellationToken));

    /// <summary>The next message must be a <typeparamref name="T"/> from <paramref name="sender"/>.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, From<T>(sender, Any, hint), duration, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, From<T>(sender, Any, hint), duration, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public T ExpectMsgFrom<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, From(sender, Equal(message, hint), hint), timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, From(sender, Equal(message, hint), hint), timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public T ExpectMsgFrom<T>(
        IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, From(sender, Passing<T>((m, _) => isMessage(m), hint), hint), timeout, hint, cancellationToken)
            .Done();

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, From(sender, Passing<T>((m, _) => isMessage(m), hint), hint), timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public T ExpectMsgFrom<T>(
        Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, Passing<T>((m, s) => isSender(s) && isMessage(m), hint), timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, Passing<T>((m, s) => isSender(s) && isMessage(m), hint), timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public T ExpectMsgFrom<T>(
        IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, From<T>(sender, (m, _) => assertMessage(m), hint), timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, From<T>(sender, (m, _) => assertMessage(m), hint), timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public T ExpectMsgFrom<T>(
        Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, Both(assertSender, assertMessage), timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, Both(assertSender, assertMessage), timeout, hint, cancellationToken));

    /// <summary>The next message must tell the death of <paramref name="target"/>, which must have been watched.</summary>
    public Terminated ExpectTerminated(
        IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Expect(Wait.Blocking, DeathOf(target, hint), timeout, hint, cancellationToken).Done();

    /// <inheritdoc cref="ExpectTerminated"/>
    public ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        new(Expect(Wait.Async, DeathOf(target, hint), timeout, hint, cancellationToken));

    /// <summary>Nothing may come for the rest of the enclosing Within, else for the time of one expectation.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        ExpectNone(Wait.Blocking, RemainingOrDefault, cancellationToken).Done();

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectNone(Wait.Blocking, Dilated(duration), cancellationToken).Done();

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        new(ExpectNone(Wait.Async, RemainingOrDefault, cancellationToken));

    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        new(ExpectNone(Wait.Async, Dilated(duration), cancellationToken));

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private async Task<T> Expect<T>(
        Wait wait, Action<T, IActorRef> check, TimeSpan? duration, string? hint, CancellationToken cancellation)
    {
        var timeout = RemainingOrDilated(duration);
        var next = await Next(wait, timeout, cancellation);
        if (next is null) Fail($"No message came within {timeout}; expected one of type {typeof(T)}{Hint(hint)}");
        if (next.Message is not T message)
        {
            Fail($"Expected a message of type {typeof(T)}, but got {next.Message} ({next.Message.GetType()}) from {next.Sender}{Hint(hint)}");
            return default; // Not reached.
        }

        check(message, next.Sender);
        return message;
    }

    private async Task ExpectNone(Wait wait, TimeSpan duration, CancellationToken cancellation)
    {
        var next = await Next(wait, duration, cancellation);
        if (next is not null) Fail($"Expected silence for {duration}, but got {next}");
        _lastWasNoMessage = true;
    }

    private static void Any<T>(T message, IActorRef sender)
    {
    }

    private Action<T, IActorRef> Equal<T>(T expected, string? hint) =>
        (message, _) => _assertions.AssertEqual(expected, message, "{0}", $"Expected {expected}, but got {message}{Hint(hint)}");

    private Action<T, IActorRef> Equal<T>(T expected, Func<T, T, bool> comparer, string? hint) =>
        (message, _) =>
            _assertions.AssertEqual(expected, message, comparer, "{0}", $"Expected {expected}, but got {message}{Hint(hint)}");

    private Action<T, IActorRef> Passing<T>(Func<T, IActorRef, bool> predicate, string? hint) =>
        (message, sender) => _assertions.AssertTrue(
            predicate(message, sender), "{0}",
            $"Got a message of the expected type, but not of the expected content: {message} from {sender}{Hint(hint)}");

    private Action<T, IActorRef> From<T>(IActorRef expected, Action<T, IActorRef> check, string? hint) => (message, sender) =>
    {
        _assertions.AssertEqual(
            expected, sender, "{0}", $"Expected {message} from {expected}, but got it from {sender}{Hint(hint)}");
        check(message, sender);
    };

    private static Action<T, IActorRef> Both<T>(Action<IActorRef> assertSender, Action<T> assertMessage) => (message, sender) =>
    {
        assertSender(sender);
        assertMessage(message);
    };

    private Action<Terminated, IActorRef> DeathOf(IActorRef target, string? hint) =>
        (died, _) => _assertions.AssertEqual(
            target, died.ActorRef, "{0}", $"Expected the death of {target}, but {died.ActorRef} died{Hint(hint)}");
}

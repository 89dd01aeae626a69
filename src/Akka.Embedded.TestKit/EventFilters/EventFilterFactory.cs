using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Makes filters on what a system logs. A text can be given whole, by its start or by a part; none of them matches
/// all.</summary>
/// <remarks>Only events of a level that the system logs at all (<c>akka.loglevel</c>) are seen.</remarks>
public class EventFilterFactory
{
    private readonly TestKitBase _testkit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<LogEventFilter> _others;

    public EventFilterFactory(TestKitBase testkit) : this(testkit, testkit.Sys, [])
    {
    }

    public EventFilterFactory(TestKitBase testkit, ActorSystem system) : this(testkit, system, [])
    {
    }

    internal EventFilterFactory(TestKitBase testkit, ActorSystem system, IReadOnlyList<LogEventFilter> others)
    {
        _testkit = testkit;
        _system = system;
        _others = others;
    }

    public IEventFilterApplier Error(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Of<Error>(Texts.Matcher(message, start, contains), source);

    public IEventFilterApplier Error(Regex pattern, string? source = null) => Of<Error>(pattern.IsMatch, source);

    public IEventFilterApplier Warning(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Of<Warning>(Texts.Matcher(message, start, contains), source);

    public IEventFilterApplier Warning(Regex pattern, string? source = null) => Of<Warning>(pattern.IsMatch, source);

    public IEventFilterApplier Info(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Of<Info>(Texts.Matcher(message, start, contains), source);

    public IEventFilterApplier Info(Regex pattern, string? source = null) => Of<Info>(pattern.IsMatch, source);

    public IEventFilterApplier Debug(
        string? message = null, string? start = null, string? contains = null, string? source = null) =>
        Of<Debug>(Texts.Matcher(message, start, contains), source);

    public IEventFilterApplier Debug(Regex pattern, string? source = null) => Of<Debug>(pattern.IsMatch, source);

    public IEventFilterApplier ForLogLevel(
        LogLevel logLevel, string? message = null, string? start = null, string? contains = null, string? source = null) =>
        OfLevel(logLevel, Texts.Matcher(message, start, contains), source);

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) =>
        OfLevel(logLevel, pattern.IsMatch, source);

    /// <summary>Errors whose cause is a <typeparamref name="TException"/>; the text may be the event's or the
    /// exception's.</summary>
    public IEventFilterApplier Exception<TException>(
        string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null) where TException : Exception =>
        Exception(typeof(TException), pattern, source);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    /// <param name="checkInnerExceptions">Does an inner exception of the type do as well?</param>
    public IEventFilterApplier Exception(
        Type exceptionType, string? message = null, string? start = null, string? contains = null, string? source = null,
        bool checkInnerExceptions = false) =>
        OfException(exceptionType, Texts.Matcher(message, start, contains), source, checkInnerExceptions);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    public IEventFilterApplier Exception(
        Type exceptionType, Regex pattern, string? source = null, bool checkInnerExceptions = false) =>
        OfException(exceptionType, pattern.IsMatch, source, checkInnerExceptions);

    public IEventFilterApplier DeadLetter() => OfDeadLetter("DeadLetter", _ => true, null);

    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) => DeadLetter(typeof(TMessage), source);

    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        OfDeadLetter($"DeadLetter with {typeof(TMessage).Name}", m => m is TMessage typed && isMatch(typed), source);

    public IEventFilterApplier DeadLetter(Type type, string? source = null) => DeadLetter(type, _ => true, source);

    /// <param name="source">The path of the recipient, whole or from below the system's root.</param>
    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null) =>
        OfDeadLetter($"DeadLetter with {type.Name}", m => type.IsInstanceOfType(m) && isMatch(m), source);

    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Applier(new LogEventFilter("Custom", predicate));

    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate) where TLogEvent : LogEvent =>
        Applier(new LogEventFilter(typeof(TLogEvent).Name, e => e is TLogEvent typed && predicate(typed)));

    private IEventFilterApplier OfLevel(LogLevel level, Predicate<string> text, string? source) => level switch
    {
        LogLevel.DebugLevel => Of<Debug>(text, source),
        LogLevel.InfoLevel => Of<Info>(text, source),
        LogLevel.WarningLevel => Of<Warning>(text, source),
        LogLevel.ErrorLevel => Of<Error>(text, source),
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };

    private IEventFilterApplier Of<TEvent>(Predicate<string> text, string? source) where TEvent : LogEvent =>
        Applier(new LogEventFilter(
        typeof(TEvent).Name, e => e is TEvent and not DeadLetterEvent && text(Texts.Of(e.Message))
            && Texts.IsSource(e.LogSource, source)));

    private IEventFilterApplier OfException(Type type, Predicate<string> text, string? source, bool inner) =>
        Applier(new LogEventFilter(
        $"Error with {type.Name}",
        e => e is Error error && Texts.IsSource(e.LogSource, source)
            && Causes(error.Cause, inner).Any(cause => type.IsInstanceOfType(cause)
                && (text(cause.Message) || text(Texts.Of(error.Message))))));

    private IEventFilterApplier OfDeadLetter(string name, Predicate<object> isMatch, string? source) =>
        Applier(new LogEventFilter(
        name, e => e is DeadLetterEvent { Letter: var letter } && isMatch(letter.Message)
            && Texts.IsSource(e.LogSource, source)));

    private static IEnumerable<Exception> Causes(Exception? cause, bool inner)
    {
        for (; cause is not null; cause = inner ? cause.InnerException : null) yield return cause;
    }

    private EventFilterApplier Applier(LogEventFilter filter) => new(_testkit, _system, [.. _others, filter]);
}

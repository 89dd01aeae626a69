using System.Collections.Immutable;

namespace Akka.Persistence.Journal;

/// <summary>The events that one stored event was read as.</summary>
public interface IEventSequence
{
    IEnumerable<object> Events { get; }
}

/// <summary>No event.</summary>
public interface IEmptyEventSequence : IEventSequence;

/// <inheritdoc/>
public sealed class EmptyEventSequence : IEmptyEventSequence, IEquatable<IEventSequence>
{
    public static readonly EmptyEventSequence Instance = new();

    private EmptyEventSequence()
    {
    }

    public IEnumerable<object> Events => [];

    public bool Equals(IEventSequence? other) => other is IEmptyEventSequence;

    public override bool Equals(object? obj) => obj is IEmptyEventSequence;

    public override int GetHashCode() => 0;
}

/// <summary>Several events.</summary>
public class EventSequence<T>(IEnumerable<object> events) : IEventSequence, IEquatable<IEventSequence>
{
    public IEnumerable<object> Events { get; } = [.. events];

    public bool Equals(IEventSequence? other) => other is not null && Events.SequenceEqual(other.Events);

    public override bool Equals(object? obj) => Equals(obj as IEventSequence);

    public override int GetHashCode() => Events.Aggregate(0, HashCode.Combine);
}

/// <summary>One event.</summary>
public struct SingleEventSequence(object e) : IEventSequence, IEquatable<IEventSequence>
{
    private readonly object _event = e;

    public readonly IEnumerable<object> Events => [_event];

    public readonly bool Equals(IEventSequence? other) => other is not null && Events.SequenceEqual(other.Events);

    public override readonly bool Equals(object? obj) => obj is IEventSequence other && Equals(other);

    public override readonly int GetHashCode() => _event.GetHashCode();
}

/// <summary>Makes event sequences.</summary>
public static class EventSequence
{
    public static IEventSequence Empty = EmptyEventSequence.Instance;

    public static IEventSequence Single(object e) => new SingleEventSequence(e);

    public static IEventSequence Create(params object[] events) => new EventSequence<object>(events);

    public static IEventSequence Create(IEnumerable<object> events) => new EventSequence<object>(events);
}

/// <summary>An event with tags, made by a write adapter. Only the payload is stored as the event.</summary>
public struct Tagged(object payload, IImmutableSet<string> tags)
{
    public Tagged(object payload, IEnumerable<string> tags)
        : this(payload, tags.ToImmutableHashSet())
    {
    }

    public object Payload { get; } = payload;

    public IImmutableSet<string> Tags { get; } = tags;
}

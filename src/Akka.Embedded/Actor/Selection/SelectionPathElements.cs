namespace Akka.Actor;

/// <summary>One step of a selection.</summary>
public abstract class SelectionPathElement;

/// <summary>To the child of a name.</summary>
public class SelectChildName(string name) : SelectionPathElement
{
    public string Name { get; } = name;

    protected bool Equals(SelectChildName other) => Name == other.Name;
    public override bool Equals(object? obj) => obj is SelectChildName other && Equals(other);
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
    public override string ToString() => Name;
}

/// <summary>To all children whose names fit a pattern with * and ?.</summary>
public class SelectChildPattern(string patternStr) : SelectionPathElement
{
    public string PatternStr { get; } = patternStr;

    protected bool Equals(SelectChildPattern other) => PatternStr == other.PatternStr;
    public override bool Equals(object? obj) => obj is SelectChildPattern other && Equals(other);
    public override int GetHashCode() => PatternStr.GetHashCode(StringComparison.Ordinal);
    public override string ToString() => PatternStr;
}

/// <summary>To all descendants (**).</summary>
public class SelectChildRecursive : SelectionPathElement
{
    public static readonly SelectChildRecursive Instance = new();

    public override bool Equals(object? obj) => obj is SelectChildRecursive;
    public override int GetHashCode() => "**".GetHashCode(StringComparison.Ordinal);
    public override string ToString() => "**";
}

/// <summary>To the parent (..).</summary>
public class SelectParent : SelectionPathElement
{
    public static readonly SelectParent Instance = new();

    public override bool Equals(object? obj) => obj is SelectParent;
    public override int GetHashCode() => "..".GetHashCode(StringComparison.Ordinal);
    public override string ToString() => "..";
}

/// <summary>A message on its way along a selection.</summary>
public class ActorSelectionMessage(object message, SelectionPathElement[] elements, bool wildCardFanOut = false)
    : IAutoReceivedMessage, IPossiblyHarmful, IWrappedMessage
{
    public object Message { get; } = message;
    public SelectionPathElement[] Elements { get; } = elements;

    /// <summary>True when it may reach any number of actors, so that nobody answers for a missing one.</summary>
    public bool WildCardFanOut { get; } = wildCardFanOut;

    public ActorSelectionMessage Copy(object? message = null, SelectionPathElement[]? elements = null,
        bool? wildCardFanOut = null) =>
        new(message ?? Message, elements ?? Elements, wildCardFanOut ?? WildCardFanOut);

    public override string ToString() =>
        $"ActorSelectionMessage({Message}, {string.Join<SelectionPathElement>('/', Elements)})";
}

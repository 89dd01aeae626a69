using System.Runtime.CompilerServices;

namespace ActorBroker.Core;

/// <summary>What must be true of a state machine whatever it was told; checked in release builds too.</summary>
public static class Invariant
{
    /// <exception cref="InvalidOperationException">It does not hold; the message is the condition's text.</exception>
    public static void Holds(bool condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        if (!condition) throw new InvalidOperationException("Broken invariant: " + text);
    }
}

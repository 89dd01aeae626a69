namespace ActorBroker.Core;

/// <summary>Stands for a caller that waits for an answer. Rules know callers by ticket only; the shell that handed the
/// ticket in knows who is behind it, and gets exactly one answer for it back.</summary>
public readonly record struct Ticket(long Value)
{
    /// <summary>Nobody waits.</summary>
    public static readonly Ticket None;

    public bool IsNone => Value == 0;
}

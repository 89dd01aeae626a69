namespace Akka.Actor.Internal;

/// <summary>The handlers of an actor: the last one is in force, the first one is never removed.</summary>
internal sealed class BehaviorStack
{
    private readonly List<Receive> _handlers = new(2);

    public Receive Current { get; private set; } = null!;
    public bool IsEmpty => _handlers.Count == 0;

    public void Clear()
    {
        _handlers.Clear();
        Current = null!;
    }

    public void Become(Receive receive)
    {
        if (_handlers.Count > 1) _handlers.RemoveAt(_handlers.Count - 1);
        BecomeStacked(receive);
    }

    public void BecomeStacked(Receive receive)
    {
        _handlers.Add(receive);
        Current = receive;
    }

    public void UnbecomeStacked()
    {
        if (_handlers.Count > 1) _handlers.RemoveAt(_handlers.Count - 1);
        Current = _handlers[^1];
    }
}

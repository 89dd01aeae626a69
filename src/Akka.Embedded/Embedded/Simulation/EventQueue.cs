namespace Akka.Embedded.Simulation;

/// <summary>Something that happens at a time.</summary>
internal abstract class WorldEvent(SimulatedNode? node)
{
    /// <summary>In whose process; null: outside of all.</summary>
    public SimulatedNode? Node { get; } = node;

    /// <summary>The world's time, in ticks.</summary>
    public long Due { get; set; }

    /// <summary>It needs not happen any more.</summary>
    public virtual bool IsDropped => Node is { State: NodeState.Ended };

    public abstract void Run();
}

internal sealed class ActionEvent(SimulatedNode? node, Action action) : WorldEvent(node)
{
    public override void Run() => action();
    public override string ToString() => $"{action.Method.DeclaringType?.Name}.{action.Method.Name}";
}

/// <summary>Events by time; at one time first come, first served.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<WorldEvent, Key> _queue = new();
    private long _added;

    public WorldEvent? Next => _queue.TryPeek(out var next, out _) ? next : null;

    public void Add(WorldEvent added) => _queue.Enqueue(added, new Key(added.Due, _added++));

    public WorldEvent Take() => _queue.Dequeue();

    public void Reorder(Predicate<WorldEvent> which, Func<WorldEvent, long> due)
    {
        var all = _queue.UnorderedItems.OrderBy(item => item.Priority).ToArray();
        _queue.Clear();
        foreach (var (each, key) in all)
        {
            if (which(each)) each.Due = due(each);
            _queue.Enqueue(each, key with { Due = each.Due });
        }
    }

    private readonly record struct Key(long Due, long Number) : IComparable<Key>
    {
        public int CompareTo(Key other) => Due != other.Due ? Due.CompareTo(other.Due) : Number.CompareTo(other.Number);
    }
}

using Akka.Actor;

namespace Akka.Util;

/// <summary>Envelopes by the priority of their message, lowest number first; no order among equals.</summary>
public sealed class ListPriorityQueue(int initialCapacity, Func<object, int> priorityCalculator)
{
    private readonly PriorityQueue<Envelope, int> _queue = new(initialCapacity);

    public int Count() => _queue.Count;
    public void Enqueue(Envelope item) => _queue.Enqueue(item, priorityCalculator(item.Message));
    public Envelope Dequeue() => _queue.Dequeue();
    public Envelope Peek() => _queue.Peek();
}

/// <summary>Envelopes by the priority of their message, lowest number first; equals in the order they came.</summary>
public sealed class StableListPriorityQueue(int initialCapacity, Func<object, int> priorityCalculator)
{
    private readonly PriorityQueue<Envelope, (int Priority, long Number)> _queue = new(initialCapacity);
    private long _number;

    public int Count() => _queue.Count;
    public void Enqueue(Envelope item) => _queue.Enqueue(item, (priorityCalculator(item.Message), _number++));
    public Envelope Dequeue() => _queue.Dequeue();
    public Envelope Peek() => _queue.Peek();
}

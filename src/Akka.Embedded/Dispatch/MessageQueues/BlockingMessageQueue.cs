using Akka.Actor;
using Akka.Util;

namespace Akka.Dispatch.MessageQueues;

/// <summary>Puts a lock around a queue that isn't made for several threads.</summary>
public abstract class BlockingMessageQueue : IMessageQueue, IBlockingMessageQueueSemantics
{
    private readonly Lock _gate = new();

    /// <summary>Called with the lock held.</summary>
    protected abstract int LockedCount { get; }

    /// <summary>Part of the contract; a lock this short is simply waited for.</summary>
    public TimeSpan BlockTimeOut { get; set; } = TimeSpan.FromSeconds(1);
    public bool HasMessages => Count > 0;

    public int Count
    {
        get
        {
            lock (_gate) return LockedCount;
        }
    }

    protected abstract void LockedEnqueue(Envelope envelope);
    protected abstract bool LockedTryDequeue(out Envelope envelope);

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        lock (_gate) LockedEnqueue(envelope);
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_gate) return LockedTryDequeue(out envelope);
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => this.MoveTo(owner, deadletters);
}

/// <summary>By priority, lowest number first; what is put back comes before all.</summary>
public class UnboundedPriorityMessageQueue(Func<object, int> priorityGenerator, int initialCapacity)
    : BlockingMessageQueue, IUnboundedDequeBasedMessageQueueSemantics
{
    private readonly ListPriorityQueue _queue = new(initialCapacity, priorityGenerator);
    private readonly Stack<Envelope> _front = new();

    protected override int LockedCount => _queue.Count() + _front.Count;
    protected override void LockedEnqueue(Envelope envelope) => _queue.Enqueue(envelope);

    protected override bool LockedTryDequeue(out Envelope envelope)
    {
        if (_front.TryPop(out envelope)) return true;
        if (_queue.Count() == 0) return false;
        envelope = _queue.Dequeue();
        return true;
    }

    public void EnqueueFirst(Envelope envelope) => _front.Push(envelope);
}

/// <summary>By priority, lowest number first, equals in order; what is put back comes before all.</summary>
public class UnboundedStablePriorityMessageQueue(Func<object, int> priorityGenerator, int initialCapacity)
    : BlockingMessageQueue, IUnboundedDequeBasedMessageQueueSemantics
{
    private readonly StableListPriorityQueue _queue = new(initialCapacity, priorityGenerator);
    private readonly Stack<Envelope> _front = new();

    protected override int LockedCount => _queue.Count() + _front.Count;
    protected override void LockedEnqueue(Envelope envelope) => _queue.Enqueue(envelope);

    protected override bool LockedTryDequeue(out Envelope envelope)
    {
        if (_front.TryPop(out envelope)) return true;
        if (_queue.Count() == 0) return false;
        envelope = _queue.Dequeue();
        return true;
    }

    public void EnqueueFirst(Envelope envelope) => _front.Push(envelope);
}

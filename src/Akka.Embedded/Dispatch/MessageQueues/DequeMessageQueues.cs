using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>Puts a stack of returned messages in front of another queue.</summary>
/// <remarks>Only the actor itself puts messages back and takes them out, so the stack needs no lock; counting from
/// other threads is a good guess.</remarks>
public class DequeWrapperMessageQueue(IMessageQueue messageQueue) : IMessageQueue, IDequeBasedMessageQueueSemantics
{
    protected readonly IMessageQueue MessageQueue = messageQueue;
    private readonly Stack<Envelope> _front = new();

    public bool HasMessages => _front.Count > 0 || MessageQueue.HasMessages;
    public int Count => _front.Count + MessageQueue.Count;

    public void Enqueue(IActorRef receiver, Envelope envelope) => MessageQueue.Enqueue(receiver, envelope);
    public void EnqueueFirst(Envelope envelope) => _front.Push(envelope);
    public bool TryDequeue(out Envelope envelope) => _front.TryPop(out envelope) || MessageQueue.TryDequeue(out envelope);
    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => this.MoveTo(owner, deadletters);
}

/// <summary>Unbounded, with a front.</summary>
public class UnboundedDequeMessageQueue() : DequeWrapperMessageQueue(new UnboundedMessageQueue()),
    IUnboundedDequeBasedMessageQueueSemantics;

/// <summary>Bounded, with a front; returned messages don't count against the bound.</summary>
public class BoundedDequeMessageQueue(int boundedCapacity, TimeSpan pushTimeOut)
    : DequeWrapperMessageQueue(new BoundedMessageQueue(boundedCapacity, pushTimeOut)), IBoundedDequeBasedMessageQueueSemantics
{
    public TimeSpan PushTimeOut { get; } = pushTimeOut;
}

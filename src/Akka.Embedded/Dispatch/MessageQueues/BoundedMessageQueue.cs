using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch.MessageQueues;

/// <summary>Holds at most a fixed number of messages. A sender waits for room up to the push timeout; then its message
/// goes to dead letters.</summary>
public class BoundedMessageQueue : IMessageQueue, IBoundedMessageQueueSemantics
{
    private readonly Queue<Envelope> _queue = new();
    private readonly int _capacity;

    public BoundedMessageQueue(int boundedCapacity, TimeSpan pushTimeOut)
    {
        if (boundedCapacity <= 0)
            throw new ArgumentException("The capacity must be positive.", nameof(boundedCapacity));
        _capacity = boundedCapacity;
        PushTimeOut = pushTimeOut;
    }

    public BoundedMessageQueue(Config config)
        : this(config.GetInt("mailbox-capacity", 0),
            config.GetTimeSpan("mailbox-push-timeout-time", TimeSpan.FromSeconds(10)))
    { }

    public TimeSpan PushTimeOut { get; set; }
    public bool HasMessages => Count > 0;

    public int Count
    {
        get
        {
            lock (_queue) return _queue.Count;
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (TryEnqueue(envelope)) return;
        if (receiver is not IInternalActorRef { Provider.DeadLetters: { } deadLetters }) return;
        var sender = envelope.Sender ?? deadLetters;
        deadLetters.Tell(new Event.DeadLetter(envelope.Message, sender, receiver), sender);
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_queue)
        {
            if (!_queue.TryDequeue(out envelope)) return false;
            Monitor.Pulse(_queue);
            return true;
        }
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => this.MoveTo(owner, deadletters);

    private bool TryEnqueue(Envelope envelope)
    {
        lock (_queue)
        {
            var until = PushTimeOut < TimeSpan.Zero ? long.MaxValue
                : Environment.TickCount64 + (long)PushTimeOut.TotalMilliseconds;
            while (_queue.Count >= _capacity)
            {
                var left = until == long.MaxValue ? Timeout.Infinite
                    : (int)Math.Min(until - Environment.TickCount64, int.MaxValue);
                if (left is <= 0 and not Timeout.Infinite) return false;
                Monitor.Wait(_queue, left);
            }
            _queue.Enqueue(envelope);
            return true;
        }
    }
}

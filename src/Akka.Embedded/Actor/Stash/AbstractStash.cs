using Akka.Dispatch;

namespace Akka.Actor.Internal;

/// <summary>A stash of one actor; used in that actor only.</summary>
public abstract class AbstractStash : IStash
{
    private readonly LinkedList<Envelope> _stashed = new();
    private readonly ActorCell _cell;
    private readonly IDequeBasedMessageQueueSemantics _mailbox;
    private readonly int _capacity;

    /// <summary>The message that was stashed last, by its number: a message is stashed once.</summary>
    private long _lastStashed = -1;

    protected AbstractStash(IActorContext context)
    {
        _cell = (ActorCell)context;
        _mailbox = _cell.Deque ?? throw new NotSupportedException(
            $"A stash needs a mailbox that takes messages back, such as Akka.Dispatch.UnboundedDequeBasedMailbox; "
            + $"that of {_cell.Self} has a {_cell.Mailbox.MessageQueue.GetType().Name}.");
        var capacity = _cell.Props.Deploy.StashCapacity;
        _capacity = capacity != Deploy.NoStashSize ? capacity
            : _cell.SystemImpl.Mailboxes.StashCapacity(_cell.Props.Dispatcher, _cell.Props.Mailbox);
    }

    /// <summary>Negative: no limit.</summary>
    public virtual int Capacity => _capacity;
    public int Count => _stashed.Count;
    public bool IsEmpty => _stashed.Count == 0;
    public bool NonEmpty => _stashed.Count > 0;
    public bool IsFull => Capacity >= 0 && Count >= Capacity;

    public void Stash()
    {
        var envelope = _cell.CurrentEnvelope;
        if (envelope.Message is null)
            throw new InvalidOperationException("There is no message to stash.");
        if (_lastStashed == _cell.CurrentEnvelopeId)
            throw new IllegalActorStateException($"{envelope.Message} is in the stash already.");
        if (IsFull)
            throw new StashOverflowException($"The stash of {_cell.Self} is full ({Capacity}): no room for {envelope.Message}.");
        _stashed.AddLast(envelope);
        _lastStashed = _cell.CurrentEnvelopeId;
    }

    public void Unstash()
    {
        if (_stashed.First is not { } first) return;
        _stashed.RemoveFirst();
        PutBack(first.Value);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> filterPredicate)
    {
        for (var node = _stashed.Last; node is not null; node = node.Previous)
            if (filterPredicate(node.Value)) PutBack(node.Value);
        _stashed.Clear();
    }

    private void PutBack(Envelope envelope)
    {
        _mailbox.EnqueueFirst(envelope);
        // The cell lets only those pass that it waits for, and it has seen this one already.
        if (envelope.Message is Terminated terminated) _cell.TerminatedQueuedFor(terminated.ActorRef, Util.Option<object>.None);
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var all = _stashed.ToArray();
        _stashed.Clear();
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse()) _stashed.AddFirst(envelope);
    }
}

/// <summary>As many as the configured <c>stash-capacity</c>.</summary>
public class BoundedStashImpl(IActorContext context) : AbstractStash(context);

/// <summary>As many as memory holds.</summary>
public class UnboundedStashImpl(IActorContext context) : AbstractStash(context)
{
    public override int Capacity => -1;
}

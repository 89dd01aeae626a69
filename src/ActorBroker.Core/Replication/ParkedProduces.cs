using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>Produces with acks=all whose records are written here but not yet committed, in log order.</summary>
internal sealed class ParkedProduces
{
    private readonly record struct Parked(Ticket Ticket, Offset End, TimeSpan Deadline);

    private readonly Queue<Parked> _queue = new();

    public int Count => _queue.Count;

    /// <summary>No parked produce has an earlier deadline; <see cref="TimeSpan.MaxValue"/> when none is parked.</summary>
    public TimeSpan NextDeadline { get; private set; } = TimeSpan.MaxValue;

    public void Add(Ticket ticket, Offset end, TimeSpan deadline)
    {
        _queue.Enqueue(new(ticket, end, deadline));
        if (deadline < NextDeadline) NextDeadline = deadline;
    }

    /// <summary>The oldest produce whose records all lie before <paramref name="committed"/>.</summary>
    public bool TryTakeCommitted(Offset committed, out Ticket ticket)
    {
        ticket = Ticket.None;
        if (!_queue.TryPeek(out var first) || first.End > committed) return false;
        ticket = _queue.Dequeue().Ticket;
        if (_queue.Count == 0) NextDeadline = TimeSpan.MaxValue;
        return true;
    }

    /// <summary>Moves the tickets whose deadline has come to <paramref name="expired"/>; the others keep their order.</summary>
    public void TakeExpired(TimeSpan now, List<Ticket> expired)
    {
        if (NextDeadline > now) return;
        NextDeadline = TimeSpan.MaxValue;
        for (var left = _queue.Count; left > 0; left--)
        {
            var parked = _queue.Dequeue();
            if (parked.Deadline <= now)
            {
                expired.Add(parked.Ticket);
                continue;
            }
            _queue.Enqueue(parked);
            if (parked.Deadline < NextDeadline) NextDeadline = parked.Deadline;
        }
    }
}

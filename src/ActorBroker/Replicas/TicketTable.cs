using ActorBroker.Core;

namespace ActorBroker.Replicas;

/// <summary>Who is behind which ticket. Places are used again, so a ticket is good until it is taken.</summary>
internal sealed class TicketTable<T>
{
    private readonly List<T?> _places = [];
    private readonly Stack<int> _free = new();

    public Ticket Add(T waiter)
    {
        if (!_free.TryPop(out var place))
        {
            place = _places.Count;
            _places.Add(default);
        }
        _places[place] = waiter;
        return new Ticket(place + 1);
    }

    public T this[Ticket ticket] => _places[(int)ticket.Value - 1]!;

    public T Take(Ticket ticket)
    {
        var place = (int)ticket.Value - 1;
        var waiter = _places[place]!;
        _places[place] = default;
        _free.Push(place);
        return waiter;
    }
}

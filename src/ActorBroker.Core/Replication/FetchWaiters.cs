using ActorBroker.Protocol;

namespace ActorBroker.Core.Replication;

/// <summary>Fetches that wait for more bytes. They are few: at most one for each connection that reads this partition.</summary>
internal sealed class FetchWaiters
{
    private readonly record struct Waiter(Ticket Ticket, bool Follower);

    private readonly List<Waiter> _waiters = [];

    public int Count => _waiters.Count;

    public void Add(Ticket ticket, bool follower) => _waiters.Add(new(ticket, follower));

    /// <returns><c>false</c> when it does not wait here (any more).</returns>
    public bool Remove(Ticket ticket)
    {
        for (var i = 0; i < _waiters.Count; i++)
        {
            if (_waiters[i].Ticket != ticket) continue;
            _waiters[i] = _waiters[^1];
            _waiters.RemoveAt(_waiters.Count - 1);
            return true;
        }
        return false;
    }

    /// <summary>Reports bytes that consumers (or followers) may read from now on.</summary>
    public void Progress(bool followers, long bytes, Queue<ReplicaEffect> effects)
    {
        for (var i = 0; i < _waiters.Count; i++)
            if (_waiters[i].Follower == followers)
                effects.Enqueue(new(ReplicaEffectKind.FetchProgress, _waiters[i].Ticket, ErrorCode.None, bytes));
    }

    /// <summary>Sends all away, to read again.</summary>
    public void WakeAll(Queue<ReplicaEffect> effects)
    {
        foreach (var waiter in _waiters) effects.Enqueue(new(ReplicaEffectKind.FetchAgain, waiter.Ticket, ErrorCode.None, 0));
        _waiters.Clear();
    }
}

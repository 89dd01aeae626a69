using System.Collections.Immutable;
using Akka.Remote.Wire;

namespace Akka.Remote.Associations;

/// <summary>System messages that the other side has not acknowledged yet, in order, numbered from 0.</summary>
internal sealed class AckedSendBuffer(int capacity)
{
    private readonly SortedDictionary<long, object> _waiting = [];
    private long _next;

    public int Count => _waiting.Count;

    /// <returns>The message's number; null: the buffer is full.</returns>
    public long? Add(object message)
    {
        if (_waiting.Count >= capacity) return null;
        _waiting.Add(_next, message);
        return _next++;
    }

    /// <summary>Lets go what has arrived.</summary>
    /// <param name="missing">What has not, and is to be sent again.</param>
    /// <returns>False: it acknowledges what was never sent, or misses what has arrived. The two sides don't mean the same.
    /// </returns>
    public bool Acknowledge(Acknowledgement ack, out ImmutableArray<(long Seq, object Message)> missing)
    {
        missing = [];
        if (ack.Cumulative >= _next) return false;
        var again = ImmutableArray.CreateBuilder<(long, object)>(ack.Nacks.Length);
        foreach (var nack in ack.Nacks)
        {
            if (nack > ack.Cumulative || !_waiting.TryGetValue(nack, out var message)) return false;
            again.Add((nack, message));
        }
        var gaps = ack.Nacks.ToHashSet();
        foreach (var seq in _waiting.Keys.TakeWhile(seq => seq <= ack.Cumulative).Where(seq => !gaps.Contains(seq)).ToList())
            _waiting.Remove(seq);
        missing = again.ToImmutable();
        return true;
    }

    /// <summary>The oldest ones, at most <paramref name="limit"/>.</summary>
    public ImmutableArray<(long Seq, object Message)> Oldest(int limit) =>
        [.. _waiting.Take(limit).Select(entry => (entry.Key, entry.Value))];

    /// <summary>Starts anew at 0.</summary>
    /// <returns>What was not acknowledged.</returns>
    public ImmutableArray<object> Reset()
    {
        ImmutableArray<object> lost = [.. _waiting.Values];
        _waiting.Clear();
        _next = 0;
        return lost;
    }
}

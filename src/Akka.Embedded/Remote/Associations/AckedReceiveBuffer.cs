using System.Collections.Immutable;
using Akka.Remote.Wire;

namespace Akka.Remote.Associations;

/// <summary>Puts the other side's system messages in order, once each.</summary>
internal sealed class AckedReceiveBuffer(int capacity)
{
    private readonly SortedDictionary<long, object?> _early = [];
    private long _delivered = -1;
    private long _highest = -1;

    /// <summary>Takes a message; <paramref name="deliverable"/> are those whose turn has come.</summary>
    /// <returns>False: so far ahead that the gap before it can't be true.</returns>
    public bool Receive(long seq, object? message, out ImmutableArray<object?> deliverable)
    {
        deliverable = [];
        if (seq < 0 || seq > _delivered + capacity) return false;
        _highest = Math.Max(_highest, seq);
        if (seq <= _delivered || !_early.TryAdd(seq, message)) return true; // Known.
        if (seq != _delivered + 1) return true;
        var inOrder = ImmutableArray.CreateBuilder<object?>();
        while (_early.Remove(_delivered + 1, out var next))
        {
            inOrder.Add(next);
            _delivered++;
        }
        deliverable = inOrder.ToImmutable();
        return true;
    }

    /// <summary>What has come: the highest number, and the gaps below it.</summary>
    public Acknowledgement Acknowledge()
    {
        if (_highest == _delivered) return new Acknowledgement(_highest, []);
        var gaps = ImmutableArray.CreateBuilder<long>();
        for (var seq = _delivered + 1; seq < _highest; seq++)
            if (!_early.ContainsKey(seq)) gaps.Add(seq);
        return new Acknowledgement(_highest, gaps.ToImmutable());
    }

    public void Reset()
    {
        _early.Clear();
        _delivered = _highest = -1;
    }
}

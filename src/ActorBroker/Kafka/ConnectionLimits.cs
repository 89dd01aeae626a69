using System.Collections.Concurrent;
using System.Net;

namespace ActorBroker.Kafka;

/// <summary>How many connections are open, in all and from each address. Entered by one thread, left by any.</summary>
internal sealed class ConnectionLimits(int max, int maxPerAddress)
{
    private readonly ConcurrentDictionary<IPAddress, int> _byAddress = new();
    private int _count;

    /// <summary>Takes a place, or says which limit does not allow it.</summary>
    public bool TryEnter(IPAddress address, out int count, out string limit, out int limitValue)
    {
        (count, limit, limitValue) = (Volatile.Read(ref _count), "max.connections", max);
        if (count >= max) return false;
        (count, limit, limitValue) = (_byAddress.GetValueOrDefault(address), "max.connections.per.ip", maxPerAddress);
        if (count >= maxPerAddress) return false;
        _byAddress.AddOrUpdate(address, 1, static (_, n) => n + 1);
        Interlocked.Increment(ref _count);
        return true;
    }

    public void Leave(IPAddress address)
    {
        Interlocked.Decrement(ref _count);
        // The last one removes the entry; when another came meanwhile the value differs, and the entry stays.
        if (_byAddress.AddOrUpdate(address, 0, static (_, n) => n - 1) == 0) _byAddress.TryRemove(new(address, 0));
    }
}

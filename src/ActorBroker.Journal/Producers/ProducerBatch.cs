using System.Runtime.CompilerServices;
using ActorBroker.Protocol;

namespace ActorBroker.Journal.Producers;

/// <summary>One appended batch of an idempotent producer.</summary>
/// <param name="LastSequence">Sequence of its last record.</param>
/// <param name="OffsetDelta">Its records less one.</param>
public readonly record struct ProducerBatch(int LastSequence, Offset LastOffset, int OffsetDelta, long TimestampMs)
{
    public Offset BaseOffset => new(LastOffset.Value - OffsetDelta);

    /// <summary>After 2147483647 comes 0.</summary>
    public int FirstSequence => (int)(((long)LastSequence - OffsetDelta) & int.MaxValue);
}

/// <summary>The last batches of a producer, as many as a client may have in flight.</summary>
internal struct RecentBatches
{
    public const int Capacity = 5;

    private Slots _slots;
    private byte _newest;

    public byte Count { get; private set; }

    public readonly ProducerBatch Newest => _slots[_newest];

    /// <param name="age">0: the newest.</param>
    public readonly ProducerBatch this[int age] => _slots[(_newest + Capacity - age) % Capacity];

    public void Add(in ProducerBatch batch)
    {
        _newest = (byte)((_newest + 1) % Capacity);
        _slots[_newest] = batch;
        if (Count < Capacity) Count++;
    }

    public void Clear() => Count = 0;

    public readonly bool TryFind(int firstSequence, int lastSequence, out ProducerBatch found)
    {
        for (var age = 0; age < Count; age++)
        {
            found = this[age];
            if (found.LastSequence == lastSequence && found.FirstSequence == firstSequence) return true;
        }
        found = default;
        return false;
    }

    [InlineArray(Capacity)]
    private struct Slots
    {
        private ProducerBatch _first;
    }
}

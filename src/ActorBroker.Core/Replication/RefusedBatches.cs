using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Core.Replication;

/// <summary>
/// Batches of idempotent producers that were refused for now, so that they will come again. What the same producer has sent behind
/// one may arrive first, with a hole before its sequence that is not the producer's fault: it is refused with the same error, and
/// comes again behind the other. A producer that hears of a hole must give up, or begin an epoch in which nothing that it repeats
/// is known as a repetition, in no partition.
/// <para>Likewise where the hole is as old as a leader: what fills it may still be on its way from the last leader back to the client
/// and from there to here. librdkafka (2.0 to 2.15) waits for that before it sends what is next, but not well: the thread of the
/// last leader counts a request that timed out, or whose connection broke, as no longer in flight before it puts the records back,
/// and meanwhile that of the new leader may send those behind. So a hole is sent back once before it is told of.</para>
/// </summary>
/// <remarks>Bounded in number and time; what is forgotten is a hole as any other. Time is time since some start.</remarks>
public sealed class RefusedBatches
{
    private const int MaxProducers = 1000;

    /// <summary>A client waits for seconds at most before it repeats.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, Refused> _byProducer = [];

    private readonly record struct Refused(short Epoch, int Sequence, ErrorCode Error, TimeSpan At);

    public bool IsEmpty => _byProducer.Count == 0;

    /// <summary>The batch was refused with an error after which it comes again.</summary>
    public void Add(in RecordBatchHeader batch, ErrorCode error, TimeSpan now)
    {
        if (!batch.HasProducerId) return;
        if (_byProducer.TryGetValue(batch.ProducerId, out var known))
        {
            if (batch.ProducerEpoch < known.Epoch) return;
            if (batch.ProducerEpoch == known.Epoch && IsBehind(batch.BaseSequence, known.Sequence)) return;
        }
        else if (!HasRoom(now)) _byProducer.Clear();
        _byProducer[batch.ProducerId] = new(batch.ProducerEpoch, batch.BaseSequence, error, now);
    }

    /// <summary>What a batch is told that has a hole before it.</summary>
    /// <param name="isNewLeader">The producer has nothing in the log from this leader's term.</param>
    public ErrorCode ForHoleBefore(in RecordBatchHeader batch, bool isNewLeader, TimeSpan now)
    {
        if (Behind(batch, now) is not ErrorCode.None and var error) return error;
        var isKnown = TryFind(batch, now, out var refused);
        if (isKnown && batch.BaseSequence == refused.Sequence) return ErrorCode.OutOfOrderSequenceNumber; // It came again, and alone.
        // Who could not be remembered might be sent back for ever.
        if (!isNewLeader || (!_byProducer.ContainsKey(batch.ProducerId) && !HasRoom(now))) return ErrorCode.OutOfOrderSequenceNumber;
        Add(batch, ErrorCode.NotEnoughReplicas, now);
        return ErrorCode.NotEnoughReplicas;
    }

    /// <summary>What a batch is told that comes behind one that was refused; none: it does not. A log that knows nothing of a producer
    /// takes any sequence for its first, and would refuse for ever what comes again.</summary>
    public ErrorCode Behind(in RecordBatchHeader batch, TimeSpan now) =>
        TryFind(batch, now, out var refused) && IsBehind(batch.BaseSequence, refused.Sequence) ? refused.Error : ErrorCode.None;

    /// <summary>What was refused of the producer, in the same epoch, lately.</summary>
    private bool TryFind(in RecordBatchHeader batch, TimeSpan now, out Refused refused)
    {
        refused = default;
        return _byProducer.TryGetValue(batch.ProducerId, out refused) && refused.Epoch == batch.ProducerEpoch && now - refused.At <= Kept;
    }

    /// <summary>The batch may be appended: if it is what was refused, that need not be known any more.</summary>
    public void Taken(in RecordBatchHeader batch)
    {
        if (_byProducer.Count == 0 || !_byProducer.TryGetValue(batch.ProducerId, out var refused)) return;
        if (batch.ProducerEpoch != refused.Epoch || !IsBehind(refused.Sequence, batch.LastSequence))
            _byProducer.Remove(batch.ProducerId);
    }

    private bool HasRoom(TimeSpan now)
    {
        if (_byProducer.Count < MaxProducers) return true;
        foreach (var (id, refused) in _byProducer) // Removing during the walk is allowed.
            if (now - refused.At > Kept) _byProducer.Remove(id);
        return _byProducer.Count < MaxProducers;
    }

    /// <summary>After 2147483647 comes 0.</summary>
    private static bool IsBehind(int sequence, int other) =>
        sequence != other && ((sequence - other) & int.MaxValue) < int.MaxValue / 2;
}

using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Journal.Producers;

/// <summary>
/// What a log knows of its idempotent producers (KIP-98, KIP-447): which batch may come next, and which one came already.
/// Pure: the log feeds it with every batch, in order, at appends and when it is recovered.
/// </summary>
public sealed class ProducerStates
{
    private Dictionary<long, Producer>? _producers; // Most logs have none.

    public int Count => _producers?.Count ?? 0;

    /// <summary>Is there something of this producer in the log? Otherwise any sequence is taken for its first.</summary>
    public bool Knows(long producerId) => _producers is not null && _producers.ContainsKey(producerId);

    /// <summary>May this batch of a client be appended? Changes nothing.</summary>
    public ProducerVerdict Check(in RecordBatchHeader batch)
    {
        if (!batch.HasProducerId || _producers is null || !_producers.TryGetValue(batch.ProducerId, out var known))
            return ProducerVerdict.Append;
        if (batch.ProducerEpoch == known.Epoch && known.Batches.TryFind(batch.BaseSequence, batch.LastSequence, out var earlier))
            return ProducerVerdict.Duplicate(earlier);
        if (batch.ProducerEpoch < known.Epoch)
            return ProducerVerdict.Refuse(ErrorCode.InvalidProducerEpoch);
        if (!batch.Attributes.IsTransactional && !known.OpenTransaction.IsNone)
            return ProducerVerdict.Refuse(ErrorCode.InvalidTxnState);
        var ahead = (batch.BaseSequence - known.NextSequence(batch.ProducerEpoch)) & int.MaxValue; // After 2147483647 comes 0.
        return ahead == 0 ? ProducerVerdict.Append
            : ahead < int.MaxValue / 2 ? ProducerVerdict.HoleAfter(known.NewestOrNone)
            : ProducerVerdict.Refuse(ErrorCode.OutOfOrderSequenceNumber);
    }

    /// <summary>Learns a batch that is in the log now, whatever <see cref="Check"/> would say: the log is the truth.</summary>
    /// <param name="batch">With the offsets of the log.</param>
    /// <param name="seenMs">When the producer was last active, for <see cref="Expire"/>.</param>
    public void Learn(in RecordBatchHeader batch, long seenMs)
    {
        if (!batch.HasProducerId) return;
        var producer = Known(batch.ProducerId);
        if (producer.Epoch != batch.ProducerEpoch)
        {
            producer.Epoch = batch.ProducerEpoch;
            producer.Batches.Clear();
        }
        producer.LastTimestampMs = batch.MaxTimestampMs;
        producer.SeenMs = seenMs;
        if (batch.Attributes.IsControl)
        {
            producer.OpenTransaction = Offset.None;
            return;
        }
        producer.Batches.Add(new(batch.LastSequence, batch.LastOffset, batch.LastOffsetDelta, batch.MaxTimestampMs));
        if (batch.Attributes.IsTransactional && producer.OpenTransaction.IsNone) producer.OpenTransaction = batch.BaseOffset;
    }

    /// <summary>The first offset that an open transaction has; readers of committed records stop there.</summary>
    public Offset FirstOpenTransaction
    {
        get
        {
            var first = Offset.None;
            if (_producers is null) return first;
            foreach (var producer in _producers.Values)
                if (!producer.OpenTransaction.IsNone && (first.IsNone || producer.OpenTransaction < first))
                    first = producer.OpenTransaction;
            return first;
        }
    }

    /// <summary>Forgets producers that were idle for longer than that and have no open transaction.</summary>
    /// <returns>How many.</returns>
    public int Expire(long nowMs, long idleMs)
    {
        if (_producers is null) return 0;
        var before = _producers.Count;
        foreach (var (id, producer) in _producers) // Removing during the walk is allowed.
            if (nowMs - producer.SeenMs > idleMs && producer.OpenTransaction.IsNone) _producers.Remove(id);
        return before - _producers.Count;
    }

    public void Clear() => _producers = null;

    /// <summary>What a snapshot says, in place of all that is known.</summary>
    public void Load(IReadOnlyList<ProducerSnapshotEntry> entries, long nowMs)
    {
        _producers = null;
        foreach (var entry in entries)
        {
            var producer = Known(entry.ProducerId);
            producer.Epoch = entry.ProducerEpoch;
            producer.LastTimestampMs = entry.TimestampMs;
            producer.CoordinatorEpoch = entry.CoordinatorEpoch;
            producer.OpenTransaction = entry.OpenTransaction;
            // Records of some clients carry no time or a future one; those count as seen now.
            producer.SeenMs = entry.TimestampMs >= 0 && entry.TimestampMs < nowMs ? entry.TimestampMs : nowMs;
            // Those of one producer stand behind one another, the newest last.
            if (entry.LastSequence >= 0)
                producer.Batches.Add(new(entry.LastSequence, entry.LastOffset, entry.OffsetDelta, entry.TimestampMs));
        }
    }

    /// <summary>The last batches of each producer, in the order of their ids, the newest last.</summary>
    /// <remarks>Kafka writes the newest alone, and of several reads the last, so it understands this. But a client may wait for the
    /// answers to several: after a restart of the leader it sends them all again, and each must be known.</remarks>
    public IReadOnlyList<ProducerSnapshotEntry> ToSnapshot()
    {
        if (_producers is null) return [];
        var entries = new List<ProducerSnapshotEntry>(_producers.Count);
        foreach (var (id, producer) in _producers.OrderBy(known => known.Key))
        {
            for (var age = producer.Batches.Count - 1; age > 0; age--)
                entries.Add(Entry(id, producer, producer.Batches[age], producer.Batches[age].TimestampMs));
            entries.Add(Entry(id, producer, producer.NewestOrNone, producer.LastTimestampMs));
        }
        return entries;
    }

    private static ProducerSnapshotEntry Entry(long id, Producer producer, in ProducerBatch batch, long timestampMs) => new(
        id, producer.Epoch, batch.LastSequence, batch.LastOffset, batch.OffsetDelta, timestampMs, producer.CoordinatorEpoch,
        producer.OpenTransaction);

    private Producer Known(long id)
    {
        _producers ??= [];
        if (!_producers.TryGetValue(id, out var producer)) _producers[id] = producer = new Producer();
        return producer;
    }

    private sealed class Producer
    {
        public RecentBatches Batches;
        public short Epoch = -1;
        public int CoordinatorEpoch = -1;
        public long LastTimestampMs = -1;
        public long SeenMs;
        public Offset OpenTransaction = Offset.None;

        public ProducerBatch NewestOrNone => Batches.Count > 0 ? Batches.Newest : new ProducerBatch(-1, Offset.None, 0, -1);

        /// <summary>The first sequence that a batch of this epoch must have: a new epoch starts at 0.</summary>
        public int NextSequence(short epoch) =>
            epoch != Epoch || Batches.Count == 0 || Batches.Newest.LastSequence == int.MaxValue
                ? 0 : Batches.Newest.LastSequence + 1;
    }
}

using ActorBroker.Protocol;

namespace ActorBroker.Server.Clients.Producing;

/// <summary>
/// One partition's batches: one open, some closed, at most one on its way, which keeps their order whatever fails.
/// </summary>
/// <remarks>Used under the producer's lock.</remarks>
internal sealed class PartitionQueue(TopicPartition partition)
{
    private readonly LinkedList<ProducerBatch> _closed = [];
    private int _nextSequence;

    public TopicPartition Partition { get; } = partition;

    public ProducerBatch? Open { get; private set; }

    public bool IsInFlight { get; private set; }

    public bool IsEmpty => Open is null && _closed.Count == 0 && !IsInFlight;

    /// <summary>When the oldest batch that waits began; null where there is none.</summary>
    public long? WaitsSince => _closed.First?.Value.Started ?? Open?.Started;

    public bool HasClosed => _closed.Count > 0;

    public ProducerBatch OpenBatch(ProducerOptions options, ProducerIdentity identity, long now) =>
        Open ??= new ProducerBatch(Partition, options, identity, now);

    /// <summary>Ends the open batch, which from here on has its place in the sequence.</summary>
    public void Close()
    {
        if (Open is not { } batch) return;
        batch.Close(_nextSequence);
        _nextSequence = (int)((_nextSequence + (long)batch.Records) & int.MaxValue);
        _closed.AddLast(batch);
        Open = null;
    }

    public ProducerBatch? Peek => IsInFlight ? null : _closed.First?.Value;

    public ProducerBatch Take()
    {
        var batch = _closed.First!.Value;
        _closed.RemoveFirst();
        IsInFlight = true;
        return batch;
    }

    public void Done() => IsInFlight = false;

    public void PutBack(ProducerBatch batch)
    {
        IsInFlight = false;
        _closed.AddFirst(batch);
    }
}

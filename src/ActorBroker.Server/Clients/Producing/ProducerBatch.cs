using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Server.Clients.Producing;

/// <summary>Records that travel together.</summary>
internal sealed class ProducerBatch(
    TopicPartition partition, ProducerOptions options, ProducerIdentity identity, long started) : IDisposable
{
    private readonly RecordBatchBuilder _builder = new(new()
    {
        Codec = options.Codec,
        ProducerId = identity.Id,
        ProducerEpoch = identity.Epoch,
    });
    private readonly TaskCompletionSource<ProducedBatch> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[]? _encoded;

    public TopicPartition Partition { get; } = partition;

    public long Started { get; } = started;

    public int Records => _builder.RecordCount;

    public int UncompressedBytes => _builder.UncompressedBytes;

    public Task<ProducedBatch> Answer => _answer.Task;

    public Delivery Append(in ProducerRecord record, long nowMs)
    {
        _builder.Append(record.TimestampMs ?? nowMs, record.Key, record.Value, record.Headers);
        return new(Partition, Answer, Records - 1);
    }

    /// <summary>Takes no more records, and has its place in the producer's sequence from here on.</summary>
    public void Close(int baseSequence)
    {
        if (identity.Id >= 0) _builder.Options = _builder.Options with { BaseSequence = baseSequence };
    }

    /// <summary>The same bytes at every attempt, so that the broker knows a repetition.</summary>
    public byte[] Encode() => _encoded ??= _builder.Build();

    public void Succeed(Offset first)
    {
        Dispose();
        _answer.TrySetResult(new(first));
    }

    public void Fail(Exception error)
    {
        Dispose();
        _answer.TrySetException(error);
        _ = _answer.Task.Exception; // Whoever does not look must not bring the process down.
    }

    public void Dispose() => _builder.Dispose();
}

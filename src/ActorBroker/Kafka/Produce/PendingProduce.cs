using System.Runtime.InteropServices;
using ActorBroker.Kafka.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;
using ActorBroker.Threads;

namespace ActorBroker.Kafka.Produce;

/// <summary>
/// A Produce request from its arrival to its answer: it gathers what the partitions' replicas say. Connections use these objects
/// again and again; a replica answers each part exactly once, so nobody holds one that is done.
/// </summary>
/// <remarks>
/// Filled by the connection's thread, answered by any, written by the one that drains the <see cref="ProducePipeline"/>.
/// </remarks>
internal sealed class PendingProduce(WorkPool pool)
{
    private readonly List<Topic> _topics = [];
    private readonly List<PartitionAppend> _parts = [];
    private readonly AsyncSignal _done = new(afterMailbox: pool);
    private int _partCount;
    private int _unanswered;

    private readonly record struct Topic(ByteRange Name, TopicId Id, int Partitions);

    public Frame Frame { get; private set; }

    public int CorrelationId { get; private set; }

    public short Version { get; private set; }

    public short Acks { get; private set; }

    public TimeSpan Timeout { get; private set; }

    public bool IsDone => Volatile.Read(ref _unanswered) == 0;

    /// <summary>Begins with a frame that this object releases when it is recycled.</summary>
    public void Begin(Frame frame, int correlationId, short version)
    {
        (Frame, CorrelationId, Version) = (frame, correlationId, version);
        _topics.Clear();
        _partCount = 0;
        _unanswered = 1; // The request itself, until all parts are told.
    }

    public void SetAcks(short acks, TimeSpan timeout) => (Acks, Timeout) = (acks, timeout);

    /// <param name="name">Where in the frame it lies; empty from version 13 on.</param>
    public void AddTopic(ByteRange name, TopicId id, int partitions) => _topics.Add(new(name, id, partitions));

    /// <summary>A part to fill and to tell a replica, or to refuse at once.</summary>
    public PartitionAppend AddPartition(int index)
    {
        if (_partCount == _parts.Count) _parts.Add(new PartitionAppend(this));
        var part = _parts[_partCount++];
        part.Start(index);
        _unanswered++; // No other thread counts it down before the part is told.
        return part;
    }

    /// <summary>Parts in the order of the request.</summary>
    public ReadOnlySpan<PartitionAppend> Parts => CollectionsMarshal.AsSpan(_parts)[.._partCount];

    /// <summary>All parts are told; it is done when the last is answered.</summary>
    public void AllTold() => PartAnswered();

    internal void PartAnswered()
    {
        if (Interlocked.Decrement(ref _unanswered) == 0) _done.Set();
    }

    /// <summary>Returns when all parts are answered.</summary>
    public async ValueTask DoneAsync()
    {
        while (!IsDone) await _done.WaitAsync().ConfigureAwait(false);
    }

    /// <summary>The first error of a partition; what closes the connection where acks=0.</summary>
    public ErrorCode FirstError()
    {
        foreach (var part in Parts)
            if (part.Error != ErrorCode.None) return part.Error;
        return ErrorCode.None;
    }

    public void WriteResponse(WireWriter output)
    {
        var start = output.BeginFrame();
        ResponseHeader.Write(output, ApiKey.Produce, Version, CorrelationId);
        var writer = new ProduceResponseWriter(output, Version);
        writer.Begin(_topics.Count);
        var next = 0;
        foreach (var topic in _topics)
        {
            writer.Topic(topic.Name.Of(Frame.Span), topic.Id, topic.Partitions);
            for (var i = 0; i < topic.Partitions; i++) writer.Partition(_parts[next++].ToResponse());
            writer.EndTopic();
        }
        writer.End(throttleTimeMs: 0);
        output.EndFrame(start);
    }

    /// <summary>Gives the frame back.</summary>
    public void End()
    {
        foreach (var part in Parts) part.End();
        Frame.Release();
    }
}

using System.Threading.Tasks.Sources;
using ActorBroker.Kafka.Sockets;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Replicas;

namespace ActorBroker.Kafka.Produce;

/// <summary>
/// A Produce request from its arrival to its answer: it gathers what the partitions' replicas say. Connections use these objects
/// again and again; a replica answers each part exactly once, so nobody holds one that is done.
/// </summary>
/// <remarks>Filled by the connection's thread, answered by any, written by the one that drains the <see cref="ProducePipeline"/>.</remarks>
internal sealed class PendingProduce : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Pending = 0, Done = 1, Awaited = 2;

    private readonly List<Topic> _topics = [];
    private readonly List<PartitionAppend> _parts = [];
    private ManualResetValueTaskSourceCore<bool> _core;
    private int _partCount;
    private int _unanswered;
    private int _state;

    private readonly record struct Topic(ByteRange Name, TopicId Id, int Partitions);

    public Frame Frame { get; private set; }

    public int CorrelationId { get; private set; }

    public short Version { get; private set; }

    public short Acks { get; private set; }

    public TimeSpan Timeout { get; private set; }

    public bool IsDone => Volatile.Read(ref _state) == Done;

    /// <summary>Begins with a frame that this object releases when it is recycled.</summary>
    public void Begin(Frame frame, int correlationId, short version)
    {
        (Frame, CorrelationId, Version) = (frame, correlationId, version);
        _topics.Clear();
        _partCount = 0;
        _unanswered = 1; // The request itself, until all parts are told.
        _state = Pending;
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
    public ReadOnlySpan<PartitionAppend> Parts => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_parts)[.._partCount];

    /// <summary>All parts are told; it is done when the last is answered.</summary>
    public void AllTold() => PartAnswered();

    internal void PartAnswered()
    {
        if (Interlocked.Decrement(ref _unanswered) != 0) return;
        if (Interlocked.Exchange(ref _state, Done) == Awaited) CallerThread.RunAfterMailbox(this);
    }

    /// <summary>Completes when all parts are answered.</summary>
    public ValueTask DoneAsync()
    {
        _core.Reset();
        return Interlocked.CompareExchange(ref _state, Awaited, Pending) == Pending
            ? new ValueTask(this, _core.Version)
            : ValueTask.CompletedTask;
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

    void IThreadPoolWorkItem.Execute() => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

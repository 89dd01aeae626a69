using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Benchmarks.Sockets;

/// <summary>Requests as bytes, made once and sent many times.</summary>
internal static class KafkaFrames
{
    public const short ProduceVersion = 9;
    public const short FetchVersion = 11;
    private const string ClientId = "benchmark";

    /// <summary>A batch of 1 KB records, as large as asked for.</summary>
    public static byte[] Batch(int batchBytes)
    {
        using var batch = new RecordBatchBuilder();
        var value = new byte[1000];
        new Random(7).NextBytes(value);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        do batch.Append(now, default, value);
        while (batch.UncompressedBytes + value.Length < batchBytes);
        return batch.Build();
    }

    /// <summary>A Produce request of one batch of 1 KB records, as large as asked for.</summary>
    public static byte[] Produce(string topic, int partition, int batchBytes, short acks = 1) =>
        Produce(topic, partition, Batch(batchBytes), acks);

    public static byte[] Produce(string topic, int partition, ReadOnlyMemory<byte> batch, short acks = 1) => Frame(
        new ProduceRequest
        {
            Acks = acks,
            TimeoutMs = 30_000,
            TopicData = [new(topic, TopicId.None, [new(partition, batch)])],
        },
        ProduceVersion);

    /// <summary>A Fetch request of one partition.</summary>
    public static byte[] Fetch(string topic, int partition, Offset offset, int maxBytes, int maxWaitMs = 500) => Frame(
        new FetchRequest
        {
            MaxWaitMs = maxWaitMs,
            MinBytes = 1,
            MaxBytes = maxBytes,
            Topics = [new(topic, TopicId.None,
                [new() { Index = partition, FetchOffset = offset, PartitionMaxBytes = maxBytes }])],
        },
        FetchVersion);

    /// <summary>Makes sure that a topic with so many partitions is there.</summary>
    public static void CreateTopic(FrameSocket socket, string topic, int partitions)
    {
        var answer = Ask(socket, new CreateTopicsRequest(
            [new CreateTopicsRequest.Topic { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]), version: 4);
        if (answer.Topics[0].ErrorCode != ErrorCode.None)
            throw new InvalidOperationException($"{topic}: {answer.Topics[0].ErrorCode}");
    }

    public static byte[] Frame<TRequest, TResponse>(IRequest<TRequest, TResponse> request, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        using var wire = new WireWriter();
        var start = wire.BeginFrame();
        RequestHeader.Write(wire, TRequest.Key, version, correlationId: 0, ClientId);
        request.Write(wire, version);
        wire.EndFrame(start);
        return wire.WrittenSpan.ToArray();
    }

    public static TResponse Ask<TRequest, TResponse>(FrameSocket socket, IRequest<TRequest, TResponse> request, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        socket.Send(Frame(request, version));
        return Answer<TRequest, TResponse>(socket.Receive(), version);
    }

    public static TResponse Answer<TRequest, TResponse>(ReadOnlyMemory<byte> frame, short version)
        where TRequest : IRequest<TRequest, TResponse>
        where TResponse : IWireValue<TResponse>
    {
        var wire = new WireReader(frame);
        ResponseHeader.Read(ref wire, TRequest.Key, version);
        return TResponse.Read(ref wire, version);
    }
}

using ActorBroker.Benchmarks.Harness;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;

namespace ActorBroker.Benchmarks.Sockets;

/// <summary>
/// Produce through the socket, pipelined, against a process that writes the same bytes from a socket to a file.
/// </summary>
internal static class ProduceAgainstSocketToFile
{
    private const string Topic = "produce";

    public static async Task RunAsync(Pairs pairs)
    {
        await OfBatchesAsync(pairs, "16 KiB batches, 32 in flight", 16 << 10, window: 32, runBytes: 512L << 20);
        await OfBatchesAsync(pairs, "500 KB batches, 5 in flight", 500_000, window: 5, runBytes: 1L << 30);
        await ProducersAsync(pairs);
        await PartitionsAsync(pairs);
    }

    /// <summary>The answer has no error.</summary>
    public static void Check(ReadOnlyMemory<byte> answer)
    {
        var response = KafkaFrames.Answer<ProduceRequest, ProduceResponse>(answer, KafkaFrames.ProduceVersion);
        var error = response.Responses[0].PartitionResponses[0].ErrorCode;
        if (error != ErrorCode.None) throw new InvalidOperationException($"Produce was answered with {error}");
    }

    private static async Task OfBatchesAsync(Pairs pairs, string name, int batchBytes, int window, long runBytes)
    {
        using var broker = ServerProcess.Broker(
            "log.retention.check.interval.ms=1000", "log.retention.bytes=1073741824", "log.segment.delete.delay.ms=0");
        using var bare = ServerProcess.Bare("sink");
        Create(broker, Topic, 1);
        var frame = KafkaFrames.Produce(Topic, 0, batchBytes);
        await pairs.RunAsync(
            $"produce through the socket, {name}, against socket to file", "MB/s, CPU s per GB", null,
            () => MeasuredAsync(broker, [frame], runBytes, window, Check),
            () => MeasuredAsync(bare, [frame], runBytes, window, _ => { }));
    }

    private static async Task ProducersAsync(Pairs pairs)
    {
        using var broker = ServerProcess.Broker();
        Create(broker, Topic, 1);
        var frame = KafkaFrames.Produce(Topic, 0, 16 << 10);
        await pairs.RunAsync(
            "eight producers on one partition against one producer, 16 KiB batches", "MB/s, CPU s per GB", null,
            () => MeasuredAsync(broker, [.. Enumerable.Repeat(frame, 8)], 512L << 20, window: 8, Check),
            () => MeasuredAsync(broker, [frame], 512L << 20, window: 32, Check));
    }

    private static async Task PartitionsAsync(Pairs pairs)
    {
        using var broker = ServerProcess.Broker();
        Create(broker, "one", 1);
        Create(broker, "thousand", 1000);
        byte[][] one = [.. Enumerable.Repeat(KafkaFrames.Produce("one", 0, 16 << 10), 4)];
        byte[][] thousand = [.. Enumerable.Range(0, 4).Select(n => Interleaved("thousand", n * 250, 250))];
        await pairs.RunAsync(
            "a thousand partitions against one, four producers, 16 KiB batches", "MB/s, CPU s per GB", null,
            () => MeasuredAsync(broker, thousand, 256L << 20, window: 1, Check),
            () => MeasuredAsync(broker, one, 256L << 20, window: 16, Check));
    }

    /// <summary>One request with a batch for each of many partitions.</summary>
    private static byte[] Interleaved(string topic, int first, int count)
    {
        var batch = KafkaFrames.Batch(16 << 10);
        return KafkaFrames.Frame(
            new ProduceRequest
            {
                Acks = 1,
                TimeoutMs = 30_000,
                TopicData = [new(topic, TopicId.None,
                    [.. Enumerable.Range(first, count).Select(n => new ProduceRequest.Partition(n, batch))])],
            },
            KafkaFrames.ProduceVersion);
    }

    private static async Task<Sample> MeasuredAsync(
        ServerProcess server, byte[][] frames, long runBytes, int window, Action<ReadOnlyMemory<byte>> check)
    {
        var each = (int)Math.Max(1, runBytes / frames.Length / frames[0].Length);
        var bytes = (double)each * frames.Sum(frame => (long)frame.Length);
        var cpu = server.CpuSeconds;
        var seconds = await PipelinedLoad.RunAsync(server.Port, frames, each, window, check);
        return new(bytes / 1e6 / seconds, (server.CpuSeconds - cpu) / (bytes / 1e9));
    }

    private static void Create(ServerProcess broker, string topic, int partitions)
    {
        using var socket = new FrameSocket(broker.Port);
        KafkaFrames.CreateTopic(socket, topic, partitions);
    }
}

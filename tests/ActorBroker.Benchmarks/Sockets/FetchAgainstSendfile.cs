using System.Diagnostics;
using ActorBroker.Benchmarks.Bare;
using ActorBroker.Benchmarks.Harness;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Benchmarks.Sockets;

/// <summary>
/// Fetch of 1 MiB ranges to a loopback socket, one request at a time as consumers send them, against a bare sendfile loop.
/// </summary>
internal static class FetchAgainstSendfile
{
    private const string Topic = "fetch";
    private const int Requests = 2000;
    private const int Batches = 128;

    public static async Task RunAsync(Pairs pairs)
    {
        using var broker = ServerProcess.Broker();
        using var bare = ServerProcess.Bare("source");
        using (var socket = new FrameSocket(broker.Port)) KafkaFrames.CreateTopic(socket, Topic, 1);
        var batch = KafkaFrames.Batch(500_000);
        await PipelinedLoad.RunAsync(
            broker.Port, [KafkaFrames.Produce(Topic, 0, batch)], Batches, window: 4, ProduceAgainstSocketToFile.Check);

        // Each fetch returns the two batches from its offset on: as many as fit into 1 MiB.
        var records = RecordsOf(batch);
        byte[][] fetches = [.. Enumerable.Range(0, Batches / 2).Select(
            n => KafkaFrames.Fetch(Topic, 0, new Offset(2L * n * records), BareServer.RangeBytes))];
        await pairs.RunAsync(
            "fetch of 1 MiB ranges against sendfile", "MB/s, CPU s per GB", 0.8, () => FetchAsync(broker, fetches),
            () => FetchAsync(bare, fetches));
    }

    private static int RecordsOf(byte[] batch) =>
        RecordBatchHeader.TryRead(batch, out var header) ? header.RecordCount : throw new InvalidDataException();

    private static Task<Sample> FetchAsync(ServerProcess server, byte[][] fetches)
    {
        using var socket = new FrameSocket(server.Port);
        var cpu = server.CpuSeconds;
        var started = Stopwatch.GetTimestamp();
        long bytes = 0;
        for (var i = 0; i < Requests; i++)
        {
            socket.Send(fetches[i % fetches.Length]);
            bytes += socket.Receive().Length;
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return Task.FromResult(new Sample(bytes / 1e6 / seconds, (server.CpuSeconds - cpu) / (bytes / 1e9)));
    }
}

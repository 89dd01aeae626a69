using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using ActorBroker.Benchmarks.Harness;
using ActorBroker.Protocol;
using ActorBroker.Protocol.Kafka;
using ActorBroker.Protocol.Records;

namespace ActorBroker.Benchmarks.Sockets;

/// <summary>
/// From the moment a record of 1 KB should be sent to the moment a waiting consumer has it, at 1,000 records/s in an open loop: a
/// record is due whether or not the one before it has arrived. Against a bare socket that sends each frame back.
/// </summary>
internal static class Latency
{
    private const string Topic = "latency";
    private const int PerSecond = 1000;
    private const int Records = 10_000;
    private const int WarmUp = 2000;

    public static async Task RunAsync(TextWriter output)
    {
        output.WriteLine($"end-to-end latency at {PerSecond} records/s of 1 KB, open loop, {Records} records");
        for (var round = 0; round < 3; round++)
        {
            using (var broker = ServerProcess.Broker())
            {
                var cpu = broker.CpuSeconds;
                var started = Stopwatch.GetTimestamp();
                var latency = await ThroughBrokerAsync(broker);
                var cores = (broker.CpuSeconds - cpu) / Stopwatch.GetElapsedTime(started).TotalSeconds;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  ActorBroker {latency}; {cores:0.000} core"));
            }

            using var bare = ServerProcess.Bare("pong");
            output.WriteLine($"  bare        {await PingPongAsync(bare)}");
        }
    }

    private static async Task<Percentiles> ThroughBrokerAsync(ServerProcess broker)
    {
        using var producer = new FrameSocket(broker.Port);
        using var consumer = new FrameSocket(broker.Port);
        KafkaFrames.CreateTopic(producer, Topic, 1);
        using var batch = new RecordBatchBuilder();
        batch.Append(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), default, new byte[1000]);
        var frame = KafkaFrames.Produce(Topic, 0, batch.Build());
        var due = new long[Records + WarmUp];
        var arrived = new long[Records + WarmUp];

        var consuming = OnThread(() =>
        {
            for (var next = 0; next < arrived.Length;)
            {
                var fetched = KafkaFrames.Ask(consumer, Fetch(next), KafkaFrames.FetchVersion);
                var now = Stopwatch.GetTimestamp();
                for (var batches = fetched.Responses[0].Partitions[0].Records; RecordBatchHeader.TryRead(batches.Span, out var header); batches = batches[(int)header.TotalBytes..])
                    for (var n = 0; n < header.RecordCount; n++) arrived[next++] = now;
            }
        });
        var answers = OnThread(() =>
        {
            for (var i = 0; i < due.Length; i++) producer.Receive();
        });
        await OnThread(() => SendOnTime(due, _ => producer.Send(frame)));
        await Task.WhenAll(consuming, answers);
        return Measured(due, arrived);
    }

    private static async Task<Percentiles> PingPongAsync(ServerProcess bare)
    {
        using var socket = new FrameSocket(bare.Port);
        var frame = new byte[1100];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        var due = new long[Records + WarmUp];
        var arrived = new long[Records + WarmUp];
        var answers = OnThread(() =>
        {
            for (var i = 0; i < due.Length; i++)
            {
                socket.Receive();
                arrived[i] = Stopwatch.GetTimestamp();
            }
        });
        await OnThread(() => SendOnTime(due, _ => socket.Send(frame)));
        await answers;
        return Measured(due, arrived);
    }

    /// <summary>Sends at the due times: sleeps while there is time, and yields for the rest.</summary>
    private static void SendOnTime(long[] due, Action<int> send)
    {
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10);
        for (var i = 0; i < due.Length; i++)
        {
            due[i] = start + (i * Stopwatch.Frequency / PerSecond);
            while (due[i] - Stopwatch.GetTimestamp() is > 0 and var left)
            {
                if (left > Stopwatch.Frequency / 5000) Thread.Sleep(TimeSpan.FromMicroseconds(100));
                else Thread.Yield();
            }

            send(i);
        }
    }

    private static FetchRequest Fetch(int offset) => new()
    {
        MaxWaitMs = 500,
        MinBytes = 1,
        MaxBytes = 1 << 20,
        Topics = [new(Topic, TopicId.None, [new() { Index = 0, FetchOffset = new Offset(offset), PartitionMaxBytes = 1 << 20 }])],
    };

    private static Percentiles Measured(long[] due, long[] arrived) =>
        new([.. due.Zip(arrived).Skip(WarmUp).Select(pair => (pair.Second - pair.First) * 1e6 / Stopwatch.Frequency)]);

    private static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}

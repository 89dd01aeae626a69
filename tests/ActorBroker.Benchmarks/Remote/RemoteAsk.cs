using System.Diagnostics;
using System.Globalization;
using ActorBroker.Benchmarks.Harness;
using ActorBroker.Benchmarks.Sockets;
using Akka.Actor;

namespace ActorBroker.Benchmarks.Remote;

/// <summary>One question after the other to an actor in another process, against a frame to and fro on a bare socket.</summary>
internal static class RemoteAsk
{
    private const int Asks = 10_000;

    public static async Task RunAsync(Pairs pairs, TextWriter output)
    {
        using var peer = ServerProcess.RemotePeer("fast");
        using var bare = ServerProcess.Bare("pong");
        using var system = RemotePeer.Start();
        var echo = await RemotePeer.FindAsync(system, peer.Port, "echo");
        var medians = new List<double>();
        await pairs.RunAsync("remote ask of 100 B, one at a time, against ping-pong on a bare socket", "round trips/s", null,
            async () =>
            {
                var (sample, latency) = await AskAsync(echo);
                medians.Add(latency.At(0.5));
                return sample;
            },
            () => Task.FromResult(PingPong(bare.Port)));
        var median = new Spread(medians).Median;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  orientation 160 µs: {(median <= 160 ? "reached" : "missed")} (p50 {median:0} µs)"));
        await system.Terminate();
    }

    private static async Task<(Sample, Percentiles)> AskAsync(IActorRef echo)
    {
        var question = new byte[100];
        var micros = new double[Asks];
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Asks; i++)
        {
            var asked = Stopwatch.GetTimestamp();
            await echo.Ask<byte[]>(question);
            micros[i] = Stopwatch.GetElapsedTime(asked).TotalMicroseconds;
        }
        return (new(Asks / Stopwatch.GetElapsedTime(started).TotalSeconds), new(micros));
    }

    private static Sample PingPong(int port)
    {
        using var socket = new FrameSocket(port);
        var frame = new byte[4 + 250];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Asks; i++)
        {
            socket.Send(frame);
            socket.Receive();
        }
        return new(Asks / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}

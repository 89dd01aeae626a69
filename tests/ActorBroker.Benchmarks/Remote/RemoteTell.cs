using System.Diagnostics;
using System.Globalization;
using ActorBroker.Benchmarks.Harness;
using ActorBroker.Benchmarks.Sockets;
using Akka.Actor;

namespace ActorBroker.Benchmarks.Remote;

/// <summary>Tells of byte arrays to an actor in another process, with a window that it opens by its reports; against writing the
/// bytes of the same frames to a bare socket in large pieces. Beside it: what one message allocates at the sender.</summary>
internal static class RemoteTell
{
    public static async Task RunAsync(Pairs pairs, TextWriter output)
    {
        await RunAsync(pairs, output, "100 B", new byte[100], 1_000_000, window: 20_000, aim: "800,000 tells/s", 800_000);
        await RunAsync(pairs, output, "64 KiB", new byte[64 << 10], 40_000, window: 512, aim: "1.8 GB/s", 1.8e9 / (64 << 10));
    }

    private static async Task RunAsync(Pairs pairs, TextWriter output, string size, byte[] payload, int messages, int window,
        string aim, double wanted)
    {
        using var peer = ServerProcess.RemotePeer("fast");
        using var drain = ServerProcess.Bare("drain");
        using var system = RemotePeer.Start();
        var sink = await RemotePeer.FindAsync(system, peer.Port, "sink");
        var gate = new Window(window);
        var reports = system.ActorOf(Props.Create(() => new Reports(gate)));
        // What Akka's envelope puts around a payload with such paths.
        var frame = new byte[payload.Length + 90 + (2 * sink.Path.ToSerializationFormat().Length)];
        var rates = new List<double>();
        var allocated = new List<double>();

        await pairs.RunAsync($"remote tell of {size} against the same bytes to a bare socket", "messages/s", null,
            async () =>
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                var sample = await TellAsync(sink, reports, gate, payload, messages);
                allocated.Add((GC.GetTotalAllocatedBytes(precise: true) - before) / (double)messages);
                rates.Add(sample.Rate);
                return sample;
            },
            () => Task.FromResult(Write(drain.Port, frame, messages)));
        var median = new Spread(rates).Median;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  orientation {aim}: {(median >= wanted ? "reached" : "missed")} "
            + $"({median:0} tells/s, {median * payload.Length / 1e6:0} MB/s)"));
        var bytes = new Spread(allocated).Median;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  allocated at the sender {bytes:0} B a message, {bytes / payload.Length:0.00} x payload; orientation 2: "
            + $"{(bytes <= 2 * payload.Length ? "reached" : "missed")}"));
        await system.Terminate();
    }

    private static async Task<Sample> TellAsync(IActorRef sink, IActorRef reports, Window gate, byte[] payload, int messages)
    {
        var window = gate.Size;
        gate.Reset();
        sink.Tell(window / 4, reports);
        await gate.OpenedAsync();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < messages; i++)
        {
            if (i - gate.Reported >= window) gate.Wait(i - window);
            sink.Tell(payload, reports);
        }
        gate.Wait(messages - (messages % (window / 4)) - 1);
        return new(messages / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static Sample Write(int port, byte[] frame, int messages)
    {
        using var socket = new FrameSocket(port);
        var pieces = new byte[Math.Max(frame.Length, (64 << 10) / frame.Length * frame.Length)];
        var perPiece = pieces.Length / frame.Length;
        var total = (long)messages / perPiece * pieces.Length;
        socket.Send(BitConverter.GetBytes(total));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < messages / perPiece; i++) socket.Send(pieces);
        socket.Receive(); // The other side has all.
        return new(messages / perPiece * perPiece / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>How far the other side has reported; the teller waits for it where it is too far ahead.</summary>
    private sealed class Window(int size)
    {
        private readonly object _changed = new();
        private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _reported;

        public int Size { get; } = size;
        public long Reported => Volatile.Read(ref _reported);

        public void Reset() => _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task OpenedAsync() => _opened.Task;

        public void Report(long count)
        {
            lock (_changed)
            {
                Volatile.Write(ref _reported, count);
                Monitor.PulseAll(_changed);
            }
            if (count == 0) _opened.TrySetResult();
        }

        public void Wait(long beyond)
        {
            lock (_changed)
                while (_reported <= beyond) Monitor.Wait(_changed);
        }
    }

    private sealed class Reports(Window gate) : UntypedActor
    {
        protected override void OnReceive(object message) => gate.Report((long)message);
    }
}

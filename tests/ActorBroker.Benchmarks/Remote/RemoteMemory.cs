using System.Diagnostics;
using System.Globalization;
using ActorBroker.Benchmarks.Sockets;
using Akka.Actor;
using Akka.Event;

namespace ActorBroker.Benchmarks.Remote;

/// <summary>A sender that tells ten times what the way to the other side takes: the peak of its memory, and what became of the
/// messages.</summary>
internal static class RemoteMemory
{
    private const int PayloadBytes = 1000;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(TextWriter output)
    {
        using var peer = ServerProcess.RemotePeer("slow");
        using var system = RemotePeer.Start();
        var counter = new Counter();
        var letters = system.ActorOf(Props.Create(() => new DeadLetters(counter)));
        system.EventStream.Subscribe(letters, typeof(DeadLetter));
        var sink = await RemotePeer.FindAsync(system, peer.Port, "sink");
        sink.Tell(int.MaxValue, letters);
        var before = Settled();
        var payload = new byte[PayloadBytes];
        const double perSecond = 10.0 * RemotePeer.SlowBytesPerSecond / PayloadBytes;
        long told = 0, peakHeap = 0, peakResident = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Time)
        {
            for (var due = (long)(clock.Elapsed.TotalSeconds * perSecond); told < due; told++) sink.Tell(payload, letters);
            peakHeap = Math.Max(peakHeap, GC.GetTotalMemory(forceFullCollection: false));
            peakResident = Math.Max(peakResident, Environment.WorkingSet);
            Thread.Sleep(1);
        }
        var arrived = await CountAsync(sink);
        var dead = counter.Value;
        output.WriteLine("memory of a sender ten times faster than the way to the receiver, 1 kB messages for 10 s");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  told {told / 1e6:0.00} M, arrived {arrived / 1e6:0.00} M, dead letters {dead / 1e6:0.00} M, neither "
            + $"{(told - arrived - dead) / 1e6:0.00} M"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  told {told * PayloadBytes / 1e6:0} MB; heap {before / 1e6:0} MB before, {peakHeap / 1e6:0} MB at its peak; resident "
            + $"{peakResident / 1e6:0} MB at its peak"));
        output.WriteLine("  orientation: akka.remote.outbound-queue-bytes, 64 MiB, and garbage, however much is told");
        await system.Terminate();
    }

    // Until what was queued has passed.
    private static async Task<long> CountAsync(IActorRef sink)
    {
        for (long last = -1; ;)
        {
            await Task.Delay(500);
            long now;
            try
            {
                now = await sink.Ask<long>("count", TimeSpan.FromSeconds(1));
            }
            catch (AskTimeoutException)
            {
                continue; // It waits in the queue behind the rest.
            }
            if (now == last) return now;
            last = now;
        }
    }

    private static long Settled()
    {
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private sealed class Counter
    {
        public long Value { get; set; }
    }

    private sealed class DeadLetters(Counter counter) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is DeadLetter { Message: byte[] }) counter.Value++;
        }
    }
}

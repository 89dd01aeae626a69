using System.Diagnostics;
using System.Threading.Channels;
using ActorBroker.Benchmarks.Harness;
using Akka.Actor;
using Akka.Configuration;

namespace ActorBroker.Benchmarks.Local;

/// <summary>Tell from one thread to one actor, against writing to a channel with one reader.</summary>
internal static class TellAgainstChannel
{
    private const int Messages = 5_000_000;
    private static readonly object _message = new();

    public static async Task RunAsync(Pairs pairs)
    {
        using var system = ActorSystem.Create("tell", ConfigurationFactory.ParseString("akka.loglevel = WARNING"));
        await pairs.RunAsync("tell to one actor against a channel with one reader", "messages/s", 0.5, () => TellAsync(system),
            ChannelAsync);
        await system.Terminate();
    }

    private static async Task<Sample> TellAsync(ActorSystem system)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var counter = system.ActorOf(Props.Create(() => new Counter(done)));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Messages; i++) counter.Tell(_message, ActorRefs.NoSender);
        await done.Task;
        var sample = new Sample(Messages / Stopwatch.GetElapsedTime(started).TotalSeconds);
        system.Stop(counter);
        return sample;
    }

    private static async Task<Sample> ChannelAsync()
    {
        var channel = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(async () =>
        {
            var count = 0;
            while (count < Messages && await channel.Reader.WaitToReadAsync())
                while (channel.Reader.TryRead(out _)) count++;
        });
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Messages; i++) channel.Writer.TryWrite(_message);
        await reading;
        return new(Messages / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private sealed class Counter(TaskCompletionSource done) : UntypedActor
    {
        private int _count;

        protected override void OnReceive(object message)
        {
            if (++_count == Messages) done.SetResult();
        }
    }
}

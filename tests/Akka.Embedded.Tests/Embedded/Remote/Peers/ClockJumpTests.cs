using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Wire.Proto;
using Akka.TestKit;

namespace Akka.Embedded.Tests.Embedded.Remote.Peers;

/// <summary>The clock leaps, as after the sleep of a virtual machine.</summary>
public sealed class ClockJumpTests : SystemTest
{
    [Fact]
    public async Task After_a_leap_a_connection_counts_as_silent_and_a_new_one_is_as_good()
    {
        var time = new TestScheduler(ConfigurationFactory.Empty, NoLogger.Instance);
        var config = ConfigurationFactory.ParseString("""
            akka.actor.provider = remote
            akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            # Longer than the leaps: what is to be sent before a connection is closed takes real time.
            akka.remote.flush-wait-on-shutdown = 30d
            """).WithFallback(Quiet);
        var system = ActorSystem.Create("leaps",
            BootstrapSetup.Create().WithConfig(config).And(new EmbeddedSetup { Scheduler = time }));
        try
        {
            var here = ((ExtendedActorSystem)system).Provider.DefaultAddress;
            system.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)), "echo");
            using (var peer = await RawPeer.AssociatedAsync(here))
            {
                await peer.SettleAsync("user/echo", 1);
                time.Advance(TimeSpan.FromSeconds(60));
                await peer.SettleAsync("user/echo", 2);
                var commands = peer.CommandsToTheEndAsync();
                await AdvanceUntil(commands, time, TimeSpan.FromHours(1));
                Assert.Equal([CommandType.Disassociate], await commands);
            }
            using var again = await RawPeer.AssociatedAsync(here);
            await again.SettleAsync("user/echo", 3);
        }
        finally
        {
            // Not by Dispose, which would wait on this thread, while the system waits for its clock.
            await AdvanceUntil(system.Terminate(), time, TimeSpan.FromSeconds(1));
        }
    }

    // Again and again: a timer may look at the clock in the middle of a leap, and be set anew for a time after it.
    private static async Task AdvanceUntil(Task done, TestScheduler time, TimeSpan step)
    {
        var patience = Stopwatch.StartNew();
        while (!done.IsCompleted)
        {
            Assert.True(patience.Elapsed < Patience, "No end.");
            time.Advance(step);
            await Task.WhenAny(done, Task.Delay(10));
        }
    }
}

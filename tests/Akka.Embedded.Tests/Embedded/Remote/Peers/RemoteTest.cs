using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests.Embedded.Remote.Peers;

/// <summary>A system on the network, and what it logs.</summary>
public abstract class RemoteTest : SystemTest
{
    private readonly ConcurrentQueue<LogEvent> _log = new();

    protected override string Hocon => """
        akka.actor.provider = remote
        akka.remote {
          dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
          resend-interval = 300ms
        }
        """ + "\n" + More;

    /// <summary>Configuration on top.</summary>
    protected virtual string More => "";

    /// <summary>Where others reach the system.</summary>
    protected Address Here => ((ExtendedActorSystem)Sys).Provider.DefaultAddress;

    protected IActorRef Echo(string name = "echo") => Sys.ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)), name);

    /// <summary>Keeps warnings and errors from now on.</summary>
    protected async Task KeepLog()
    {
        var keeper = Sys.ActorOf(Fn.Props((m, _) =>
        {
            if (m is LogEvent e) _log.Enqueue(e);
        }));
        Sys.EventStream.Subscribe(keeper, typeof(Warning));
        Sys.EventStream.Subscribe(keeper, typeof(Error));
        await Settle(keeper);
    }

    /// <summary>Waits for a line of the log that has all the words; fails with the whole log.</summary>
    protected async Task<string> Logged(params string[] words)
    {
        var until = DateTime.UtcNow + Patience;
        while (true)
        {
            var line = Log().FirstOrDefault(l => words.All(w => l.Contains(w, StringComparison.OrdinalIgnoreCase)));
            if (line is not null) return line;
            Assert.True(DateTime.UtcNow < until, $"no line has [{string.Join(", ", words)}]:\n{string.Join('\n', Log())}");
            await Task.Delay(10);
        }
    }

    protected string[] Log() => [.. _log.Select(e => $"{e.LogSource}: {e.Message}")];

    protected static async Task Until(Func<bool> condition)
    {
        var until = DateTime.UtcNow + Patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < until, "the condition did not come true");
            await Task.Delay(5);
        }
    }
}

using Akka.Actor;
using Akka.Configuration;

namespace Akka.Embedded.Tests.Embedded.Remote.Tcp;

/// <summary>A system may be started, and the first message told, where a context stands for one thread that is busy: a window's,
/// a test's. Nothing of remoting may wait for that thread.</summary>
public sealed class BlockedContextTests : SystemTest
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Systems_talk_whatever_context_they_were_made_in(string host)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Blocked());
        ActorSystem[] systems = [];
        Task<int> asked;
        try
        {
            systems = [Start(host), Start(host)];
            systems[1].ActorOf(Fn.Props((m, c) => c.Sender.Tell(m)), "echo");
            var provider = ((ExtendedActorSystem)systems[0]).Provider;
            asked = provider.ResolveActorRef($"{((ExtendedActorSystem)systems[1]).Provider.DefaultAddress}/user/echo")
                .Ask<int>(7, Patience);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
        Assert.Equal(7, await asked);
        await Task.WhenAll(systems.Select(s => s.Terminate())).WaitAsync(Patience);
    }

    private static ActorSystem Start(string host) => ActorSystem.Create("blocked", ConfigurationFactory.ParseString($$"""
        akka.actor.provider = remote
        akka.remote.dot-netty.tcp { hostname = {{host}}, port = 0 }
        """).WithFallback(Quiet));

    private sealed class Blocked : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) { } // It never comes to that.
    }
}

using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Embedded.Transports;
using Akka.Remote.Tcp;

namespace Akka.Embedded.Tests.Embedded.Actor;

/// <summary>Whatever goes wrong at its end: nobody waits for a system, or for an actor, for ever.</summary>
public sealed class EndingTests : SystemTest
{
    [Fact]
    public async Task A_system_ends_though_one_of_its_extensions_can_t()
    {
        new BrokenId().Apply(Sys);
        await Sys.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_system_ends_though_its_network_can_t()
    {
        var asked = false;
        var config = ConfigurationFactory.ParseString("""
            akka.actor.provider = remote
            akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
            """).WithFallback(Quiet);
        var system = ActorSystem.Create("stuck", BootstrapSetup.Create().WithConfig(config).And(new EmbeddedSetup
        {
            Transport = owner => new Stuck(() => asked = true, new TcpTransport((Akka.Actor.Internal.ActorSystemImpl)owner,
                TcpSettings.From((Akka.Actor.Internal.ActorSystemImpl)owner))),
        }));
        await system.Terminate().WaitAsync(Patience);
        Assert.True(asked, "was not asked to end");
    }

    [Fact]
    public async Task An_actor_that_stops_takes_along_children_that_others_are_making_for_it()
    {
        for (var round = 0; round < 10; round++)
        {
            var parent = (LocalActorRef)Sys.ActorOf(Fn.Props((_, _) => { }));
            parent.Cell.AttachChild(Fn.Props((_, _) => { }), isSystemService: false);
            using var started = new ManualResetEventSlim();
            var making = Task.Run(() => MakeChildren(parent, started));
            Assert.True(started.Wait(Patience));
            parent.Stop();
            foreach (var child in await making.WaitAsync(Patience)) Assert.True(await child.WatchAsync().WaitAsync(Patience));
        }
    }

    // Until the parent takes no more, or there are enough.
    private static List<IActorRef> MakeChildren(LocalActorRef parent, ManualResetEventSlim started)
    {
        var made = new List<IActorRef>();
        try
        {
            while (made.Count < 2000)
            {
                made.Add(parent.Cell.AttachChild(Fn.Props((_, _) => { }), isSystemService: false));
                started.Set();
            }
        }
        catch (InvalidOperationException)
        {
            // It stops.
        }
        return made;
    }

    private sealed class Broken : IExtension, IDisposable
    {
        public void Dispose() => throw new InvalidOperationException("can't end");
    }

    private sealed class BrokenId : ExtensionIdProvider<Broken>
    {
        public override Broken CreateExtension(ExtendedActorSystem system) => new();
    }

    private sealed class Stuck(Action asked, ITransport tcp) : ITransport
    {
        public string Scheme => tcp.Scheme;

        public Task<Address> ListenAsync(Action<IConnection> accepted) => tcp.ListenAsync(accepted);

        public Task<IConnection> ConnectAsync(Address remote, CancellationToken cancellationToken) =>
            tcp.ConnectAsync(remote, cancellationToken);

        public Task ShutdownAsync()
        {
            asked();
            _ = tcp.ShutdownAsync();
            throw new IOException("can't end");
        }
    }
}

using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Embedded.Tests.Remote;

/// <summary>Two systems in this process, that talk over TCP. The second is made when it is first needed.</summary>
public abstract class RemoteTest : SystemTest
{
    private readonly List<ActorSystem> _others = [];
    private ActorSystem? _other;

    protected override string Hocon => RemoteHocon;

    /// <summary>Further configuration of both systems.</summary>
    protected virtual string MoreHocon => "";

    protected ActorSystem Other => _other ??= Start("other");

    protected string RemoteHocon => $$"""
        akka.actor.provider = remote
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        {{MoreHocon}}
        """;

    /// <summary>Starts one more system, which is stopped at the end.</summary>
    protected ActorSystem Start(string name, string hocon = "")
    {
        var config = ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString(RemoteHocon))
            .WithFallback(Quiet);
        var system = ActorSystem.Create(name, config);
        _others.Add(system);
        return system;
    }

    protected static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    /// <summary>An actor of <paramref name="owner"/> as <paramref name="from"/> refers to it.</summary>
    protected static async Task<IActorRef> Resolve(ActorSystem from, ActorSystem owner, string path) =>
        await from.ActorSelection($"{AddressOf(owner)}/{path}").ResolveOne(Patience);

    /// <summary>Sees events of a class that a system publishes.</summary>
    protected static Channel<object> Events(ActorSystem system, params Type[] types)
    {
        var seen = Channel.CreateUnbounded<object>();
        var listener = system.ActorOf(Props.Create(() => new Forwarder(seen.Writer)));
        foreach (var type in types) system.EventStream.Subscribe(listener, type);
        return seen;
    }

    protected static async Task<T> Next<T>(Channel<object> seen) where T : class
    {
        using var patience = new CancellationTokenSource(Patience); // One for all that others may publish meanwhile.
        while (true)
            if (await seen.Reader.ReadAsync(patience.Token) is T found) return found;
    }

    /// <summary>The result of the first attempt that does not fail.</summary>
    protected static async Task<T> Until<T>(Func<Task<T>> attempt)
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception) when (started.Elapsed < Patience)
            {
                await Task.Delay(50);
            }
        }
    }

    public override async Task DisposeAsync()
    {
        var ends = Task.WhenAll(_others.Select(system => system.Terminate())); // Whatever becomes of the others.
        await base.DisposeAsync();
        await ends.WaitAsync(Patience);
    }

    protected sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Forwarder(ChannelWriter<object> seen) : UntypedActor
    {
        protected override void OnReceive(object message) => seen.TryWrite(message);
    }
}

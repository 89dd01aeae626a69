using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Embedded.Tests;

/// <summary>A system for one test, and a place where actors leave what they see.</summary>
public abstract class SystemTest : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Channel<object> _seen = Channel.CreateUnbounded<object>();
    private ActorSystem? _system;

    /// <summary>Configuration of the test's system.</summary>
    protected virtual string Hocon => "";

    protected ActorSystem Sys =>
        _system ??= ActorSystem.Create("test", ConfigurationFactory.ParseString(Hocon).WithFallback(Quiet));

    protected static Config Quiet => ConfigurationFactory.ParseString("akka.stdout-loglevel = OFF, akka.loggers = []");

    /// <summary>Leaves something for <see cref="Next"/>; may be called from anywhere.</summary>
    protected void Saw(object what) => _seen.Writer.TryWrite(what);

    protected async Task<object> Next() => await _seen.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    protected async Task Expect(params object[] expected)
    {
        foreach (var each in expected) Assert.Equal(each, await Next());
    }

    /// <summary>An actor that leaves every message with <see cref="Saw"/>.</summary>
    protected IActorRef Witness(string? name = null) => Sys.ActorOf(Props.Create(() => new WitnessActor(Saw)), name);

    /// <summary>All that was told to <paramref name="actor"/> before by this thread has been handled.</summary>
    protected static async Task Settle(IActorRef actor) => await actor.Ask<ActorIdentity>(new Identify(0), Patience);

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        if (_system is not null) await _system.Terminate().WaitAsync(Patience);
    }

    private sealed class WitnessActor : UntypedActor
    {
        private readonly Action<object> _saw;

        public WitnessActor(Action<object> saw) => _saw = saw;

        protected override void OnReceive(object message) => _saw(message);
    }
}

/// <summary>An actor made of a function.</summary>
public sealed class Fn : UntypedActor
{
    private readonly Action<object, IUntypedActorContext> _onMessage;

    public Fn(Action<object, IUntypedActorContext> onMessage) => _onMessage = onMessage;

    protected override void OnReceive(object message) => _onMessage(message, Context);

    public static Props Props(Action<object, IUntypedActorContext> onMessage) => Akka.Actor.Props.Create(() => new Fn(onMessage));
}

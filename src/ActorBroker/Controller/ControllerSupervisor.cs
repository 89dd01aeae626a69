using ActorBroker.Controller.Quorum;
using ActorBroker.Protocol;
using Akka.Actor;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.Controller;

/// <summary>How the controller is run.</summary>
/// <param name="Controller">The controller itself.</param>
/// <param name="Proposer">Writes its journal to the voters; null: the journal is a local one.</param>
/// <param name="RestartDelay">Until another one is started after a failure; after further ones longer, up to
/// <see cref="ControllerSupervisor.LongestDelays"/> times as long. Brokers that compete have different ones.</param>
internal sealed record ControllerParts(Props Controller, Props? Proposer, TimeSpan RestartDelay);

/// <summary>
/// Keeps the controller alive: after a failure of its journal, or when another has taken over the journal, it starts another one
/// from what is stored. Who asks meanwhile hears nothing, and asks again.
/// </summary>
/// <remarks>Two that see the cluster differently may each think that the controller is theirs to run, and take it from each other:
/// each time it lasts longer, so that the one in between can work.</remarks>
internal sealed class ControllerSupervisor : ReceiveActor, IWithTimers
{
    public const int LongestDelays = 8;

    private readonly ControllerParts _parts;

    /// <summary>They start and end together.</summary>
    private readonly HashSet<IActorRef> _running = [];
    private IActorRef _controller = ActorRefs.Nobody;
    private BrokersInReach? _reach;
    private int _delays = 1;

    /// <summary>To its parent, where brokers look for the controller: here it is.</summary>
    public sealed record Started(IActorRef Controller, Epoch Epoch);

    /// <summary>To its parent: it is here no more.</summary>
    public sealed record Ended
    {
        public static readonly Ended Instance = new();
    }

    private sealed record Start
    {
        public static readonly Start Instance = new();
    }

    /// <summary>It has run for longer than any delay.</summary>
    private sealed record Calm
    {
        public static readonly Calm Instance = new();
    }

    public static Props Props(ControllerParts parts) => Akka.Actor.Props.Create(() => new ControllerSupervisor(parts));

    public ControllerSupervisor(ControllerParts parts)
    {
        _parts = parts;
        Receive<Start>(_ => StartAll());
        Receive<QuorumProposerActor.Elected>(
            elected =>
            {
                StartController();
                Context.Parent.Tell(new Started(_controller, elected.Epoch));
            },
            _ => _running.Contains(Sender));
        Receive<Terminated>(terminated => Stopped(terminated.ActorRef));
        Receive<BrokersInReach>(reach =>
        {
            _reach = reach;
            _controller.Tell(reach);
        });
        Receive<Calm>(_ => _delays = 1);
        Receive<Request>(request => _controller.Forward(request));
        Receive<Follow>(follow => _controller.Forward(follow));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => StartAll();

    /// <summary>A controller that broke a rule of its own starts from its journal too, never with what it had in mind.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    private void StartAll()
    {
        if (_parts.Proposer is not null) Run(_parts.Proposer);
        else StartController();
    }

    /// <summary>The journal is there for it.</summary>
    private void StartController()
    {
        _controller = Run(_parts.Controller);
        if (_reach is not null) _controller.Tell(_reach);
        Timers.StartSingleTimer(Calm.Instance, Calm.Instance, _parts.RestartDelay * LongestDelays * 2);
    }

    private void Stopped(IActorRef child)
    {
        if (!_running.Remove(child)) return;
        if (!_controller.IsNobody() && _parts.Proposer is not null) Context.Parent.Tell(Ended.Instance);
        _controller = ActorRefs.Nobody;
        Timers.Cancel(Calm.Instance);
        foreach (var other in _running) Context.Stop(other);
        if (_running.Count > 0) return;
        Timers.StartSingleTimer(Start.Instance, Start.Instance, _parts.RestartDelay * _delays);
        _delays = Math.Min(_delays * 2, LongestDelays);
    }

    private IActorRef Run(Props props)
    {
        var child = Context.Watch(Context.ActorOf(props));
        _running.Add(child);
        return child;
    }
}

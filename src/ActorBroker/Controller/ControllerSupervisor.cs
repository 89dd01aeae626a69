using ActorBroker.Controller.Quorum;
using Akka.Actor;
using static ActorBroker.Controller.ControllerMessages;

namespace ActorBroker.Controller;

/// <summary>How the controller is run.</summary>
/// <param name="Controller">The controller itself.</param>
/// <param name="Proposer">Writes its journal to the voters; null: the journal is a local one.</param>
/// <param name="WatchesNodes">There is an Akka cluster, whose nodes are brokers.</param>
/// <param name="RestartDelay">Until another one is started after a failure. Brokers that compete have different ones.</param>
internal sealed record ControllerParts(Props Controller, Props? Proposer, bool WatchesNodes, TimeSpan RestartDelay);

/// <summary>
/// Keeps the controller alive: after a failure of its journal, or when another has taken over the journal, it starts another one
/// from what is stored. Who asks meanwhile may hear nothing, and asks again.
/// </summary>
internal sealed class ControllerSupervisor : ReceiveActor, IWithTimers
{
    /// <summary>So much is kept until a proposer is elected. What is dropped is asked again, as is what is lost on the
    /// way.</summary>
    private const int MaxWaiting = 1000;

    private readonly ControllerParts _parts;
    private readonly Queue<(object Message, IActorRef Sender)> _waiting = new();

    /// <summary>They start and end together.</summary>
    private readonly HashSet<IActorRef> _running = [];
    private IActorRef _controller = ActorRefs.Nobody;

    private sealed record Start
    {
        public static readonly Start Instance = new();
    }

    public static Props Props(ControllerParts parts) => Akka.Actor.Props.Create(() => new ControllerSupervisor(parts));

    public ControllerSupervisor(ControllerParts parts)
    {
        _parts = parts;
        Receive<Start>(_ => StartAll());
        Receive<QuorumProposerActor.Elected>(_ => StartController(), _ => _running.Contains(Sender));
        Receive<Terminated>(terminated =>
        {
            if (!_running.Remove(terminated.ActorRef)) return;
            _controller = ActorRefs.Nobody;
            foreach (var other in _running) Context.Stop(other);
            if (_running.Count == 0) Timers.StartSingleTimer(Start.Instance, Start.Instance, _parts.RestartDelay);
        });
        Receive<Request>(PassOn);
        Receive<Follow>(PassOn);
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
        if (_parts.WatchesNodes) Run(BrokerWatch.Props(_controller));
        while (_waiting.TryDequeue(out var waiting)) _controller.Tell(waiting.Message, waiting.Sender);
    }

    private void PassOn(object message)
    {
        if (!_controller.IsNobody())
        {
            _controller.Forward(message);
            return;
        }
        if (_parts.Proposer is null) return;
        _waiting.Enqueue((message, Sender));
        if (_waiting.Count > MaxWaiting) _waiting.Dequeue();
    }

    private IActorRef Run(Props props)
    {
        var child = Context.Watch(Context.ActorOf(props));
        _running.Add(child);
        return child;
    }
}

using ActorBroker.Core.Controller;
using Akka.Actor;

namespace ActorBroker.Controller;

/// <summary>
/// <c>/user/controller</c> keeps the controller alive: after a failure of its journal it starts another one from what is stored.
/// Who asks meanwhile hears nothing, and asks again.
/// </summary>
internal sealed class ControllerSupervisor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    private readonly Props _controller;
    private IActorRef _current = ActorRefs.Nobody;

    private sealed record Start
    {
        public static readonly Start Instance = new();
    }

    public static Props Props(Props controller) => Akka.Actor.Props.Create(() => new ControllerSupervisor(controller));

    public ControllerSupervisor(Props controller)
    {
        _controller = controller;
        Receive<Start>(_ => StartController());
        Receive<Terminated>(terminated =>
        {
            if (!terminated.ActorRef.Equals(_current)) return;
            _current = ActorRefs.Nobody;
            Timers.StartSingleTimer(Start.Instance, Start.Instance, RestartDelay);
        });
        Receive<ClusterCommand>(command => _current.Forward(command));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => StartController();

    /// <summary>A controller that broke a rule of its own starts from its journal too, never with what it had in mind.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    private void StartController() => _current = Context.Watch(Context.ActorOf(_controller));
}

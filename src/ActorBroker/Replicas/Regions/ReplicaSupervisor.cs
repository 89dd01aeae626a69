using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorBroker.Replicas.Regions;

/// <summary>
/// Keeps one replica at work: what a region calls the entity. Its <see cref="ReplicaActor"/> is started with the first
/// <see cref="Replica.Assign"/>, and again with the last one when it has failed. Without a replica it takes its leave.
/// </summary>
/// <remarks>A replica that failed is not restarted in place, with what it had in mind, but from its log.</remarks>
internal sealed class ReplicaSupervisor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    private readonly ReplicaHome _home;
    private IActorRef? _replica;
    private (Replica.Assign Assign, IActorRef Asker)? _assigned;
    private (ReplicaId Replica, IActorRef Asker)? _stopping;

    public static Props Props(ReplicaHome home) => Akka.Actor.Props.Create(() => new ReplicaSupervisor(home));

    public ReplicaSupervisor(ReplicaHome home)
    {
        _home = home;
        Receive<Replica.Assign>(assign =>
        {
            _assigned = (assign, Sender);
            (_replica ??= Start()).Forward(assign);
        });
        Receive<Replica.Stop>(Stop);
        Receive<Replica.Stopped>(_ => { }); // Its log is closed; the name is free a moment later.
        Receive<Terminated>(_ => ReplicaEnded());
        Receive<Restart>(_ =>
        {
            if (_assigned is not var (assign, asker) || _replica is not null) return;
            _replica = Start();
            _replica.Tell(assign, asker);
        });
        ReceiveAny(message =>
        {
            if (_replica is not null) _replica.Forward(message);
            else if (_assigned is null) Leave();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    private IActorRef Start() => Context.Watch(Context.ActorOf(ReplicaActor.Props(_home), "replica"));

    private void Stop(Replica.Stop stop)
    {
        _assigned = null;
        _stopping = (stop.Replica, Sender);
        if (_replica is null) AllDone();
        else _replica.Tell(stop, Self);
    }

    private void ReplicaEnded()
    {
        _replica = null;
        if (_assigned is var (assign, _))
        {
            Log.Restarted(_home.Log, assign.Id);
            Timers.StartSingleTimer(Restart.Instance, Restart.Instance, RestartDelay);
        }
        else AllDone();
    }

    /// <summary>In this order: what the asker tells this replica next finds the region ready to start it anew.</summary>
    private void AllDone()
    {
        Leave();
        if (_stopping is var (replica, asker)) asker.Tell(new Replica.Stopped(replica));
        _stopping = null;
    }

    private static void Leave() => Context.Parent.Tell(new Passivate(PoisonPill.Instance));

    private sealed record Restart
    {
        public static readonly Restart Instance = new();
    }
}

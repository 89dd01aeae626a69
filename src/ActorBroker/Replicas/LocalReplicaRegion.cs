using Akka.Actor;

namespace ActorBroker.Replicas;

/// <summary>The region of a broker that is alone: its replicas are the children of one actor, by their id.</summary>
internal sealed class LocalReplicaRegion(IActorRef region) : IReplicaRegion
{
    public void Tell(ReplicaId replica, object message, IActorRef sender) =>
        region.Tell(new RegionActor.Envelope(replica, message), sender);

    public static Props Props(ReplicaHome home) => Akka.Actor.Props.Create(() => new RegionActor(home));

    /// <summary>
    /// Starts a replica with its first <see cref="Replica.Assign"/>, and again when it stopped without having been told to.
    /// </summary>
    internal sealed class RegionActor : ReceiveActor, IWithTimers
    {
        private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

        private readonly Dictionary<IActorRef, ReplicaId> _ids = [];
        private readonly Dictionary<ReplicaId, (Replica.Assign Assign, IActorRef Asker)> _assigned = [];
        private readonly Dictionary<ReplicaId, IActorRef> _stopping = [];

        public RegionActor(ReplicaHome home)
        {
            Context.ActorOf(UndeliveredRequests.Props(), "undelivered");
            Receive<Envelope>(envelope =>
            {
                var (id, message) = envelope;
                var replica = Context.Child(id.ToString());
                if (message is Replica.Assign assign)
                {
                    _assigned[id] = (assign, Sender);
                    if (replica.IsNobody()) replica = Start(id, home);
                }
                else if (message is Replica.Stop)
                {
                    _assigned.Remove(id);
                    if (replica.IsNobody()) Sender.Tell(new Replica.Stopped(id));
                    else _stopping[id] = Sender;
                }
                replica.Forward(message);
            });
            Receive<Terminated>(terminated =>
            {
                if (!_ids.Remove(terminated.ActorRef, out var id)) return;
                // One that failed on the way did not answer.
                if (_stopping.Remove(id, out var asker)) asker.Tell(new Replica.Stopped(id));
                if (!_assigned.ContainsKey(id)) return;
                Log.Restarted(home.Log, id);
                Timers.StartSingleTimer(id, new Restart(id), RestartDelay);
            });
            Receive<Restart>(restart =>
            {
                if (_assigned.TryGetValue(restart.Id, out var last) && Context.Child(restart.Id.ToString()).IsNobody())
                    Start(restart.Id, home).Tell(last.Assign, last.Asker);
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        /// <summary>A replica that failed is not restarted in place, with what it had in mind, but from its log.</summary>
        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

        private IActorRef Start(ReplicaId id, ReplicaHome home)
        {
            var replica = Context.Watch(Context.ActorOf(ReplicaActor.Props(home), id.ToString()));
            _ids[replica] = id;
            return replica;
        }

        internal sealed record Envelope(ReplicaId Replica, object Message);

        private sealed record Restart(ReplicaId Id);
    }
}

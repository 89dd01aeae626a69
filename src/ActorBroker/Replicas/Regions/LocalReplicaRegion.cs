using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorBroker.Replicas.Regions;

/// <summary>The region of a broker that is alone, without a cluster to shard: <c>/user/broker/replicas</c>, one actor that does for
/// its children what a shard does for its entities.</summary>
internal sealed class LocalReplicaRegion(IActorRef region) : IReplicaRegion
{
    private const string Shard = "local";

    public static Props Props(ReplicaHome home) => Akka.Actor.Props.Create(() => new RegionActor(home));

    public void Tell(ReplicaId replica, object message, IActorRef sender) => region.Tell(new Envelope(replica, message), sender);

    public void AskRunning(IActorRef asker) => region.Tell(GetShardRegionState.Instance, asker);

    public void Watch(IActorContext asker) => asker.Watch(region);

    /// <summary>It ends with the broker's guardian.</summary>
    public void Close()
    {
    }

    private sealed record Envelope(ReplicaId Replica, object Message);

    private sealed class RegionActor : ReceiveActor
    {
        private readonly Dictionary<IActorRef, string> _ids = [];
        private readonly Dictionary<string, Queue<(object Message, IActorRef Sender)>> _leaving = [];

        public RegionActor(ReplicaHome home)
        {
            Receive<Envelope>(envelope =>
            {
                var id = envelope.Replica.ToString();
                if (_leaving.TryGetValue(id, out var waiting)) waiting.Enqueue((envelope.Message, Sender));
                else Deliver(home, id, envelope.Message, Sender);
            });
            Receive<Passivate>(passivate =>
            {
                if (_ids.TryGetValue(Sender, out var id) && _leaving.TryAdd(id, [])) Sender.Tell(passivate.StopMessage);
            });
            Receive<Terminated>(terminated =>
            {
                if (!_ids.Remove(terminated.ActorRef, out var id) || !_leaving.Remove(id, out var waiting)) return;
                foreach (var (message, sender) in waiting) Deliver(home, id, message, sender);
            });
            Receive<GetShardRegionState>(_ => Sender.Tell(
                new CurrentShardRegionState([new ShardState(Shard, _ids.Values.ToImmutableHashSet())])));
        }

        private void Deliver(ReplicaHome home, string id, object message, IActorRef sender)
        {
            var replica = Context.Child(id);
            if (replica.IsNobody())
            {
                replica = Context.Watch(Context.ActorOf(ReplicaSupervisor.Props(home), id));
                _ids.Add(replica, id);
            }
            replica.Tell(message, sender);
        }
    }
}

using ActorBroker.Controller;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorBroker.Replicas.Regions;

/// <summary>The region of a broker in a cluster, <c>/system/sharding/replica</c>: its replicas are the entities of the shard that
/// <see cref="ReplicaPlacement"/> pins to it.</summary>
internal sealed class ShardedReplicaRegion : IReplicaRegion
{
    private const string TypeName = "replica";

    private readonly IActorRef _region;
    private readonly string _shard;

    private ShardedReplicaRegion(IActorRef region, BrokerId broker) =>
        (_region, _shard) = (region, ReplicaPlacement.ShardOf(broker));

    public static ShardedReplicaRegion Start(ActorSystem system, ReplicaHome home)
    {
        var region = ClusterSharding.Get(system).Start(
            TypeName, ReplicaSupervisor.Props(home), ClusterShardingSettings.Create(system).WithRole(BrokerRole.Any),
            new Extractor(), new ReplicaPlacement(system), PoisonPill.Instance);
        return new ShardedReplicaRegion(region, home.Broker);
    }

    public void Tell(ReplicaId replica, object message, IActorRef sender) =>
        _region.Tell(new Envelope(_shard, replica, message), sender);

    public void AskRunning(IActorRef asker) => _region.Tell(GetShardRegionState.Instance, asker);

    public void Watch(IActorContext asker) => asker.Watch(_region);

    /// <summary>It does not wait for the coordinator, which may be away, to take its shard from it.</summary>
    public void Close() => _region.Tell(PoisonPill.Instance, ActorRefs.NoSender);

    /// <summary>Never leaves the node.</summary>
    private sealed record Envelope(string Shard, ReplicaId Replica, object Message) : INoSerializationVerificationNeeded;

    private sealed class Extractor : IMessageExtractor
    {
        public string? EntityId(object message) => (message as Envelope)?.Replica.ToString();

        public object? EntityMessage(object message) => (message as Envelope)?.Message;

        public string? ShardId(object message) => (message as Envelope)?.Shard;

        /// <summary>Each broker has a replica of that name: only the message says which one is meant.</summary>
        public string ShardId(string entityId, object? messageHint = null) => (messageHint as Envelope)?.Shard ?? "";
    }
}

using Akka.Actor;

namespace ActorBroker.Replicas.Regions;

/// <summary>
/// The only way to start this broker's replicas, and to reach their actors by name: a region of cluster sharding, or its like for
/// a broker that is alone.
/// </summary>
internal interface IReplicaRegion
{
    /// <summary>Tells the replica on this broker; <see cref="Replica.Assign"/> starts it.</summary>
    void Tell(ReplicaId replica, object message, IActorRef sender);

    /// <summary>Which replicas have been started? Answered by <see cref="Akka.Cluster.Sharding.CurrentShardRegionState"/>, whose
    /// entities are those replicas by their names. What was told before and is not among them has not been heard yet.</summary>
    void AskRunning(IActorRef asker);

    /// <summary>The asker hears <see cref="Terminated"/> if the region ends, and all replicas with it: a node that the cluster has
    /// given up loses them at once.</summary>
    void Watch(IActorContext asker);

    /// <summary>Nothing is started any more, and what still runs stops.</summary>
    void Close();
}

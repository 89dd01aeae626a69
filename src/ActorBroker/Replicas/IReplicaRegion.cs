namespace ActorBroker.Replicas;

/// <summary>
/// The only way to start and to reach replicas' actors by name: a region of cluster sharding, or its like for one broker.
/// </summary>
internal interface IReplicaRegion
{
    /// <summary>Tells the replica on this broker; <see cref="Replica.Assign"/> starts it.</summary>
    void Tell(ReplicaId replica, object message, Akka.Actor.IActorRef sender);
}

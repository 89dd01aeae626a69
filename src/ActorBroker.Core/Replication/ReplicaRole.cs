namespace ActorBroker.Core.Replication;

/// <summary>What a replica does for its partition.</summary>
public enum ReplicaRole : byte
{
    /// <summary>Nothing: not told yet, or its storage failed.</summary>
    Offline,

    /// <summary>Copies the leader's log.</summary>
    Follower,

    /// <summary>Takes produces and decides what is committed.</summary>
    Leader,
}

using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Says where shards live. Each node has an instance; only that beside the coordinator is asked.</summary>
public interface IShardAllocationStrategy : INoSerializationVerificationNeeded
{
    /// <summary>Chooses the home of a shard.</summary>
    /// <param name="requester">The region that asks first.</param>
    /// <param name="shardId">The shard.</param>
    /// <param name="currentShardAllocations">All regions that may host it, with their shards.</param>
    /// <returns>One of these regions. A task that fails, or has another result, leaves the shard without home: messages for it
    /// wait, and the strategy is asked again when their region asks again.</returns>
    Task<IActorRef> AllocateShard(IActorRef requester, string shardId,
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations);

    /// <summary>Chooses shards that are to move; <see cref="AllocateShard"/> says where to.</summary>
    /// <param name="currentShardAllocations">All regions that stay, with their shards.</param>
    /// <param name="rebalanceInProgress">Shards that are moving.</param>
    Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
        IImmutableSet<string> rebalanceInProgress);
}

/// <summary>A strategy that is told when it is going to be asked.</summary>
public interface IStartableAllocationStrategy : IShardAllocationStrategy
{
    void Start();
}

/// <summary>A strategy that is told when it is going to be asked, and in which system.</summary>
public interface IActorSystemDependentAllocationStrategy : IShardAllocationStrategy
{
    void Start(ActorSystem system);
}

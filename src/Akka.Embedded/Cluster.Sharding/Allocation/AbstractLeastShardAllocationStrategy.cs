using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding.Internal;

/// <summary>A new shard goes to the region with the fewest.</summary>
public abstract class AbstractLeastShardAllocationStrategy : IShardAllocationStrategy
{
    protected AbstractLeastShardAllocationStrategy() { }

    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId,
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) =>
        Task.FromResult(LeastShards.Allocate(currentShardAllocations));

    public abstract Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
        IImmutableSet<string> rebalanceInProgress);
}

using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding.Internal;

namespace Akka.Cluster.Sharding;

/// <summary>A new shard goes to the region with the fewest; shards move when one region has too many more than another.</summary>
/// <param name="rebalanceThreshold">So many more than another are not too many.</param>
/// <param name="maxSimultaneousRebalance">At most so many move at a time.</param>
public class LeastShardAllocationStrategy(int rebalanceThreshold, int maxSimultaneousRebalance)
    : AbstractLeastShardAllocationStrategy
{
    public override Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
        IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult(LeastShards.OverThreshold(currentShardAllocations, rebalanceInProgress, rebalanceThreshold,
            maxSimultaneousRebalance));
}

/// <summary>Strategies to choose from.</summary>
public static class ShardAllocationStrategy
{
    /// <summary>A new shard goes to the region with the fewest; regions with more than the even share give shards away.</summary>
    /// <param name="absoluteLimit">At most so many shards move in one rebalance.</param>
    /// <param name="relativeLimit">At most this part of all shards moves in one rebalance, but at least one shard.</param>
    public static IShardAllocationStrategy LeastShardAllocationStrategy(int absoluteLimit, double relativeLimit) =>
        new EvenShare(absoluteLimit, relativeLimit);

    private sealed class EvenShare(int absoluteLimit, double relativeLimit) : AbstractLeastShardAllocationStrategy
    {
        public override Task<IImmutableSet<string>> Rebalance(
            IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
            IImmutableSet<string> rebalanceInProgress) =>
            Task.FromResult(LeastShards.ToEvenShare(currentShardAllocations, rebalanceInProgress, absoluteLimit, relativeLimit));
    }
}

using System.Collections.Immutable;
using System.Globalization;
using ActorBroker.Controller;
using ActorBroker.Protocol;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;

namespace ActorBroker.Replicas.Regions;

/// <summary>Where shards of replicas live: shard <i>b</i> on the node that is broker <i>b</i>, and nowhere else, as the data lie on
/// that broker's disks. Moving a replica is the controller's affair (reassignment), never sharding's.</summary>
internal sealed class ReplicaPlacement(ActorSystem system) : IShardAllocationStrategy
{
    private readonly Cluster _cluster = Cluster.Get(system);

    /// <summary>The shard of a broker's replicas.</summary>
    public static string ShardOf(BrokerId broker) => broker.Value.ToString(CultureInfo.InvariantCulture);

    /// <returns>A task that fails where the broker is not there: its region asks again. A throw or a null here would hang the
    /// type.</returns>
    public Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        // Of two lives of a broker, the one that asks is the one that lives.
        foreach (var region in currentShardAllocations.Keys.OrderByDescending(requester.Equals))
            if (IsOf(shardId, region)) return Task.FromResult(region);
        return Task.FromException<IActorRef>(new InvalidOperationException($"Broker {shardId} has no region."));
    }

    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
        IImmutableSet<string> rebalanceInProgress) => Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);

    private bool IsOf(string shard, IActorRef region)
    {
        var address = region.Path.Address.HasLocalScope ? _cluster.SelfAddress : region.Path.Address;
        foreach (var member in _cluster.State.Members)
            if (member.Address == address && BrokerRole.Of(member) is { } broker && ShardOf(broker) == shard) return true;
        return false;
    }
}

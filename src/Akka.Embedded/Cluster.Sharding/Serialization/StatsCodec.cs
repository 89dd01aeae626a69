using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster.Sharding.Serialization.Wire;
using Google.Protobuf;

namespace Akka.Cluster.Sharding.Serialization;

/// <summary>Wire form of the answers to queries.</summary>
internal static class StatsCodec
{
    /// <returns>Null: it is none of them.</returns>
    public static IMessage? Write(object answer) => answer switch
    {
        ShardRegionStats stats => Write(stats),
        ClusterShardingStats cluster => new ClusterStats
        {
            Nodes =
            {
                cluster.Regions.OrderBy(r => r.Key)
                    .Select(r => new NodeStats { Node = Write(r.Key), Stats = Write(r.Value) }),
            },
        },
        CurrentRegions regions => new Nodes { Nodes_ = { regions.Regions.Order().Select(Write) } },
        CurrentShardRegionState state => new RegionState
        {
            Shards =
            {
                state.Shards.OrderBy(s => s.ShardId, StringComparer.Ordinal)
                    .Select(s => new Shard { Id = s.ShardId, Entities = { s.EntityIds.Order(StringComparer.Ordinal) } }),
            },
            Failed = { state.Failed.Order(StringComparer.Ordinal) },
        },
        _ => null,
    };

    public static ShardRegionStats Read(Stats stats) => new(stats.Entities.ToImmutableDictionary(), [.. stats.Failed]);

    public static ClusterShardingStats Read(ClusterStats stats) =>
        new(stats.Nodes.ToImmutableDictionary(n => Read(n.Node), n => Read(n.Stats ?? new Stats())));

    public static CurrentRegions Read(Nodes nodes) => new([.. nodes.Nodes_.Select(Read)]);

    public static CurrentShardRegionState Read(RegionState state) =>
        new([.. state.Shards.Select(s => new ShardState(s.Id, [.. s.Entities]))], [.. state.Failed]);

    private static Stats Write(ShardRegionStats stats)
    {
        var wire = new Stats { Failed = { stats.Failed.Order(StringComparer.Ordinal) } };
        foreach (var (shard, entities) in stats.Stats.OrderBy(s => s.Key, StringComparer.Ordinal))
            wire.Entities.Add(shard, entities);
        return wire;
    }

    private static Node Write(Address address) => new()
    {
        Protocol = address.Protocol,
        System = address.System,
        Host = address.Host ?? "",
        Port = (uint)(address.Port ?? 0),
    };

    private static Address Read(Node? node) => node is null
        ? throw new SerializationException("Statistics lack an address")
        : node.Host.Length > 0 ? new Address(node.Protocol, node.System, node.Host, (int)node.Port)
        : new Address(node.Protocol, node.System);
}

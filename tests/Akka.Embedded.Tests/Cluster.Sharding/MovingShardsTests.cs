using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Node = Akka.Cluster.Cluster;

namespace Akka.Embedded.Tests.Cluster.Sharding;

/// <summary>Shards on nodes that come, leave and crash.</summary>
public class MovingShardsTests : ShardingTest
{
    private const string NoRebalance = "\nakka.cluster.sharding.rebalance-interval = 1h";

    [Fact]
    public async Task Entities_are_one_for_the_whole_cluster()
    {
        var nodes = await Form(3, Hocon + NoRebalance);
        var regions = nodes.Select(n => StartRegion(n)).ToArray();
        var homes = new HashSet<string>();
        foreach (var id in Ids(20))
        {
            for (var i = 0; i < 3; i++) Assert.StartsWith($"{id} 1 at ", await Ask(regions[i], id));
            homes.Add(await WhereIs(regions[0], id));
        }
        Assert.Equal(3, homes.Count);
        NeverTwo();
    }

    [Fact]
    public async Task Shards_of_a_node_that_leaves_move_before_it_has_left()
    {
        var nodes = await Form(3, Hocon + NoRebalance);
        var regions = nodes.Select(n => StartRegion(n)).ToArray();
        foreach (var id in Ids(20)) await Ask(regions[0], id);
        await nodes[2].System.Terminate().WaitAsync(Patience);
        foreach (var id in Ids(20)) Assert.NotEqual(nodes[2].SelfAddress.ToString(), await WhereIs(regions[0], id));
        NeverTwo();
    }

    [Fact]
    public async Task Entities_of_others_live_on_when_the_coordinator_leaves()
    {
        var nodes = await Form(3, Hocon + NoRebalance);
        var regions = nodes.Select(n => StartRegion(n)).ToArray();
        var stay = new List<string>();
        foreach (var id in Ids(20)) if (await WhereIs(regions[1], id) != nodes[0].SelfAddress.ToString()) stay.Add(id);
        Assert.NotEmpty(stay);
        await nodes[0].System.Terminate().WaitAsync(Patience);
        foreach (var id in Ids(20)) await Ask(regions[1], id);
        foreach (var id in stay) Assert.StartsWith($"{id} 1 at ", await Ask(regions[2], id));
        Assert.StartsWith("new", await Ask(regions[2], "new")); // The new coordinator allocates.
        NeverTwo();
    }

    [Fact]
    public async Task Coordinator_that_fails_is_replaced_and_learns_what_there_is()
    {
        var nodes = await Form(2, Hocon + NoRebalance + "\nakka.cluster.sharding.coordinator-failure-backoff = 100ms");
        var regions = nodes.Select(n => StartRegion(n)).ToArray();
        foreach (var id in Ids(20)) await Ask(regions[1], id);
        nodes[0].System.ActorSelection("/system/sharding/counterCoordinator/singleton/coordinator").Tell(Kill.Instance);
        foreach (var id in Ids(20)) Assert.StartsWith($"{id} 1 at ", await Ask(regions[0], id));
        foreach (var id in new[] { "x", "y", "z" }) Assert.StartsWith($"{id} 1 at ", await Ask(regions[1], id));
        NeverTwo();
    }

    [Fact]
    public async Task Shards_of_a_node_that_has_crashed_move_when_it_is_downed()
    {
        var nodes = await Form(3, Hocon + NoRebalance);
        var regions = nodes.Select(n => StartRegion(n)).ToArray();
        foreach (var id in Ids(20)) await Ask(regions[0], id);
        await Crash(nodes[2]);
        await Until(() => nodes[0].State.Unreachable.Count == 1 && nodes[1].State.Unreachable.Count == 1);
        nodes[1].Down(nodes[2].SelfAddress);
        foreach (var id in Ids(20)) Assert.NotEqual(nodes[2].SelfAddress.ToString(), await WhereIs(regions[1], id));
        NeverTwo();
    }

    [Fact]
    public async Task Shards_move_when_the_coordinators_node_has_crashed()
    {
        var nodes = await Form(3, Hocon + NoRebalance);
        var regions = nodes.Select(n => StartRegion(n)).ToArray();
        foreach (var id in Ids(20)) await Ask(regions[2], id);
        await Crash(nodes[0]);
        await Until(() => nodes[1].State.Unreachable.Count == 1 && nodes[2].State.Unreachable.Count == 1);
        nodes[1].Down(nodes[0].SelfAddress);
        foreach (var id in Ids(20)) Assert.NotEqual(nodes[0].SelfAddress.ToString(), await WhereIs(regions[2], id));
        NeverTwo();
    }

    [Fact]
    public async Task Shards_move_to_a_node_that_joins()
    {
        var nodes = await Form(1, Hocon);
        var region = StartRegion(nodes[0]);
        foreach (var id in Ids(20)) await Ask(region, id);
        var second = Start(Hocon);
        await second.JoinAsync(nodes[0].SelfAddress).WaitAsync(Patience);
        StartRegion(second);
        await Until(() => region.Ask<ClusterShardingStats>(new GetClusterShardingStats(TimeSpan.FromSeconds(3)), Patience).Result
            is { Regions.Count: 2 } stats && stats.Regions.Values.All(r => r.Stats.Count >= 4));
        foreach (var id in Ids(20)) await Ask(region, id);
        NeverTwo();
    }

    /// <summary>As the broker places its replicas: a shard belongs to one node, and to no other.</summary>
    private sealed class Pinned(Node node) : IShardAllocationStrategy
    {
        public Task<IActorRef> AllocateShard(IActorRef requester, string shardId,
            IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
        {
            var home = currentShardAllocations.Keys.FirstOrDefault(region =>
                (region.Path.Address.HasLocalScope ? node.SelfAddress : region.Path.Address).Port.ToString() == shardId);
            return home is null
                ? Task.FromException<IActorRef>(new InvalidOperationException($"No node at port {shardId}"))
                : Task.FromResult(home);
        }

        public Task<IImmutableSet<string>> Rebalance(
            IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations,
            IImmutableSet<string> rebalanceInProgress) =>
            Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);
    }

    [Fact]
    public async Task Shards_that_belong_to_a_node_wait_for_it()
    {
        var nodes = await Form(3, Hocon);
        var regions = nodes.Select(n => StartRegion(n, new Pinned(n), new ShardInId())).ToArray();
        foreach (var node in nodes)
            Assert.Equal(node.SelfAddress.ToString(), await WhereIs(regions[0], $"{node.SelfAddress.Port}:a"));
        await Crash(nodes[2]);
        await Until(() => nodes[0].State.Unreachable.Count == 1 && nodes[1].State.Unreachable.Count == 1);
        nodes[1].Down(nodes[2].SelfAddress);
        await AllSee(nodes[..2], Akka.Cluster.MemberStatus.Up);

        var later = regions[0].Ask<string>(new ShardingEnvelope($"{nodes[2].SelfAddress.Port}:b", "m"), Patience);
        var again = StartAt(nodes[2].SelfAddress, Hocon);
        await again.JoinAsync(nodes[0].SelfAddress).WaitAsync(Patience);
        StartRegion(again, new Pinned(again), new ShardInId());
        Assert.Equal($"{nodes[2].SelfAddress.Port}:b 1 at {again.SelfAddress}", await later);
        NeverTwo();
    }

    [Fact]
    public async Task Node_without_the_role_reaches_entities_by_a_proxy()
    {
        var host = Start(Hocon + "\nakka.cluster.roles = [host]");
        await host.JoinAsync(host.SelfAddress).WaitAsync(Patience);
        var guest = Start(Hocon);
        await guest.JoinAsync(host.SelfAddress).WaitAsync(Patience);
        StartRegion(host, change: s => s.WithRole("host"));
        var proxy = ClusterSharding.Get(guest.System).StartProxy("counter", "host", Extractor);
        Assert.Equal(host.SelfAddress.ToString(), await WhereIs(proxy, "e"));
        Assert.Equal(proxy, StartRegion(guest, change: s => s.WithRole("host"))); // It may not host.
        Assert.Equal(proxy, ClusterSharding.Get(guest.System).ShardRegion("counter"));
    }

    [Fact]
    public async Task Queries_tell_of_the_whole_cluster()
    {
        var nodes = await Form(2, Hocon + NoRebalance);
        var regions = nodes.Select(n => StartRegion(n)).ToArray();
        foreach (var id in Ids(10)) await Ask(regions[0], id);

        var all = await regions[1].Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience);
        Assert.Equal(nodes.Select(n => n.SelfAddress).Order(), all.Regions.Order());
        var stats = await regions[1].Ask<ClusterShardingStats>(new GetClusterShardingStats(Patience), Patience);
        Assert.Equal(10, stats.Regions.Values.Sum(r => r.Stats.Values.Sum()));
        var states = await Task.WhenAll(regions.Select(r =>
            r.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience)));
        Assert.Equal(Ids(10).Order(), states.SelectMany(s => s.Shards).SelectMany(s => s.EntityIds).Order());
        var own = await regions[0].Ask<ShardRegionStats>(GetShardRegionStats.Instance, Patience);
        Assert.Equal(stats.Regions[nodes[0].SelfAddress], own);
        foreach (var id in Ids(10))
        {
            var location = await regions[0].Ask<EntityLocation>(new GetEntityLocation(id, Patience), Patience);
            Assert.Equal(await WhereIs(regions[1], id), location.ShardRegion!.ToString());
            Assert.True(location.EntityRef.HasValue);
        }
        var nowhere = await regions[0].Ask<EntityLocation>(new GetEntityLocation("other", Patience), Patience);
        Assert.False(nowhere.EntityRef.HasValue);
    }
}

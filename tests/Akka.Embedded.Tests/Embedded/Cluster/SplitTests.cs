using Akka.Actor;
using Akka.Cluster;
using Akka.Embedded.Tests.Cluster;
using Akka.Remote;
using Node = Akka.Cluster.Cluster;

namespace Akka.Embedded.Tests.Embedded.Cluster;

/// <summary>Splits of a real cluster, and what the resolver does about them.</summary>
public sealed class SplitTests : ClusterTest
{
    private const string Resolver = """
        akka.cluster.downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
        akka.cluster.split-brain-resolver { stable-after = 1s, down-all-when-unstable = off }
        """;

    private const string NeverResolves = Resolver + "\nakka.cluster.split-brain-resolver.stable-after = 1h";

    private readonly CuttableNetwork _network = new();

    [Fact]
    public async Task The_majority_goes_on_and_the_minority_ends()
    {
        var nodes = await Form(Resolver, Resolver, Resolver);
        _network.Split([nodes[2].SelfAddress], [nodes[0].SelfAddress, nodes[1].SelfAddress]);
        await nodes[2].System.WhenTerminated.WaitAsync(Patience);
        await AllSee([nodes[0], nodes[1]], MemberStatus.Up);
    }

    [Fact]
    public async Task A_short_split_heals_without_loss()
    {
        var nodes = await Form(NeverResolves, NeverResolves, NeverResolves);
        _network.Split([nodes[2].SelfAddress], [nodes[0].SelfAddress, nodes[1].SelfAddress]);
        await Until(() => nodes[0].State.Unreachable.Count == 1 && nodes[2].State.Unreachable.Count == 2);
        _network.Heal();
        await Until(() => nodes.All(n => n.State.Unreachable.IsEmpty));
        await AllSee(nodes, MemberStatus.Up);
    }

    [Fact]
    public async Task A_node_that_was_removed_while_it_was_away_is_told_and_ends()
    {
        var nodes = await Form(Resolver, Resolver, NeverResolves);
        _network.Split([nodes[2].SelfAddress], [nodes[0].SelfAddress, nodes[1].SelfAddress]);
        await AllSee([nodes[0], nodes[1]], MemberStatus.Up);
        Assert.False(nodes[2].IsTerminated);
        _network.Heal();
        await nodes[2].System.WhenTerminated.WaitAsync(Patience);
        Assert.Equal(2, nodes[0].State.Members.Count);
    }

    [Fact]
    public async Task A_node_that_is_removed_while_it_asks_to_be_let_in_is_told_and_ends()
    {
        var nodes = await Form(Resolver);
        var asking = Start("", _network.Setup);
        ((IRemoteActorRefProvider)((ExtendedActorSystem)nodes[0].System).Provider).Quarantine(
            asking.SelfAddress, asking.SelfUniqueAddress.Uid);
        asking.JoinSeedNodes([nodes[0].SelfAddress]);
        await asking.System.WhenTerminated.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_crashed_node_is_downed_by_the_others()
    {
        var nodes = await Form(Resolver, Resolver, Resolver);
        await Crash(nodes[1]);
        await AllSee([nodes[0], nodes[2]], MemberStatus.Up);
    }

    private async Task<Node[]> Form(params string[] each)
    {
        var nodes = each.Select(hocon => Start(hocon, _network.Setup)).ToArray();
        foreach (var node in nodes) await node.JoinAsync(nodes[0].SelfAddress).WaitAsync(Patience);
        await AllSee(nodes, MemberStatus.Up);
        return nodes;
    }
}

using Akka.Actor;
using Akka.Cluster;

namespace Akka.Embedded.Tests.Cluster;

public sealed class MembershipTests : ClusterTest
{
    [Fact]
    public async Task A_node_that_joins_itself_is_up_and_leads()
    {
        var node = Start("akka.cluster.roles = [broker]");
        Assert.Equal(MemberStatus.Removed, node.SelfMember.Status);
        await node.JoinAsync(node.SelfAddress).WaitAsync(Patience);
        Assert.Equal(MemberStatus.Up, node.SelfMember.Status);
        Assert.True(node.IsUp);
        Assert.Equal(node.SelfAddress, node.State.Leader);
        Assert.Equal(node.SelfAddress, node.State.RoleLeader("broker"));
        Assert.Equal(["broker"], node.SelfRoles);
    }

    [Fact]
    public async Task Nodes_join_and_all_see_all()
    {
        var nodes = await Form(3);
        var lowest = nodes.Select(n => n.SelfAddress).Min(Member.AddressOrdering);
        await Until(() => nodes.All(n => n.State.Leader == lowest));
        Assert.All(nodes, n => Assert.Equal(nodes.Select(c => c.SelfAddress),
            n.State.Members.Order(Member.AgeOrdering).Select(m => m.Address)));
    }

    [Fact]
    public async Task Nodes_join_by_their_seed_nodes()
    {
        var first = Start();
        var address = first.SelfAddress;
        first.JoinSeedNodes([address]);
        var seeds = $"akka.cluster.seed-nodes = [\"{address}\"]";
        await AllSee([first, Start(seeds), Start(seeds)], MemberStatus.Up);
    }

    [Fact]
    public async Task A_seed_node_that_starts_later_is_waited_for()
    {
        var seed = Start();
        var other = Start();
        var joined = other.JoinSeedNodesAsync([seed.SelfAddress, other.SelfAddress]);
        Assert.False(joined.IsCompleted);
        await seed.JoinSeedNodesAsync([seed.SelfAddress, other.SelfAddress]).WaitAsync(Patience);
        await joined.WaitAsync(Patience);
        await AllSee([seed, other], MemberStatus.Up);
    }

    [Fact]
    public async Task A_node_leaves_in_good_order_and_its_system_ends()
    {
        var nodes = await Form(3);
        var (listener, seen) = Listen(nodes[0]);
        nodes[0].Subscribe(listener, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        await nodes[2].LeaveAsync().WaitAsync(Patience);
        await nodes[2].System.WhenTerminated.WaitAsync(Patience);
        await AllSee([nodes[0], nodes[1]], MemberStatus.Up);
        var leaver = nodes[2].SelfUniqueAddress;
        await Until(() => seen.OfType<ClusterEvent.MemberRemoved>().Any());
        Assert.Equal(["MemberUp", "MemberLeft", "MemberExited", "MemberRemoved"], seen.OfType<ClusterEvent.IMemberEvent>()
            .Where(e => e.Member.UniqueAddress == leaver).Select(e => e.GetType().Name));
        Assert.True(nodes[2].IsTerminated);
        Assert.Equal(MemberStatus.Removed, nodes[2].SelfMember.Status);
    }

    [Fact]
    public async Task A_terminated_system_leaves_first()
    {
        var nodes = await Form(2);
        await nodes[1].System.Terminate().WaitAsync(Patience);
        await AllSee([nodes[0]], MemberStatus.Up);
    }

    [Fact]
    public async Task The_leader_may_leave()
    {
        var nodes = await Form(3);
        var leader = nodes.Single(n => n.SelfAddress == nodes[0].State.Leader);
        var rest = nodes.Where(n => n != leader).ToArray();
        rest[0].Leave(leader.SelfAddress);
        await leader.System.WhenTerminated.WaitAsync(Patience);
        await AllSee(rest, MemberStatus.Up);
        Assert.Contains(rest[0].State.Leader, rest.Select(n => n.SelfAddress));
    }

    [Fact]
    public async Task A_downed_node_ends_its_system()
    {
        var nodes = await Form(3);
        nodes[0].Down(nodes[1].SelfAddress);
        await nodes[1].System.WhenTerminated.WaitAsync(Patience);
        await AllSee([nodes[0], nodes[2]], MemberStatus.Up);
    }

    [Fact]
    public async Task A_crashed_node_is_unreachable_until_it_is_downed()
    {
        var nodes = await Form(3);
        var (listener, seen) = Listen(nodes[0]);
        nodes[0].Subscribe(listener, typeof(ClusterEvent.IReachabilityEvent), typeof(ClusterEvent.MemberRemoved));
        await Crash(nodes[2]);
        await Until(() => nodes[0].State.Unreachable.Any(m => m.UniqueAddress == nodes[2].SelfUniqueAddress));
        Assert.Equal(3, nodes[0].State.Members.Count);
        nodes[1].Down(nodes[2].SelfAddress);
        await AllSee([nodes[0], nodes[1]], MemberStatus.Up);
        Assert.Empty(nodes[0].State.Unreachable);
        await Until(() => seen.Count >= 3);
        var events = seen.ToArray();
        Assert.IsType<ClusterEvent.CurrentClusterState>(events[0]);
        Assert.IsType<ClusterEvent.UnreachableMember>(events[1]);
        Assert.Equal(MemberStatus.Down, Assert.IsType<ClusterEvent.MemberRemoved>(events[2]).PreviousStatus);
    }

    [Fact]
    public async Task A_node_that_restarts_on_the_same_port_replaces_its_former_self()
    {
        var nodes = await Form(3);
        await Crash(nodes[2]);
        var again = StartAt(nodes[2].SelfAddress);
        Assert.Equal(nodes[2].SelfAddress, again.SelfAddress);
        Assert.NotEqual(nodes[2].SelfUniqueAddress, again.SelfUniqueAddress);
        await again.JoinAsync(nodes[0].SelfAddress).WaitAsync(Patience);
        await AllSee([nodes[0], nodes[1], again], MemberStatus.Up);
    }

    [Fact]
    public async Task Without_convergence_a_newcomer_is_weakly_up()
    {
        const string soon = "akka.cluster.allow-weakly-up-members = 500ms";
        var nodes = await Form(2, soon);
        await Crash(nodes[1]);
        await Until(() => !nodes[0].State.Unreachable.IsEmpty);
        var third = Start(soon);
        third.Join(nodes[0].SelfAddress);
        await Until(() => third.SelfMember.Status == MemberStatus.WeaklyUp);
        Assert.True(third.IsUp);
        third.Down(nodes[1].SelfAddress);
        await AllSee([nodes[0], third], MemberStatus.Up);
    }

    [Fact]
    public async Task Callbacks_run_when_the_node_is_up_and_when_it_is_removed()
    {
        var node = Start();
        var up = new TaskCompletionSource();
        var removed = new TaskCompletionSource();
        node.RegisterOnMemberUp(() => up.TrySetResult());
        node.RegisterOnMemberRemoved(() => removed.TrySetResult());
        node.Join(node.SelfAddress);
        await up.Task.WaitAsync(Patience);
        Assert.False(removed.Task.IsCompleted);
        var again = new TaskCompletionSource();
        node.RegisterOnMemberUp(() => again.TrySetResult());
        await again.Task.WaitAsync(Patience);
        node.Leave(node.SelfAddress);
        await removed.Task.WaitAsync(Patience);
        var late = false;
        await node.System.WhenTerminated.WaitAsync(Patience);
        node.RegisterOnMemberRemoved(() => late = true);
        Assert.True(late);
    }

    [Fact]
    public async Task A_node_that_finds_no_seed_node_gives_up_if_told_so()
    {
        var gone = Start();
        await Crash(gone);
        var node = Start($$"""
            akka.cluster { seed-nodes = ["{{gone.SelfAddress}}"], shutdown-after-unsuccessful-join-seed-nodes = 500ms }
            """);
        await node.System.WhenTerminated.WaitAsync(Patience);
    }

    [Fact]
    public void Subscribing_needs_types_of_events()
    {
        var node = Start();
        Assert.Throws<ArgumentException>(() => node.Subscribe(ActorRefs.Nobody));
        Assert.Throws<ArgumentException>(() => node.Subscribe(ActorRefs.Nobody, typeof(string)));
    }
}

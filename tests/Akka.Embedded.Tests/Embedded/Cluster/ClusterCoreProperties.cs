using System.Globalization;
using Akka.Cluster;
using FsCheck;
using FsCheck.Fluent;

namespace Akka.Embedded.Tests.Embedded.Cluster;

/// <summary>Whatever happens to nodes and messages: when the network heals, all who are left agree.</summary>
public sealed class ClusterCoreProperties
{
    // CLUSTER_CASES=5000 tries more, CLUSTER_SEED=n only that one.
    private static readonly int Cases = Variable("CLUSTER_CASES") ?? 100;

    [Fact]
    public void After_chaos_without_downing_all_nodes_have_one_view() => ForAllSeeds(seed =>
    {
        var world = Chaos(seed, downing: false);
        world.Heal();
        world.Rounds(40);
        var live = world.Live.Where(n => n.Core.IsMember).ToList();
        Assert.All(live, n => Assert.True(n.Core.State.Gossip.SameContent(live[0].Core.State.Gossip), world.Dump()));
        Assert.All(live, n => Assert.Equal(live[0].Core.State.Leader, n.Core.State.Leader));
        // A node that left while it was cut off stays, unreachable, until it is downed; without any, everyone is Up.
        if (live.Count == 0 || live[0].Core.State.Unreachable.Any()) return;
        Assert.All(live[0].Core.State.Members, m => Assert.Equal(MemberStatus.Up, m.Status));
        Assert.Equal(live.Count, live[0].Core.State.Members.Count);
        Assert.Equal(live.Count, live[0].Core.State.Members.Select(m => m.UpNumber).Distinct().Count());
    });

    [Fact]
    public void After_chaos_with_downing_the_rest_has_one_view() => ForAllSeeds(seed =>
    {
        var world = Chaos(seed, downing: true);
        world.Heal();
        for (var i = 0; i < 12; i++)
        {
            world.Rounds(10);
            // As a resolver does once it is stable: who is unreachable then is given up.
            foreach (var node in world.Live.Where(n => n.Core.IsMember && n.Core.State.IsLeader).ToList())
                foreach (var member in node.Core.State.Unreachable.ToList())
                    world.Step(node, new CoreInput.Down(member.Address));
        }
        world.Rounds(10);
        // Two nodes that have never heard of each other, and whose common friends have gone, stay two clusters.
        foreach (var node in world.Live.Where(n => n.Core.IsMember))
        {
            foreach (var member in node.Core.State.Members)
            {
                var other = world.Live.SingleOrDefault(n => n.Self == member.UniqueAddress);
                Assert.True(member.Status == MemberStatus.Up
                    && other?.Core.State.Gossip.SameContent(node.Core.State.Gossip) == true, world.Dump());
            }
        }
    });

    [Fact]
    public void Same_version_means_same_state_and_convergence_means_same_members() => ForAllSeeds(seed =>
    {
        var world = Chaos(seed, downing: true);
        var states = world.Nodes.Select(n => n.Core.State).Where(s => s.Members.Count > 0).ToList();
        foreach (var a in states)
        {
            foreach (var b in states)
                if (a.Gossip.Version == b.Gossip.Version) Assert.True(a.Gossip.SameContent(b.Gossip));
        }
    });

    [Fact]
    public void Merging_is_commutative_associative_and_idempotent() => ForAllSeeds(seed =>
    {
        var gossips = Chaos(seed, downing: true).Nodes.Select(n => n.Core.State.Gossip).ToList();
        var random = new Random(seed);
        Gossip Any() => gossips[random.Next(gossips.Count)];
        for (var i = 0; i < 5; i++)
        {
            var (a, b, c) = (Any(), Any(), Any());
            Assert.True(a.Merge(b).SameContent(b.Merge(a)));
            Assert.True(a.Merge(b).Merge(c).SameContent(a.Merge(b.Merge(c))));
            Assert.True(a.Merge(a).SameContent(a));
            Assert.True(a.Merge(b).Merge(b).SameContent(a.Merge(b)));
        }
    });

    [Fact]
    public void Events_lead_from_nothing_to_the_state() => ForAllSeeds(seed =>
    {
        var world = Chaos(seed, downing: true);
        foreach (var node in world.Live.Where(n => n.Core.IsMember))
        {
            var members = new SortedDictionary<UniqueAddress, MemberStatus>();
            var unreachable = new HashSet<Member>();
            foreach (var e in node.Events)
            {
                switch (e)
                {
                    case ClusterEvent.MemberRemoved removed:
                        members.Remove(removed.Member.UniqueAddress);
                        unreachable.Remove(removed.Member);
                        break;
                    case ClusterEvent.IMemberEvent changed: members[changed.Member.UniqueAddress] = changed.Member.Status; break;
                    case ClusterEvent.UnreachableMember gone: Assert.True(unreachable.Add(gone.Member)); break;
                    case ClusterEvent.ReachableMember back: Assert.True(unreachable.Remove(back.Member)); break;
                }
            }
            Assert.Equal(node.Core.State.Members.Select(m => (m.UniqueAddress, m.Status)), members.Select(m => (m.Key, m.Value)));
            Assert.True(unreachable.SetEquals(node.Core.State.Unreachable));
        }
    });

    private static int? Variable(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;

    private static Gen<int> Seeds =>
        Variable("CLUSTER_SEED") is { } only ? Gen.Constant(only) : Gen.Choose(0, int.MaxValue);

    private static void ForAllSeeds(Action<int> property) =>
        Prop.ForAll(Seeds.ToArbitrary(), seed =>
        {
            try
            {
                property(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));

    private static CoreWorld Chaos(int seed, bool downing)
    {
        var world = new CoreWorld(seed);
        const int ports = 5;
        for (var port = 1; port <= ports; port++) world.Start(port);
        world.Join(1, at: 1);
        for (var i = 0; i < 300; i++)
        {
            var port = world.Random.Next(1, ports + 1);
            var other = world.Random.Next(1, ports + 1);
            var node = world[port];
            switch (world.Random.Next(100))
            {
                case < 8 when port > 1 && !node.Core.IsMember && node.IsAlive:
                    world.Join(port, at: other == port ? 1 : other);
                    break;
                case < 10: world.Cut(port, other); break;
                case < 12: world.Heal(); break;
                case 12 when downing && world.Live.Count() > 2: world.Crash(node); break;
                case 13 or 14 when !node.IsAlive: world.Start(port); break;
                case 15 when i > 100: world.Step(node, new CoreInput.Leave(node.Self.Address)); break;
                case 16 when downing && i > 100: world.Step(node, new CoreInput.Down(CoreWorld.AddressOf(other))); break;
                case < 50: world.TickSome(node); break;
                default: world.DeliverSome(lossPercent: 15); break;
            }
        }
        return world;
    }
}

using System.Collections.Immutable;
using Akka.Cluster;
using Akka.Util;

namespace Akka.Embedded.Tests.Embedded.Cluster;

public sealed class ClusterCoreTests
{
    private readonly CoreWorld _world = new(seed: 1);

    [Fact]
    public void A_node_that_joins_itself_is_up_at_once_and_leads()
    {
        var node = _world.Start(1);
        _world.Join(1, at: 1);
        Assert.Equal(MemberStatus.Up, node.StatusOf(1));
        Assert.True(node.Core.State.IsLeader);
    }

    [Fact]
    public void Newcomers_are_joining_until_all_have_seen_them()
    {
        Form(1, 2);
        var third = _world.Start(3);
        _world.Join(3, at: 1);
        _world.DeliverAll();
        Assert.Equal(MemberStatus.Joining, third.StatusOf(3));
        _world.Rounds(5);
        Assert.All(_world.Live, n => Assert.Equal("1#1:Up 2#2:Up 3#3:Up", n.View));
        Assert.Equal([1, 2, 3], third.Core.State.Members.Order(Member.AgeOrdering).Select(m => m.Address.Port!.Value));
    }

    [Fact]
    public void A_lost_welcome_is_sent_again()
    {
        Form(1);
        var second = _world.Start(2);
        _world.Join(2, at: 1);
        _world.Cut(1, 2);
        _world.DeliverAll();
        _world.Heal();
        Assert.False(second.Core.IsMember);
        _world.Step(second, new CoreInput.JoinTimeout());
        _world.DeliverAll();
        Assert.True(second.Core.IsMember);
    }

    [Fact]
    public void A_node_that_was_let_in_and_removed_without_hearing_of_it_ends()
    {
        Form(1, 2);
        var third = _world.Start(3);
        _world.Join(3, at: 1);
        _world.CutOneWay(1, 3);
        _world.CutOneWay(2, 3);
        _world.DeliverAll();
        Assert.Equal(MemberStatus.Joining, _world[1].StatusOf(3));
        _world.Step(_world[1], new CoreInput.Down(CoreWorld.AddressOf(3)));
        _world.Rounds(6);
        Assert.Equal(MemberStatus.Removed, _world[2].StatusOf(3));
        Assert.True(third is { IsAlive: true, Core.IsMember: false });
        _world.Heal();
        _world.Rounds(2);
        Assert.False(third.IsAlive);
    }

    [Fact]
    public void A_node_that_asks_again_though_it_was_removed_is_quarantined()
    {
        Form(1, 2);
        var removed = _world[2].Self;
        _world.Crash(_world[2]);
        _world.Step(_world[1], new CoreInput.Down(removed.Address));
        _world.Rounds(2);
        Assert.Contains(new CoreEffect.Quarantine(removed), _world[1].Core.Receive(new Join(removed, [], AppVersion.Zero)));
    }

    [Fact]
    public void A_node_that_does_not_search_yet_lets_others_quarantine_it()
    {
        var node = _world.Start(1);
        _world.Step(node, new CoreInput.QuarantinedBy(CoreWorld.AddressOf(2)));
        Assert.False(node.Core.HasEnded);
    }

    [Fact]
    public void A_leaving_member_goes_through_exiting_and_is_removed()
    {
        Form(1, 2, 3);
        _world.Step(_world[1], new CoreInput.Leave(CoreWorld.AddressOf(3)));
        _world.Rounds(6);
        Assert.False(_world[3].IsAlive);
        Assert.Equal("1#1:Up 2#2:Up", _world[1].View);
        Assert.Equal(["MemberLeft", "MemberExited", "MemberRemoved"], _world[2].Events.OfType<ClusterEvent.IMemberEvent>()
            .Where(e => e.Member.Address.Port == 3).Select(e => e.GetType().Name).TakeLast(3));
        Assert.Equal(MemberStatus.Exiting, _world[2].Events.OfType<ClusterEvent.MemberRemoved>().Single().PreviousStatus);
    }

    [Fact]
    public void The_leader_may_leave_and_another_leads()
    {
        Form(1, 2, 3);
        _world.Step(_world[1], new CoreInput.Leave(CoreWorld.AddressOf(1)));
        _world.Rounds(8);
        Assert.False(_world[1].IsAlive);
        Assert.All(_world.Live, n => Assert.Equal("2#2:Up 3#3:Up", n.View));
        Assert.Equal(2, _world[3].Core.State.Leader!.Address.Port);
    }

    [Fact]
    public void The_last_member_may_leave()
    {
        Form(1);
        _world.Step(_world[1], new CoreInput.Leave(CoreWorld.AddressOf(1)));
        _world.Rounds(2);
        Assert.False(_world[1].IsAlive);
    }

    [Fact]
    public void A_crashed_member_hinders_newcomers_until_it_is_downed()
    {
        Form(1, 2, 3);
        _world.Crash(_world[3]);
        _world.Rounds(2);
        _world.Start(4);
        _world.Join(4, at: 1);
        _world.Rounds(2);
        Assert.Equal(MemberStatus.Joining, _world[1].StatusOf(4));
        _world.Step(_world[2], new CoreInput.Down(CoreWorld.AddressOf(3)));
        _world.Rounds(5);
        Assert.Equal("1#1:Up 2#2:Up 4#4:Up", _world[1].View);
    }

    [Fact]
    public void Without_convergence_newcomers_become_weakly_up_after_a_while()
    {
        Form(1, 2, 3);
        _world.Crash(_world[3]);
        _world.Rounds(2);
        _world.Start(4);
        _world.Join(4, at: 1);
        _world.Rounds(10);
        Assert.Equal(MemberStatus.WeaklyUp, _world[4].StatusOf(4));
        _world.Step(_world[1], new CoreInput.Down(CoreWorld.AddressOf(3)));
        _world.Rounds(5);
        Assert.Equal(MemberStatus.Up, _world[4].StatusOf(4));
    }

    [Fact]
    public void A_new_incarnation_is_let_in_after_the_old_one_was_removed()
    {
        Form(1, 2, 3);
        _world.Crash(_world[3]);
        var again = _world.Start(3);
        _world.Join(3, at: 1);
        _world.DeliverAll();
        Assert.Equal(MemberStatus.Down, _world[1].StatusOf(3));
        Assert.False(again.Core.IsMember);
        _world.Rounds(8);
        Assert.Equal("1#1:Up 2#2:Up 3#4:Up", _world[2].View);
        Assert.Equal([MemberStatus.Down], _world[2].Events.OfType<ClusterEvent.MemberRemoved>().Select(e => e.PreviousStatus));
    }

    [Fact]
    public void A_node_that_was_let_in_twice_downs_its_former_self()
    {
        Form(1, 2);
        _world.Cut(1, 2);
        _world.Start(3);
        _world.Join(3, at: 1);
        _world.DeliverAll();
        _world.Crash(_world[3]);
        var again = _world.Start(3);
        _world.Join(3, at: 2);
        _world.DeliverAll();
        Assert.True(again.Core.IsMember);
        _world.Heal();
        _world.Rounds(8);
        Assert.All(_world.Live, n => Assert.Equal("1#1:Up 2#2:Up 3#4:Up", n.View));
    }

    [Fact]
    public void A_downed_node_shuts_down_and_is_removed()
    {
        Form(1, 2, 3);
        _world.Step(_world[1], new CoreInput.Down(CoreWorld.AddressOf(2)));
        _world.Rounds(6);
        Assert.False(_world[2].IsAlive);
        Assert.All(_world.Live, n => Assert.Equal("1#1:Up 3#3:Up", n.View));
        Assert.Equal(MemberStatus.Down, _world[3].Events.OfType<ClusterEvent.MemberRemoved>().Single().PreviousStatus);
    }

    [Fact]
    public void Nobody_is_up_before_there_are_enough()
    {
        var world = new CoreWorld(1, CoreWorld.Usual with
        {
            MinNrOfMembers = 2,
            MinNrOfMembersOfRole = ImmutableDictionary<string, int>.Empty.Add("broker", 2),
        });
        world.Start(1, "broker");
        world.Join(1, at: 1);
        world.Start(2);
        world.Join(2, at: 1);
        world.Rounds(4);
        Assert.Equal("1#1:Joining 2#2:Joining", world[1].View);
        world.Start(3, "broker");
        world.Join(3, at: 2);
        world.Rounds(4);
        Assert.Equal("1#1:Up 2#2:Up 3#3:Up", world[1].View);
    }

    [Fact]
    public void The_first_seed_node_waits_for_others_before_it_forms_a_cluster()
    {
        CoreInput.JoinSeedNodes seeds = new([CoreWorld.AddressOf(1), CoreWorld.AddressOf(2)]);
        var first = _world.Start(1);
        _world.Step(first, seeds);
        Assert.False(first.Core.IsMember);
        var second = _world.Start(2);
        _world.Step(second, seeds);
        _world.DeliverAll(); // The second refuses: it is no member either.
        Assert.True(first.Core.IsMember);
        _world.Step(second, new CoreInput.SeedTimeout());
        _world.DeliverAll();
        Assert.True(second.Core.IsMember);
    }

    [Fact]
    public void The_first_seed_node_joins_the_cluster_that_is_there()
    {
        Form(2, 3);
        var first = _world.Start(1);
        _world.Step(first, new CoreInput.JoinSeedNodes([CoreWorld.AddressOf(1), CoreWorld.AddressOf(2)]));
        _world.Rounds(4);
        Assert.Equal("1#3:Up 2#1:Up 3#2:Up", first.View);
    }

    [Fact]
    public void The_first_seed_node_goes_alone_if_nobody_answers()
    {
        var first = _world.Start(1);
        _world.Step(first, new CoreInput.JoinSeedNodes([CoreWorld.AddressOf(1), CoreWorld.AddressOf(2)]));
        _world.Step(first, new CoreInput.SeedTick());
        Assert.False(first.Core.IsMember);
        _world.Step(first, new CoreInput.SeedTimeout());
        Assert.True(first.Core.IsMember);
    }

    [Fact]
    public void Tombstones_are_forgotten_in_time()
    {
        Form(1, 2);
        _world.Step(_world[1], new CoreInput.Leave(CoreWorld.AddressOf(2)));
        _world.Rounds(5);
        Assert.Single(_world[1].Core.State.Gossip.Tombstones);
        _world.Step(_world[1], new CoreInput.LeaderTick(200_000_000));
        Assert.Empty(_world[1].Core.State.Gossip.Tombstones);
        Assert.Single(_world[1].Core.State.Gossip.Version.Versions);
    }

    private void Form(params int[] ports)
    {
        foreach (var port in ports)
        {
            _world.Start(port);
            _world.Join(port, at: ports[0]);
            _world.DeliverAll();
        }
        _world.Rounds(6);
        Assert.All(_world.Live, n => Assert.All(n.Core.State.Members, m => Assert.Equal(MemberStatus.Up, m.Status)));
    }
}

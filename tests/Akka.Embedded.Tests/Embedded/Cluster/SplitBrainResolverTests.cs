using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.SBR;
using Akka.Util;

namespace Akka.Embedded.Tests.Embedded.Cluster;

/// <summary>When the resolver decides: 20 s of calm, or 35 s of none.</summary>
public sealed class SplitBrainResolverTests
{
    private static readonly UniqueAddress One = Node(1);
    private static readonly UniqueAddress Two = Node(2);
    private static readonly UniqueAddress Three = Node(3);
    private readonly SplitBrainResolver _resolver = Resolver(One);

    [Fact]
    public void The_leader_decides_when_nothing_has_changed_for_a_while()
    {
        _resolver.Update(State(One), At(0));
        _resolver.Update(State(One, (One, Three)), At(10));
        Assert.Null(_resolver.Tick(At(29)));
        Assert.Equal([Three], _resolver.Tick(At(30))!.Value.ToDown);
    }

    [Fact]
    public void Others_leave_it_to_the_leader()
    {
        var other = Resolver(Two);
        other.Update(State(Two, (One, Three)), At(0));
        Assert.Null(other.Tick(At(30)));
    }

    [Fact]
    public void Another_that_falls_silent_starts_the_wait_anew()
    {
        _resolver.Update(State(One, (One, Three)), At(0));
        _resolver.Update(State(One, (One, Three), (One, Two)), At(15));
        Assert.Null(_resolver.Tick(At(30)));
        Assert.Equal([One], _resolver.Tick(At(35))!.Value.ToDown); // One of three is the minority.
    }

    [Fact]
    public void One_that_answers_again_is_not_downed()
    {
        _resolver.Update(State(One, (One, Three)), At(0));
        _resolver.Update(State(One), At(15));
        Assert.Null(_resolver.Tick(At(60)));
    }

    [Fact]
    public void Everybody_goes_if_it_never_comes_to_rest()
    {
        var other = Resolver(Two);
        for (var second = 0; second <= 35; second += 5)
        {
            other.Update(State(Two, second % 2 == 0 ? [(One, Three)] : [(One, Three), (Two, Three)]), At(second));
            Assert.Null(other.Tick(At(second)));
        }
        var (decision, toDown) = other.Tick(At(36))!.Value;
        Assert.Equal(Decision.DownAll, decision);
        Assert.Equal([One, Three, Two], toDown);
    }

    [Fact]
    public void A_node_that_a_member_has_quarantined_goes()
    {
        _resolver.Update(State(One), At(0));
        Assert.Null(_resolver.Quarantined(new Address("akka.tcp", "client", "h", 9), At(1)));
        Assert.Equal([One], _resolver.Quarantined(Two.Address, At(1))!.Value.ToDown);
    }

    private static SplitBrainResolver Resolver(UniqueAddress self) =>
        new(self, new KeepMajority(null), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(15));

    private static MembershipState State(UniqueAddress self, params (UniqueAddress By, UniqueAddress Of)[] unreachable)
    {
        var members = new[] { One, Two, Three }.Select(n => Member.Create(n, n.Uid, MemberStatus.Up, [], AppVersion.Zero));
        return new MembershipState(Gossip.Empty.With(members) with
        {
            Seen = [self],
            Reachability = unreachable.Aggregate(Reachability.Empty,
                (table, r) => table.With(r.By, r.Of, ReachabilityStatus.Unreachable)),
        }, self);
    }

    private static UniqueAddress Node(int port) => new(new Address("akka.tcp", "c", "h", port), port);
    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}

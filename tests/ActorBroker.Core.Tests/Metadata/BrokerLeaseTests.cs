using System.Collections.Immutable;
using ActorBroker.Core.Metadata;
using ActorBroker.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Metadata;

/// <summary>A broker that stood still or is cut off knows that before it answers anybody; one that is not, goes on.</summary>
public class BrokerLeaseTests
{
    private static readonly BrokerId Self = new(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Fact]
    public void It_begins_when_the_controllers_version_is_carried_out()
    {
        var lease = new BrokerLease(Limit, Voters(3));
        Assert.False(lease.IsHeld(At(0)));
        lease.ControllerAnswered(At(1), version: 3, isHere: false, At(1.1));
        Assert.False(lease.IsHeld(At(1.1)));
        lease.CarriedOut(Brokers(3), Self, At(1.5));
        Assert.Equal(At(3), lease.HeldUntil); // From when it was asked for.
    }

    [Fact]
    public void The_controllers_answers_prolong_it_whatever_is_not_yet_carried_out()
    {
        var lease = Held(brokers: 3, at: At(0));
        lease.ControllerAnswered(At(1), version: 99, isHere: false, At(1.2));
        Assert.True(lease.IsHeld(At(3)));
        Assert.False(lease.IsHeld(At(3.1)));
    }

    [Fact]
    public void Who_stood_still_needs_an_answer_to_what_was_asked_since()
    {
        var lease = Held(brokers: 3, at: At(0));
        Assert.False(lease.IsHeld(At(15))); // The first request, before anything else.
        lease.ControllerAnswered(At(0.5), version: 3, isHere: false, At(15)); // It had lain around.
        lease.BrokerAnswered(new(2), At(15), version: 3, At(15.1));
        lease.BrokerAnswered(new(3), At(15), version: 3, At(15.1));
        Assert.False(lease.IsHeld(At(15.1)));
        lease.ControllerAnswered(At(15), version: 4, isHere: false, At(15.2));
        Assert.False(lease.IsHeld(At(15.2))); // Something happened meanwhile, perhaps to what it led.
        lease.CarriedOut(Brokers(3).Apply(new MetadataEvent.ProducerIdsAllocated(Self, 1)), Self, At(15.3));
        Assert.True(lease.IsHeld(At(15.3)));
    }

    [Fact]
    public void While_the_controller_moves_half_of_the_brokers_are_enough()
    {
        var lease = Held(brokers: 3, at: At(0));
        for (var s = 1.0; s < 30; s++)
        {
            Assert.True(lease.NeedsOthers(At(s)));
            lease.BrokerAnswered(new(3), At(s), version: 3, At(s + 0.1));
            Assert.True(lease.IsHeld(At(s + 1)));
        }
    }

    /// <summary>Found by simulation: a broker that was cut off from the controller in the moment in which that let another one lead
    /// went on serving, as long as the third broker answered, and told groups old offsets.</summary>
    [Fact]
    public void Who_knows_more_than_this_broker_proves_nothing_until_it_has_been_told_as_well()
    {
        var lease = Held(brokers: 3, at: At(0));
        lease.BrokerAnswered(new(3), At(1), version: 4, At(1.1));
        Assert.Equal(At(2), lease.HeldUntil);
        lease.Told(4); // That it takes long to carry out does not matter.
        lease.Look(At(1.5));
        Assert.Equal(At(3), lease.HeldUntil);
    }

    /// <summary>Found by simulation: of three brokers one was cut off from another one and fenced it, then it was cut off from the
    /// third. It took itself for half of the two that serve, and served on, while the others had made a controller who fenced it.
    /// </summary>
    [Fact]
    public void Who_has_fenced_others_may_itself_be_the_one_that_is_cut_off()
    {
        var lease = Held(brokers: 3, at: At(0), isHere: true);
        lease.CarriedOut(Brokers(3).Apply(Fenced(3)), Self, At(1));
        lease.ControllerAnswered(At(1.5), version: 4, isHere: true, At(1.5));
        Assert.False(lease.IsHeld(At(2.1)));
        lease = Held(brokers: 3, at: At(0), isHere: true);
        lease.CarriedOut(Brokers(3).Apply(Fenced(3)), Self, At(1));
        lease.BrokerAnswered(new(2), At(1.4), version: 4, At(1.4));
        lease.ControllerAnswered(At(1.5), version: 4, isHere: true, At(1.5));
        Assert.Equal(At(3.4), lease.HeldUntil);
    }

    [Fact]
    public void The_only_voter_needs_nobody()
    {
        var lease = Held(brokers: 3, at: At(0), isHere: true, voters: 1);
        lease.ControllerAnswered(At(1.5), version: 3, isHere: true, At(1.5));
        Assert.True(lease.IsHeld(At(3)));
    }

    [Fact]
    public void Half_of_the_voters_are_enough_where_other_brokers_are_gone()
    {
        var lease = Held(brokers: 6, at: At(0), voters: 3);
        lease.BrokerAnswered(new(2), At(1), version: 6, At(1));
        Assert.Equal(At(3), lease.HeldUntil);
    }

    [Fact]
    public void Of_five_brokers_one_other_is_too_few()
    {
        var lease = Held(brokers: 5, at: At(0));
        lease.BrokerAnswered(new(2), At(1), version: 5, At(1));
        Assert.False(lease.IsHeld(At(2.5)));
        lease = Held(brokers: 5, at: At(0));
        lease.BrokerAnswered(new(2), At(1), version: 5, At(1));
        lease.BrokerAnswered(new(3), At(1.5), version: 5, At(1.5));
        Assert.Equal(At(3), lease.HeldUntil);
    }

    [Fact]
    public void The_survivor_of_two_goes_on_as_long_as_it_does_not_stand_still()
    {
        var lease = Held(brokers: 2, at: At(0));
        for (var s = 1; s < 30; s++)
        {
            lease.Look(At(s));
            Assert.True(lease.IsHeld(At(s + 1)));
        }
        lease.Look(At(40));
        Assert.False(lease.IsHeld(At(40)));
    }

    [Fact]
    public void A_broker_that_is_the_whole_cluster_always_serves_until_another_one_comes()
    {
        var lease = new BrokerLease(Limit, Voters(1));
        lease.CarriedOut(Brokers(1), Self, At(0));
        Assert.True(lease.IsHeld(At(1e6)));
        lease.CarriedOut(Brokers(2), Self, At(1e6));
        Assert.Equal(At(1e6) + Limit, lease.HeldUntil);
    }

    [Fact]
    public void A_controller_that_stood_still_with_this_broker_proves_nothing()
    {
        var lease = Held(brokers: 3, at: At(0), isHere: true);
        lease.ControllerAnswered(At(15), version: 3, isHere: true, At(15));
        Assert.False(lease.IsHeld(At(15)));
        lease.BrokerAnswered(new(2), At(15), version: 4, At(15.1)); // There is another controller by now.
        Assert.False(lease.IsHeld(At(15.1)));
        lease = Held(brokers: 3, at: At(0), isHere: true);
        lease.ControllerAnswered(At(16), version: 3, isHere: true, At(16));
        lease.BrokerAnswered(new(2), At(16), version: 3, At(16.1)); // Nobody has replaced it.
        Assert.Equal(At(18), lease.HeldUntil);
        lease.ControllerAnswered(At(18), version: 3, isHere: true, At(18));
        Assert.False(lease.IsHeld(At(18.1))); // Cut off from the others, with a controller that cannot decide anything.
    }

    [Fact]
    public void Whatever_happens_it_is_never_held_for_longer_than_the_limit_after_a_question_that_was_answered() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var brokers = random.Next(2, 6);
            var lease = Held(brokers, At(0), isHere: random.Next(2) == 0);
            var (now, newest) = (At(0), At(0));
            for (var i = 0; i < 60; i++)
            {
                now += TimeSpan.FromSeconds(random.NextDouble() * (random.Next(10) == 0 ? 10 : 0.5));
                var (wasHeld, before) = (lease.IsHeld(now), lease.HeldUntil);
                var asked = now - TimeSpan.FromSeconds(random.NextDouble() * 3);
                var heard = random.Next(4);
                if (heard == 0) lease.ControllerAnswered(asked, brokers, random.Next(2) == 0, now);
                else if (heard == 1) lease.CarriedOut(Brokers(brokers), Self, now);
                else if (heard == 2) lease.BrokerAnswered(new(random.Next(1, brokers + 1)), asked, brokers, now);
                else lease.Look(now);
                if (heard is 0 or 2 && asked > newest) newest = asked;
                if (brokers > 2) Assert.True(lease.HeldUntil <= newest + Limit);
                else Assert.True(lease.HeldUntil <= now + Limit);
                Assert.True(lease.HeldUntil >= before);
                if (heard > 1) Assert.True(wasHeld || !lease.IsHeld(now) || newest + Limit >= now);
            }
        }).QuickCheckThrowOnFailure();

    private static BrokerLease Held(int brokers, TimeSpan at, bool isHere = false, int? voters = null)
    {
        var lease = new BrokerLease(Limit, Voters(voters ?? brokers));
        lease.CarriedOut(Brokers(brokers), Self, at);
        for (var id = 2; id <= brokers; id++) lease.BrokerAnswered(new(id), at, brokers, at);
        lease.ControllerAnswered(at, brokers, isHere, at);
        Assert.Equal(at + Limit, lease.HeldUntil);
        return lease;
    }

    private static ImmutableArray<BrokerId> Voters(int count) => [.. Enumerable.Range(1, count).Select(id => new BrokerId(id))];

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static MetadataEvent.BrokerChanged Fenced(int broker) =>
        new(new(broker), 1, IsFenced: true, IsStopping: false, IsDraining: false);

    /// <summary>As many brokers as its version says.</summary>
    private static MetadataImage Brokers(int count) => Enumerable.Range(1, count).Aggregate(
        MetadataImage.Empty,
        (image, id) => image.Apply(new MetadataEvent.BrokerRegistered(new BrokerImage(new(id), 1, [], null))));
}

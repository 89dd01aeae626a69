using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Quorum;

/// <summary>Voters and rival proposers under everything that may go wrong; see <see cref="QuorumWorld"/> for what is checked
/// after every step.</summary>
public sealed class QuorumProperties
{
    [Fact]
    public void Nothing_committed_is_ever_lost_or_changed_and_one_proposer_of_an_epoch_commits() => Check(disksFail: false);

    [Fact]
    public void Nor_while_disks_of_a_minority_are_lost_one_after_the_other() => Check(disksFail: true);

    private static void Check(bool disksFail)
    {
        var (events, elections) = (0, 0);
        Prop.ForAll(
            (from voters in Gen.Elements(1, 2, 3, 3, 3, 5)
             from steps in Gen.Choose(0, int.MaxValue).ArrayOf(600)
             select (voters, steps)).ToArbitrary(),
            c =>
            {
                var world = new QuorumWorld(c.voters, disksFail);
                world.Step(46);
                foreach (var step in c.steps) world.Step(step);
                (events, elections) = (events + world.Events, elections + world.Elections);
                world.Settle();
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
        // A world in which nothing gets done proves nothing.
        Assert.True(elections > 400, $"{elections} elections");
        Assert.True(events > 2000, $"{events} events");
    }
}

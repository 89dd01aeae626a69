using FsCheck;
using FsCheck.Fluent;

namespace ActorBroker.Core.Tests.Replication;

public sealed class ReplicationProperties
{
    /// <summary>See <see cref="ReplicationWorld"/> for what is checked after every step.</summary>
    [Fact]
    public void Nothing_acknowledged_is_lost_while_one_that_holds_all_is_left()
    {
        var (acknowledged, terms) = (0, 0);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ArrayOf(700).ToArbitrary(), steps =>
        {
            var world = new ReplicationWorld();
            foreach (var step in steps) world.Step(step);
            world.Settle();
            Assert.Equal(0, world.UncleanElections);
            (acknowledged, terms) = (acknowledged + world.Acknowledged, terms + world.Terms);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
        Assert.True(acknowledged > 500, $"{acknowledged} records acknowledged");
        Assert.True(terms > 100, $"{terms} terms");
    }
}

namespace Akka.Embedded.Tests.Processes;

public sealed class KilledNodeTests : ThreeNodes
{
    [Fact]
    public async Task When_the_oldest_is_killed_the_others_down_it_and_take_over_singleton_and_shards()
    {
        Oldest.Signal("KILL");
        var killed = Now;
        await Second.SeesUp(Second.Port, Third.Port);
        await Third.SeesUp(Second.Port, Third.Port);
        await Second.Says("singleton started");
        var homes = await Third.AskAll(Entities);
        OnlyAt(homes, Second, Third);
        NeverTwice("singleton", Oldest.Runs("singleton", killed), Second.Runs("singleton"), Third.Runs("singleton"));
        for (var id = 0; id < Entities; id++)
        {
            var entity = $"entity {id}";
            NeverTwice(entity, Oldest.Runs(entity, killed), Second.Runs(entity), Third.Runs(entity));
        }
    }
}

public sealed class RestartedNodeTests : ThreeNodes
{
    [Fact]
    public async Task A_node_that_is_killed_and_restarted_on_its_port_joins_as_a_new_one_at_once()
    {
        Third.Signal("KILL");
        await Third.Ends();
        var restarted = Start(Third.Port);
        await restarted.SeesUp(Oldest.Port, Second.Port, Third.Port);
        await Oldest.SeesUp(Oldest.Port, Second.Port, Third.Port);
        Assert.Equal(Entities, (await restarted.AskAll(Entities)).Length);
        Assert.Equal(1, Running("singleton", Oldest, Second, restarted));
        Assert.Single(Oldest.Runs("singleton"));
    }
}

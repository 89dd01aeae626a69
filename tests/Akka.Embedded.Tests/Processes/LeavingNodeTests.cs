namespace Akka.Embedded.Tests.Processes;

public sealed class LeavingNodeTests : ThreeNodes
{
    [Fact]
    public async Task The_oldest_hands_over_singleton_and_shards_before_it_leaves_and_its_process_ends()
    {
        Oldest.Order("leave");
        Assert.Equal(0, await Oldest.Ends());
        Assert.Single(Oldest.Said("terminated"));
        await Second.SeesUp(Second.Port, Third.Port);
        await Third.SeesUp(Second.Port, Third.Port);
        await Second.Says("singleton started");
        var homes = await Third.AskAll(Entities);
        OnlyAt(homes, Second, Third);
        NeverTwice("singleton", Oldest.Runs("singleton"), Second.Runs("singleton"), Third.Runs("singleton"));
        for (var id = 0; id < Entities; id++)
        {
            var entity = $"entity {id}";
            NeverTwice(entity, Oldest.Runs(entity), Second.Runs(entity), Third.Runs(entity));
        }
        Assert.DoesNotContain(Second.Said("members "), line => line.What.Contains("Down", StringComparison.Ordinal));
    }
}

namespace Akka.Embedded.Tests.Processes;

public sealed class FloodedNodeTests : ThreeNodes
{
    [Fact]
    public async Task A_node_that_is_told_more_than_the_network_takes_stays_reachable()
    {
        var before = Oldest.Said("members ").Count;
        Second.Order($"flood {Oldest.Port}");
        Third.Order($"flood {Oldest.Port}");
        await Second.Says("flooded");
        await Third.Says("flooded");
        Assert.Equal(Entities, (await Third.AskAll(Entities)).Length);
        foreach (var node in new[] { Oldest, Second, Third }) await node.SeesUp(Oldest.Port, Second.Port, Third.Port);
        Assert.Equal(before, Oldest.Said("members ").Count); // Heartbeats have overtaken the rest: nothing has changed.
    }
}

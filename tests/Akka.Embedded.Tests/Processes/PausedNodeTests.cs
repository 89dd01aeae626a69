namespace Akka.Embedded.Tests.Processes;

public sealed class PausedNodeTests : ThreeNodes
{
    [Fact]
    public async Task A_node_that_stands_still_for_ten_seconds_is_downed_and_ends_when_it_wakes_up()
    {
        Oldest.Signal("STOP");
        var stopped = Now;
        await Second.SeesUp(Second.Port, Third.Port);
        await Second.Says("singleton started");
        await Task.Delay((int)Math.Max(0, stopped + 10_000 - Now));
        Oldest.Signal("CONT");
        Assert.Equal(0, await Oldest.Ends());
        Assert.Single(Oldest.Said("terminated"));
        Assert.Equal(0, Running("singleton", Oldest));
        Assert.Equal(1, Running("singleton", Second, Third));
        await Third.SeesUp(Second.Port, Third.Port);
        OnlyAt(await Third.AskAll(Entities), Second, Third);
    }
}

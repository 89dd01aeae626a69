namespace Akka.Embedded.Tests.Processes;

/// <summary>The network between the nodes is cut, and nobody is told.</summary>
public sealed class SplitClusterTests : ThreeNodes
{
    private readonly CuttableProxy[] _proxies = [new(FreePort()), new(FreePort()), new(FreePort())];

    protected override int SeedPort => _proxies[0].Port;

    protected override int PortFor(int node) => _proxies[node].Port;

    protected override string Listening(int port) =>
        $"hostname = 127.0.0.1, port = {_proxies.Single(p => p.Port == port).Behind}, public-port = {port}";

    [Fact]
    public async Task The_majority_goes_on_and_the_minority_ends_before_its_singleton_and_shards_start_again()
    {
        _proxies[0].Cut(Second.Port, Third.Port);
        _proxies[1].Cut(Oldest.Port);
        _proxies[2].Cut(Oldest.Port);
        Assert.Equal(0, await Oldest.Ends());
        Assert.Single(Oldest.Said("terminated"));
        await Second.SeesUp(Second.Port, Third.Port);
        await Third.SeesUp(Second.Port, Third.Port);
        await Second.Says("singleton started");
        OnlyAt(await Third.AskAll(Entities), Second, Third);
        Assert.Equal(1, Running("singleton", Oldest, Second, Third));
        NeverTwice("singleton", Oldest.Runs("singleton"), Second.Runs("singleton"), Third.Runs("singleton"));
        for (var id = 0; id < Entities; id++)
        {
            var entity = $"entity {id}";
            NeverTwice(entity, Oldest.Runs(entity), Second.Runs(entity), Third.Runs(entity));
        }
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var proxy in _proxies) proxy.Dispose();
    }
}

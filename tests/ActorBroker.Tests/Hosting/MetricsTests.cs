using System.Net;
using System.Net.Sockets;
using ActorBroker.Hosting.Options;
using Akka.Actor;

namespace ActorBroker.Tests.Hosting;

/// <summary>The instruments of a broker go with it, however it goes: .NET would remember them, and the broker with them.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task A_broker_that_stops_leaves_no_instruments()
    {
        var broker = await StartAsync(7001);
        Assert.NotEmpty(Measured.Of(7001));
        await broker.DisposeAsync();
        Assert.Empty(Measured.Of(7001));
    }

    [Fact]
    public async Task A_broker_that_crashes_leaves_no_instruments()
    {
        var broker = await StartAsync(7002);
        Assert.NotEmpty(Measured.Of(7002));
        ((ExtendedActorSystem)broker.System).Abort();
        await broker.Stopped.WaitAsync(BrokerCluster.Patience);
        Assert.Empty(Measured.Of(7002));
    }

    [Fact]
    public async Task A_broker_that_can_t_start_leaves_no_instruments()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        await Assert.ThrowsAsync<BrokerConfigException>(() => StartAsync(7003, ((IPEndPoint)taken.LocalEndPoint!).Port));
        Assert.Empty(Measured.Of(7003));
    }

    private static Task<EmbeddedBroker> StartAsync(int id, int port = 0) => EmbeddedBroker.StartAsync(
        new() { Port = port, Configs = new Dictionary<string, string?> { ["broker.id"] = $"{id}" } });
}

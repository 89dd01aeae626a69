using ActorBroker.Server.Clients;
using ActorBroker.Server.Tests.Support;

namespace ActorBroker.Server.Tests.EndToEnd;

/// <summary>One broker in memory for all tests of a class; each test has topics and groups of its own.</summary>
public sealed class RunningBroker : IAsyncLifetime
{
    private EmbeddedBroker? _broker;

    public string Servers => _broker!.BootstrapServers;

    public async Task InitializeAsync() => _broker = await EmbeddedBroker.StartAsync(new()
    {
        Configs = new Dictionary<string, string?>
        {
            ["group.initial.rebalance.delay.ms"] = "0",
            ["offsets.topic.num.partitions"] = "3",
        },
    });

    public async Task DisposeAsync() => await _broker!.DisposeAsync();

    internal KafkaClient Connect() => new(new([Address]) { MaxMetadataAge = TimeSpan.FromMilliseconds(200) });

    /// <summary>Runs a command line against this broker and expects it to succeed.</summary>
    internal async Task<TestIo> RunAsync(string commandLine, string input = "")
    {
        var (exit, io) = await TestIo.RunAsync(input, [.. commandLine.Split(' '), "--bootstrap-server", Servers]);
        Assert.True(exit == 0, $"{commandLine}: {io.Error}");
        return io;
    }

    /// <summary>Runs a command line against this broker and expects it to fail. Returns what it said.</summary>
    internal async Task<string> FailAsync(string commandLine)
    {
        var (exit, io) = await TestIo.RunAsync("", [.. commandLine.Split(' '), "--bootstrap-server", Servers]);
        Assert.Equal(1, exit);
        return io.Error;
    }

    private HostAndPort Address =>
        HostAndPort.TryParse(Servers, out var address) ? address : throw new InvalidOperationException(Servers);
}

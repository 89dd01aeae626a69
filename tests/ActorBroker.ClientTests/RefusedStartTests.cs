using System.Net;
using System.Net.Sockets;
using ActorBroker.ClientTests.Processes;

namespace ActorBroker.ClientTests;

/// <summary>A broker that cannot serve says why, in one line that names the cause, and ends with an exit code.</summary>
public class RefusedStartTests
{
    [Fact]
    public async Task A_data_folder_in_use_is_refused()
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder["data"]);
        var (code, errors) = await BrokerProcess.RefusedAsync("--data", folder["data"], "--listen", "127.0.0.1:0");
        Assert.NotEqual(0, code);
        Assert.Contains(folder["data"], errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_data_of_another_broker_is_refused()
    {
        using var folder = new TempFolder();
        await using (var broker = await BrokerProcess.StartAsync(folder["data"], "broker.id=1")) await broker.StopAsync();
        var (code, errors) =
            await BrokerProcess.RefusedAsync("--data", folder["data"], "--listen", "127.0.0.1:0", "--set", "broker.id=2");
        Assert.NotEqual(0, code);
        Assert.Contains("broker.id", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log.retention.ours=5", "log.retention.ours")]
    [InlineData("log.retention.hours=soon", "log.retention.hours")]
    [InlineData("num.partitions=0", "num.partitions")]
    public async Task An_unknown_key_or_a_bad_value_is_refused(string setting, string named)
    {
        using var folder = new TempFolder();
        var (code, errors) =
            await BrokerProcess.RefusedAsync("--data", folder["data"], "--listen", "127.0.0.1:0", "--set", setting);
        Assert.NotEqual(0, code);
        Assert.Contains(named, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_value_in_a_file_is_refused_with_the_name_of_the_file()
    {
        using var folder = new TempFolder();
        var config = folder["broker.conf"];
        await File.WriteAllTextAsync(config, "actorbroker {\n  log.retention.ours = 5\n}\n");
        var (code, errors) =
            await BrokerProcess.RefusedAsync("--config", config, "--data", folder["data"], "--listen", "127.0.0.1:0");
        Assert.NotEqual(0, code);
        Assert.Contains("log.retention.ours", errors, StringComparison.Ordinal);
        Assert.Contains("broker.conf", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_refused()
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder["one"]);
        var (code, errors) = await BrokerProcess.RefusedAsync("--data", folder["two"], "--listen", broker.Bootstrap);
        Assert.NotEqual(0, code);
        Assert.Contains(broker.Port.ToString(), errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_for_other_brokers_that_is_in_use_is_refused()
    {
        using var folder = new TempFolder();
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var address = $"{taken.LocalEndPoint}";
        var (code, errors) = await BrokerProcess.RefusedAsync(
            "--config", Repository.ClusterConfig, "--data", folder["data"], "--listen", "127.0.0.1:0",
            "--set", $"akka.remote.dot-netty.tcp.port={((IPEndPoint)taken.LocalEndPoint!).Port}");
        Assert.Equal(2, code);
        Assert.Contains($"akka.remote.dot-netty.tcp: {address} can't be opened", errors, StringComparison.Ordinal);
    }
}

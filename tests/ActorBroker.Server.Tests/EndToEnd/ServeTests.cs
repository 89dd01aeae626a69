using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorBroker.Server.Commands;
using ActorBroker.Server.Tests.Support;

namespace ActorBroker.Server.Tests.EndToEnd;

public sealed class ServeTests : IDisposable
{
    private const string ReadyLine = "ActorBroker ready: kafka://127.0.0.1:";

    private readonly string _folder = Directory.CreateTempSubdirectory("actorbroker-serve-").FullName;

    [Fact]
    public async Task It_says_where_it_is_ready_serves_and_stops_with_0_when_it_is_told_to()
    {
        await using (var broker = await ServingAsync())
        {
            var (exit, _) = await TestIo.RunAsync("kept\n", "produce", "--topic", "t", "--bootstrap-server", broker.Address);
            Assert.Equal(ExitCode.Ok, exit);
            Assert.Equal(ExitCode.Ok, await broker.StopAsync());
        }
    }

    [Fact]
    public async Task What_was_sent_before_a_stop_is_there_after_the_next_start()
    {
        await using (var broker = await ServingAsync())
            await TestIo.RunAsync("kept\n", "produce", "--topic", "t", "--bootstrap-server", broker.Address);

        await using var again = await ServingAsync();
        var (_, io) = await TestIo.RunAsync(
            "", "consume", "--topic", "t", "--from-beginning", "--max-messages", "1", "--bootstrap-server", again.Address);
        Assert.Equal("kept\n", io.Out);
    }

    [Fact]
    public async Task A_data_directory_in_use_is_refused_with_a_word_why()
    {
        await using var broker = await ServingAsync();
        var (exit, io) = await TestIo.RunAsync("", "serve", "--data", _folder, "--listen", "127.0.0.1:0", "--log-level", "None");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains(_folder, io.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--set", "num.partition=3", "num.partitions")]
    [InlineData("--set", "num.partitions=many", "num.partitions")]
    [InlineData("--config", "/no/such/file", "/no/such/file")]
    [InlineData("--listen", "nowhere:port", "--listen")]
    public async Task A_wrong_configuration_exits_with_2_and_names_the_key(string flag, string value, string named)
    {
        var (exit, io) = await TestIo.RunAsync("", "serve", "--data", _folder, flag, value);
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains(named, io.Error, StringComparison.Ordinal);
        Assert.Empty(io.Out);
    }

    [Fact]
    public async Task Kafkas_server_properties_are_taken()
    {
        var file = Path.Combine(_folder, "server.properties");
        await File.WriteAllTextAsync(
            file, $"broker.id=7\nlog.dirs={_folder}/logs\nlisteners=PLAINTEXT://127.0.0.1:0\nnum.partitions=5\n");
        await using var broker = await ServingAsync("--config", file);
        await TestIo.RunAsync("", "topics", "create", "--topic", "five", "--bootstrap-server", broker.Address);
        var (_, io) = await TestIo.RunAsync(
            "", "topics", "describe", "--topic", "five", "--json", "--bootstrap-server", broker.Address);
        Assert.Equal(5, io.Json[0].GetProperty("partitions").GetArrayLength());
        Assert.Equal(7, io.Json[0].GetProperty("partitions")[0].GetProperty("leader").GetInt32());
    }

    [Fact]
    public async Task It_stops_when_it_is_told_to_while_it_waits_for_its_cluster()
    {
        var (port, nobody) = (Ports.Free(), Ports.Free());
        using var stop = new CancellationTokenSource();
        var serving = Cli.RunAsync(
            ["serve", "--log-level", "None", "--data", _folder, "--listen", "127.0.0.1:0", "--set", "akka.actor.provider=cluster",
                "--set", "akka.remote.dot-netty.tcp.hostname=\"127.0.0.1\"", "--set", $"akka.remote.dot-netty.tcp.port={port}",
                "--set", $"akka.cluster.seed-nodes=[\"akka.tcp://actorbroker@127.0.0.1:{nobody}\"]",
                "--set", $"controller.quorum.voters=1@127.0.0.1:{nobody}"],
            new(Stream.Null, Stream.Null, TextWriter.Null, InIsTerminal: false, ErrorIsTerminal: false), stop.Token);
        await UntilListeningAsync(port).WaitAsync(TimeSpan.FromSeconds(120));
        Assert.False(serving.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, await serving.WaitAsync(TimeSpan.FromSeconds(120)));
    }

    private static async Task UntilListeningAsync(int port)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await pause.WaitForNextTickAsync())
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<Serving> ServingAsync(params string[] flags) =>
        Serving.StartAsync(
            ["serve", "--log-level", "None", .. flags is [] ? ["--data", _folder, "--listen", "127.0.0.1:0"] : flags]);

    /// <summary><c>serve</c> in this process.</summary>
    private sealed class Serving : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ReadyStream _out = new();
        private readonly StringWriter _error = new();
        private readonly Task<int> _running;

        private Serving(string[] args) =>
            _running = Cli.RunAsync(
                args, new(Stream.Null, _out, _error, InIsTerminal: false, ErrorIsTerminal: false), _stop.Token);

        public string Address { get; private set; } = "";

        public static async Task<Serving> StartAsync(string[] args)
        {
            var serving = new Serving(args);
            var first = await Task.WhenAny(serving._out.FirstLine, serving._running).WaitAsync(TimeSpan.FromSeconds(120));
            Assert.True(first == serving._out.FirstLine, serving._error.ToString());
            var line = await serving._out.FirstLine;
            Assert.StartsWith(ReadyLine, line, StringComparison.Ordinal);
            serving.Address = line["ActorBroker ready: kafka://".Length..].Trim();
            return serving;
        }

        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            return await _running.WaitAsync(TimeSpan.FromSeconds(120));
        }

        public async ValueTask DisposeAsync() => await StopAsync();
    }

    /// <summary>Completes when something was written.</summary>
    private sealed class ReadyStream : MemoryStream
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => _line.Task;

        public override void Flush()
        {
            if (Length > 0) _line.TrySetResult(Encoding.UTF8.GetString(ToArray()));
        }
    }
}

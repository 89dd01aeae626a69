using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorBroker.Benchmarks.Sockets;
using ActorBroker.Server.Clients;

namespace ActorBroker.Benchmarks.Cluster;

/// <summary>Brokers 1 to N in processes of their own, run by <c>ops/local-cluster.sh</c> with the settings of
/// <c>hocon/cluster.conf</c>, in a temporary folder.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private const string ControllerStarts = "Controller starts at metadata version";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorbroker-cluster-");
    private readonly Dictionary<string, string> _environment = [];
    private readonly int _kafkaPort;

    private LocalCluster(int count, string[] settings)
    {
        Ids = [.. Enumerable.Range(1, count)];
        _kafkaPort = FreePorts(2 * count);
        _environment["ACTORBROKER_CLUSTER_DIR"] = _folder.FullName;
        _environment["ACTORBROKER_CLUSTER_KAFKA_PORT"] = Text(_kafkaPort);
        _environment["ACTORBROKER_CLUSTER_REMOTE_PORT"] = Text(_kafkaPort + count);
        _environment["ACTORBROKER_CLUSTER_ARGS"] = string.Join(' ', settings.Select(setting => $"--set {setting}"));
    }

    public int[] Ids { get; }

    public HostAndPort[] Addresses => [.. Ids.Select(id => new HostAndPort("127.0.0.1", PortOf(id)))];

    public static async Task<LocalCluster> StartAsync(int count, params string[] settings)
    {
        var cluster = new LocalCluster(count, settings);
        await cluster.RunAsync("start", Text(count));
        return cluster;
    }

    public int PortOf(int id) => _kafkaPort + id - 1;

    public int BrokerAt(int port) => port - _kafkaPort + 1;

    /// <summary>User and system seconds of the broker's process until now.</summary>
    public double CpuSeconds(int id)
    {
        using var process = ProcessOf(id);
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>kill -9.</summary>
    /// <returns>When.</returns>
    public long Kill(int id)
    {
        using var process = ProcessOf(id);
        var now = Stopwatch.GetTimestamp();
        process.Kill();
        return now;
    }

    /// <summary>Starts a broker again; it serves when the task ends.</summary>
    public Task RestartAsync(int id) => RunAsync("restart", Text(id));

    /// <summary>The broker whose log says last that the controller starts there; the lines begin with their time.</summary>
    public int Controller() => Ids.MaxBy(
        id => File.ReadLines(Path.Combine(Home(id), "err.log"))
            .LastOrDefault(line => line.Contains(ControllerStarts, StringComparison.Ordinal)),
        StringComparer.Ordinal);

    public ValueTask DisposeAsync()
    {
        foreach (var id in Ids)
        {
            try
            {
                using var process = ProcessOf(id);
                process.Kill();
                process.WaitForExit();
            }
            catch (Exception e) when (e is ArgumentException or IOException)
            {
                // It does not run.
            }
        }
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private Process ProcessOf(int id) => Process.GetProcessById(
        int.Parse(File.ReadAllText(Path.Combine(Home(id), "pid")), CultureInfo.InvariantCulture));

    private string Home(int id) => Path.Combine(_folder.FullName, $"broker-{id}");

    private async Task RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Path.Combine(ServerProcess.Root(), "ops", "local-cluster.sh"), arguments)
        { RedirectStandardOutput = true };
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"local-cluster.sh {string.Join(' ', arguments)} failed: {output}");
    }

    /// <summary>The first of so many ports in a row that are free now.</summary>
    private static int FreePorts(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(20_000, 30_000);
            if (Enumerable.Range(first, count).All(IsFree)) return first;
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

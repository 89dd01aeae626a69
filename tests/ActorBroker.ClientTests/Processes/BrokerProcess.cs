namespace ActorBroker.ClientTests.Processes;

/// <summary>
/// The real executable, <c>actorbroker serve</c>, on a free port and a data folder; it can be killed and started again.
/// </summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private const string Ready = "ActorBroker ready: kafka://";
    private readonly string[] _arguments;
    private ChildProcess _process;
    private string _earlierLogs = "";

    private BrokerProcess(string data, string[] arguments, ChildProcess process, string bootstrap)
    {
        Data = data;
        _arguments = arguments;
        _process = process;
        Bootstrap = bootstrap;
    }

    public string Data { get; }

    /// <summary><c>host:port</c>, the same after a restart.</summary>
    public string Bootstrap { get; }

    public int Port => int.Parse(Bootstrap[(Bootstrap.LastIndexOf(':') + 1)..]);

    /// <summary>What the broker that runs now has logged.</summary>
    public string Log => _process.Errors;

    /// <summary>The same, and what came before each restart.</summary>
    public string AllLogs => _earlierLogs + Log;

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <param name="data">The data folder.</param>
    /// <param name="settings"><c>key=value</c>, each given as <c>--set</c>.</param>
    public static Task<BrokerProcess> StartAsync(string data, params string[] settings) =>
        StartAsync(data, $"127.0.0.1:{Ports.Free()}", "", settings);

    /// <param name="data">The data folder.</param>
    /// <param name="listen"><c>host:port</c> for clients.</param>
    /// <param name="config">A configuration file; empty: none.</param>
    /// <param name="settings"><c>key=value</c>, each given as <c>--set</c>.</param>
    public static async Task<BrokerProcess> StartAsync(string data, string listen, string config, string[] settings)
    {
        string[] arguments =
        [
            .. config.Length == 0 ? [] : new[] { "--config", config },
            .. settings.SelectMany(setting => new[] { "--set", setting }),
        ];
        var (process, bootstrap) = await LaunchAsync(data, listen, arguments);
        return new(data, arguments, process, bootstrap);
    }

    /// <summary>Starts a broker that is expected to refuse; what it said on standard error, and its exit code.</summary>
    public static async Task<(int Code, string Errors)> RefusedAsync(params string[] arguments)
    {
        await using var process = ChildProcess.Start(Repository.Broker, ["serve", .. arguments]);
        var code = await process.ExitAsync();
        return (code, process.Errors);
    }

    /// <summary>kill -9: what was not yet written to the page cache is lost.</summary>
    public async Task KillAsync()
    {
        _process.Signal("KILL");
        await _process.ExitAsync();
    }

    /// <summary>SIGTERM; the exit code of the clean stop.</summary>
    public async Task<int> StopAsync()
    {
        _process.Signal("TERM");
        return await _process.ExitAsync();
    }

    /// <summary>SIGSTOP: the process stands still, and knows nothing of it when it goes on.</summary>
    public void Pause() => _process.Signal("STOP");

    public void Continue() => _process.Signal("CONT");

    /// <summary>Starts again on the same port and folder.</summary>
    public async Task StartAgainAsync()
    {
        var ended = _process;
        (_process, _) = await LaunchAsync(Data, Bootstrap, _arguments);
        await ended.DisposeAsync();
        _earlierLogs += ended.Errors;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<(ChildProcess Process, string Bootstrap)> LaunchAsync(
        string data, string listen, string[] arguments)
    {
        var process = ChildProcess.Start(
            Repository.Broker,
            ["serve", "--data", data, "--listen", listen, .. arguments]);
        try
        {
            var line = await process.LineAsync(line => line.StartsWith(Ready, StringComparison.Ordinal));
            return (process, line[Ready.Length..]);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}

using System.Diagnostics;

namespace ActorBroker.Benchmarks.Sockets;

/// <summary>A server in a process of its own: the broker, or a bare one. Its CPU seconds and memory can be read.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private ServerProcess(Process process, DirectoryInfo folder, int port, TimeSpan started)
    {
        _process = process;
        _folder = folder;
        Port = port;
        Started = started;
    }

    public int Port { get; }

    /// <summary>From starting the process to its first line, which says that it serves.</summary>
    public TimeSpan Started { get; }

    /// <summary>User and system seconds until now.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>The real executable, with the runtime settings that it is shipped with.</summary>
    public static ServerProcess Broker(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("actorbroker-bench-");
        string[] set = [.. settings.SelectMany(setting => new[] { "--set", setting })];
        return Start(
            Path.Combine(Root(), "src", "ActorBroker.Server", "bin", "Release", "net10.0", "actorbroker"),
            ["serve", "--data", folder.FullName, "--listen", "127.0.0.1:0", .. set],
            folder,
            line => line.StartsWith("ActorBroker ready", StringComparison.Ordinal)
                ? int.Parse(line[(line.LastIndexOf(':') + 1)..]) : null);
    }

    /// <summary>This program again, as a bare server.</summary>
    public static ServerProcess Bare(string mode)
    {
        var folder = Directory.CreateTempSubdirectory("actorbroker-bench-");
        return Start(Environment.ProcessPath!, ["bare", mode, folder.FullName], folder, line => int.Parse(line));
    }

    /// <summary>This program again, as the other system of remoting.</summary>
    public static ServerProcess RemotePeer(string mode) => Start(Environment.ProcessPath!, ["remote-peer", mode],
        Directory.CreateTempSubdirectory("actorbroker-bench-"), line => int.TryParse(line, out var port) ? port : null);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static ServerProcess Start(
        string program, IEnumerable<string> arguments, DirectoryInfo folder, Func<string, int?> port)
    {
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        while (process.StandardOutput.ReadLine() is { } line)
            if (port(line) is { } found) return new(process, folder, found, Stopwatch.GetElapsedTime(started));
        throw new InvalidOperationException($"{program} ended before it served");
    }

    /// <summary>Where these sources are.</summary>
    internal static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ActorBroker.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("no ActorBroker.sln above this program");
    }
}

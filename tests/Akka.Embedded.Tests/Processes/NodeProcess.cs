using System.Diagnostics;
using System.Globalization;

namespace Akka.Embedded.Tests.Processes;

/// <summary>A node in a process of its own, and the lines that it has said.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    // Far above what a busy machine needs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly Task _reading;

    private NodeProcess(Process process, int port)
    {
        _process = process;
        Port = port;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Where others reach it.</summary>
    public int Port { get; }

    public static NodeProcess Start(int port, string hocon)
    {
        var start = new ProcessStartInfo(Executable(), [hocon])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new(Process.Start(start)!, port);
    }

    /// <summary>Sends <c>KILL</c>, <c>STOP</c> or <c>CONT</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        Assert.True(kill.WaitForExit(Patience), $"kill -{name} does not end");
    }

    public void Order(string order) => _process.StandardInput.WriteLine(order);

    /// <summary>Waits until it says, or has said, a line that begins so.</summary>
    public Task Says(string line) => Until(() => Said(line).Count > 0, $"[{line}]");

    /// <summary>Waits until the last it has said of the members is just this: all of them Up, none unreachable.</summary>
    public Task SeesUp(params int[] ports)
    {
        var wanted = $"members {string.Join(',', ports.Order().Select(p => $"{p}=Up"))} unreachable ";
        return Until(() => Said("members ") is [.., var last] && last.What == wanted, $"[{wanted}]");
    }

    /// <summary>Asks entities 0 to <paramref name="count"/> - 1; the port of the node that each answered from.</summary>
    public async Task<int[]> AskAll(int count)
    {
        var before = Said("entities ").Count;
        Order($"ask {count}");
        await Until(() => Said("entities ").Count > before, "answers of all entities");
        return [.. Said("entities ")[before].What["entities ".Length..].Split(',')
            .Select(answer => int.Parse(answer[(answer.IndexOf('@') + 1)..], CultureInfo.InvariantCulture))];
    }

    /// <summary>Waits for the end of the process; its exit code.</summary>
    public async Task<int> Ends()
    {
        await Until(() => _process.HasExited, "its end");
        await _reading.WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>The lines with that beginning, and when they were said.</summary>
    public IReadOnlyList<(long At, string What)> Said(string beginning)
    {
        lock (_lines)
        {
            return [.. from line in _lines
                       where line.StartsWith("@ ", StringComparison.Ordinal)
                       let space = line.IndexOf(' ', 2)
                       let what = line[(space + 1)..]
                       where what.StartsWith(beginning, StringComparison.Ordinal)
                       select (long.Parse(line.AsSpan(2, space - 2), CultureInfo.InvariantCulture), what)];
        }
    }

    /// <summary>When something ran here: from "started" to "stopped"; to <paramref name="end"/> where it did not stop.</summary>
    public IEnumerable<(long From, long To)> Runs(string what, long end = long.MaxValue)
    {
        var (starts, stops) = (Said($"{what} started"), Said($"{what} stopped"));
        return starts.Select((start, n) => (start.At, n < stops.Count ? stops[n].At : end));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _reading.WaitAsync(Patience);
        _process.Dispose();
    }

    public override string ToString()
    {
        lock (_lines) return $"node {Port}:\n  {string.Join("\n  ", _lines)}";
    }

    private async Task Until(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Patience, $"no {what} from {this}");
            await Task.Delay(20);
        }
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
            lock (_lines) _lines.Add(line);
    }

    // Built beside this project, in the same configuration.
    private static string Executable() => AppContext.BaseDirectory.TrimEnd('/')
        .Replace("/Akka.Embedded.Tests/", "/Akka.Embedded.TestNode/", StringComparison.Ordinal) + "/Akka.Embedded.TestNode";
}

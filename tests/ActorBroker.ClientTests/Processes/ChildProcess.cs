using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace ActorBroker.ClientTests.Processes;

/// <summary>A child process whose output lines are read as they come, so that a test can wait for one.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>How long any wait of a test may take before it fails; far above what a loaded machine needs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _errors = new();
    private readonly Task _output;

    private ChildProcess(Process process)
    {
        _process = process;
        _output = Task.WhenAll(ReadLinesAsync(), ReadErrorsAsync());
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>What the process wrote to standard error until now.</summary>
    public string Errors
    {
        get { lock (_errors) return _errors.ToString(); }
    }

    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
    }

    /// <summary>Runs a program to its end; its lines.</summary>
    /// <exception cref="ProcessFailedException">It ended with another code than 0, or not in time.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string program, IEnumerable<string> arguments, IEnumerable<string>? input = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var child = Start(program, arguments, environment);
        await child.WriteAsync(input ?? []);
        var code = await child.ExitAsync();
        return code == 0
            ? await child.RestOfLinesAsync().ToListAsync()
            : throw new ProcessFailedException($"{program} ended with {code}: {child.Errors}");
    }

    /// <summary>Gives it these lines as its input, and no more. One that does not take them will say why.</summary>
    public async Task WriteAsync(IEnumerable<string> lines)
    {
        try
        {
            foreach (var line in lines) await Input.WriteAsync(line + "\n").WaitAsync(Patience);
            Input.Close();
        }
        catch (IOException)
        {
            // It has ended: its exit code and its errors tell more.
        }
    }

    /// <summary>The next line of standard output; null at its end.</summary>
    public async Task<string?> NextLineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await _lines.Reader.WaitToReadAsync(patience.Token) && _lines.Reader.TryRead(out var line) ? line : null;
        }
        catch (OperationCanceledException)
        {
            throw new ProcessFailedException(
                $"{_process.StartInfo.FileName} printed nothing for {Patience.TotalSeconds} s: {Errors}");
        }
    }

    /// <summary>Reads lines until one that <paramref name="wanted"/> takes.</summary>
    public async Task<string> LineAsync(Func<string, bool> wanted)
    {
        while (await NextLineAsync() is { } line)
            if (wanted(line)) return line;
        throw new ProcessFailedException($"{_process.StartInfo.FileName} ended before the line that was waited for: {Errors}");
    }

    /// <summary>Waits for the end of the process; its exit code.</summary>
    public Task<int> ExitAsync() => ExitAsync(Patience);

    /// <summary>The same, for one that may take longer than most.</summary>
    public async Task<int> ExitAsync(TimeSpan atMost)
    {
        using var patience = new CancellationTokenSource(atMost);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new ProcessFailedException(
                $"{_process.StartInfo.FileName} did not end within {atMost.TotalSeconds} s: {Errors}");
        }

        await OutputAsync();
        return _process.ExitCode;
    }

    public IAsyncEnumerable<string> RestOfLinesAsync() => _lines.Reader.ReadAllAsync();

    /// <summary>Sends a signal, such as <c>TERM</c>, <c>KILL</c>, <c>STOP</c> or <c>CONT</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString()]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await OutputAsync();
        _process.Dispose();
    }

    /// <summary>Until all that it wrote is read. A child of its own that has its output too, and goes on, is not waited
    /// for.</summary>
    private async Task OutputAsync()
    {
        try
        {
            await _output.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new ProcessFailedException(
                $"{_process.StartInfo.FileName} has ended, and somebody still has its output: {Errors}");
        }
    }

    private async Task ReadLinesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line) _lines.Writer.TryWrite(line);
        _lines.Writer.Complete();
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
            lock (_errors) _errors.AppendLine(line);
    }
}

/// <summary>A child process did not do what a test needs of it.</summary>
internal sealed class ProcessFailedException(string message) : Exception(message);

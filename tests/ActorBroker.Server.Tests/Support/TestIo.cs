using System.Text;
using System.Text.Json;
using ActorBroker.Server.Commands;

namespace ActorBroker.Server.Tests.Support;

/// <summary>Runs a command line in this process and keeps what it wrote.</summary>
internal sealed class TestIo
{
    private readonly MemoryStream _out = new();
    private readonly StringWriter _error = new();

    public string Out => Encoding.UTF8.GetString(_out.ToArray());

    public string Error => _error.ToString();

    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static async Task<(int Exit, TestIo Io)> RunAsync(string input, params string[] args)
    {
        var io = new TestIo();
        using var stdin = new MemoryStream(Encoding.UTF8.GetBytes(input));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        var exit = await Cli.RunAsync(
            args, new(stdin, io._out, io._error, InIsTerminal: false, ErrorIsTerminal: false), limit.Token);
        return (exit, io);
    }
}

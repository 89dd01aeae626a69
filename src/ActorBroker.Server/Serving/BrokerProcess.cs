using System.Text;
using ActorBroker.Hosting.Options;
using ActorBroker.Server.Commands;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Server.Serving;

/// <summary>A broker that is this process: starts, says so on standard output, and stops when it is told to.</summary>
internal static class BrokerProcess
{
    /// <summary>Socket completions run on the thread that polls the sockets: a hand-off less for each request.</summary>
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <param name="stop">Cancelled by SIGTERM and SIGINT.</param>
    /// <exception cref="UsageException">The configuration is wrong.</exception>
    /// <exception cref="IOException">A data directory cannot be used.</exception>
    public static async Task<int> RunAsync(
        CommandIo io, string? configFile, IEnumerable<KeyValuePair<string, string?>> keys, LogLevel level, CancellationToken stop)
    {
        // Read by the runtime at the first socket; who has set it already knows better.
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
            Environment.SetEnvironmentVariable(InlineCompletions, "1");

        using var logging = StandardErrorLogging.Create(level);
        try
        {
            await using var broker = await EmbeddedBroker.StartAsync(BrokerOptions.Load(configFile, keys), logging, stop);
            io.Out.Write(Encoding.UTF8.GetBytes($"ActorBroker ready: kafka://{broker.BootstrapServers}\n"));
            io.Out.Flush();

            var told = Task.Delay(Timeout.Infinite, stop);
            await Task.WhenAny(told, broker.Stopped);
            return told.IsCompleted ? ExitCode.Ok : ExitCode.Failed; // Stopped on its own: its log says why.
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Ok; // Told to stop before it served.
        }
        catch (BrokerConfigException e)
        {
            throw new UsageException(e.Message);
        }
    }
}

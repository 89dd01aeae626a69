using System.CommandLine;
using ActorBroker.Protocol.Records;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary>The command line: parses, runs a verb, and says by the exit code how it went.</summary>
internal static class Cli
{
    public static async Task<int> RunAsync(string[] args, CommandIo io, CancellationToken cancellation)
    {
        var root = new RootCommand("ActorBroker: a distributed log broker that speaks Kafka's protocol");
        root.Add(ServeCommand.Create(io));
        if (args is not ["serve", ..]) // A broker starts a little faster without the others.
        {
            root.Add(TopicsCommand.Create(io));
            root.Add(ProduceCommand.Create(io));
            root.Add(ConsumeCommand.Create(io));
            root.Add(GroupsCommand.Create(io));
            root.Add(ClusterCommand.Create(io));
            root.Add(LogDirsCommand.Create(io));
            root.Add(LogCommand.Create(io));
        }
        var parsed = root.Parse(ScriptStyle.Normalize(args));
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) io.Error.WriteLine($"error: {error.Message}");
            io.Error.WriteLine($"Try: actorbroker {string.Join(' ', args.TakeWhile(a => !a.StartsWith('-')))} --help");
            return ExitCode.Usage;
        }
        try
        {
            var helpText = new StreamWriter(io.Out) { AutoFlush = true };
            return await parsed.InvokeAsync(
                new()
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                    Output = helpText,
                    Error = io.Error,
                },
                cancellation);
        }
        catch (UsageException e)
        {
            io.Error.WriteLine($"error: {e.Message}");
            return ExitCode.Usage;
        }
        catch (
            Exception e) when (e is KafkaException or NoBrokerException or TopicNotFoundException or InvalidDataException
                or RecordFormatException or IOException or TimeoutException or UnauthorizedAccessException)
        {
            io.Error.WriteLine($"error: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            io.Error.WriteLine("stopped");
            return ExitCode.Failed;
        }
    }
}

using System.CommandLine;
using ActorBroker.Server.Clients;
using ActorBroker.Server.Serving;
using Microsoft.Extensions.Logging;

namespace ActorBroker.Server.Commands;

/// <summary><c>serve</c>: runs a broker until a signal ends it.</summary>
internal static class ServeCommand
{
    public static Command Create(CommandIo io)
    {
        var config = new Option<string?>("--config", "-c")
        {
            Description = "Configuration: HOCON, or a Kafka server.properties",
            HelpName = "FILE",
        };
        var data = new Option<string?>("--data", "-d")
        {
            Description = "Where the logs are; ./data if neither this nor the configuration says",
            HelpName = "DIR",
        };
        var listen = new Option<string?>("--listen", "-l")
        {
            Description =
                "Where Kafka clients connect; 127.0.0.1:9092 if neither this nor the configuration says. Port 0: any free one",
            HelpName = "HOST:PORT",
        };
        var set = new Option<string[]>("--set", "--override")
        {
            Description = "One key of the configuration, over the file; may be repeated",
            HelpName = "KEY=VALUE",
        };
        var level = new Option<LogLevel>("--log-level")
        {
            DefaultValueFactory = _ => LogLevel.Information,
            Description = "What is logged to standard error",
        };
        var command = new Command("serve", "Run a broker") { config, data, listen, set, level };
        command.SetAction((parsed, cancellation) =>
        {
            var keys = new List<KeyValuePair<string, string?>>();
            if (parsed.GetValue(data) is { } directory) keys.Add(new("log.dirs", directory));
            if (parsed.GetValue(listen) is { } address) keys.Add(new("listeners", ListenerOf(address)));
            keys.AddRange(
                KeyValues.Parse(set.Name, parsed.GetValue(set)).Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
            return BrokerProcess.RunAsync(io, parsed.GetValue(config), keys, parsed.GetValue(level), cancellation);
        });
        return command;
    }

    private static string ListenerOf(string address) => HostAndPort.TryParse(address, out var parsed)
        ? $"PLAINTEXT://{parsed}"
        : throw new UsageException($"--listen: '{address}' is not HOST:PORT");
}

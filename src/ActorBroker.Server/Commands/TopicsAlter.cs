using System.CommandLine;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>topics alter</c>: more partitions, other configuration.</summary>
internal static class TopicsAlter
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var topic = new Option<string>("--topic") { Required = true, Description = "The topic's name" };
        var partitions = new Option<int?>("--partitions")
        {
            Description = "Number of partitions that it shall have; never fewer than it has",
        };
        var config = new Option<string[]>("--config", "--add-config") { Description = "KEY=VALUE to set; may be repeated" };
        var delete = new Option<string[]>("--delete-config") { Description = "KEY to set back to its default; may be repeated" };
        var command = new Command(
            "alter", "Add partitions to a topic, or change its configuration") { topic, partitions, config, delete };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = parsed.GetRequiredValue(topic);
            var set = KeyValues.Parse(config.Name, parsed.GetValue(config)).ToDictionary();
            var remove = parsed.GetValue(delete) ?? [];
            if (parsed.GetValue(partitions) is null && set.Count == 0 && remove.Length == 0)
                throw new UsageException("Say what to alter: --partitions, --config or --delete-config");

            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var admin = new TopicAdmin(client);
            if (parsed.GetValue(partitions) is { } count) await admin.AddPartitionsAsync(name, count, cancellation);
            if (set.Count > 0 || remove.Length > 0) await admin.AlterConfigAsync(name, set, remove, cancellation);
            cluster.Output(parsed, io).Result(new { topic = name, altered = true }, $"Altered topic {name}.");
            return ExitCode.Ok;
        });
        return command;
    }
}

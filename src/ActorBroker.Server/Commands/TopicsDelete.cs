using System.CommandLine;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>topics delete</c>.</summary>
internal static class TopicsDelete
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var topic = new Option<string>("--topic")
        {
            Required = true,
            Description = "The topic's name, or several with commas between",
        };
        var ifExists = new Option<bool>("--if-exists") { Description = "Do nothing where there is no such topic" };
        var command = new Command("delete", "Delete topics and all their records") { topic, ifExists };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var output = cluster.Output(parsed, io);
            foreach (
                var name in parsed.GetRequiredValue(topic)
                    .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                try
                {
                    await new TopicAdmin(client).DeleteAsync(name, cancellation);
                    output.Result(new { topic = name, deleted = true }, $"Deleted topic {name}.");
                }
                catch (TopicNotFoundException e) when (parsed.GetValue(ifExists))
                {
                    output.Result(new { topic = name, deleted = false }, $"{e.Message}.");
                }
            }
            return ExitCode.Ok;
        });
        return command;
    }
}

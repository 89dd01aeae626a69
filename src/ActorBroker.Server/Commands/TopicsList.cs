using System.CommandLine;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>topics list</c>.</summary>
internal static class TopicsList
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var excludeInternal = new Option<bool>("--exclude-internal")
        {
            Description = "Leave out topics that belong to the brokers",
        };
        var command = new Command("list", "List all topics") { excludeInternal };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var metadata = await new TopicAdmin(client).ListAsync(null, cancellation);
            var names = metadata.Response.Topics.Where(
                t => t.Name is not null && !(t.IsInternal && parsed.GetValue(excludeInternal)))
                .Select(t => t.Name!).Order(StringComparer.Ordinal).ToArray();
            var output = cluster.Output(parsed, io);
            if (output.IsJson) output.Json(names);
            else foreach (var name in names) output.Line(name);
            return ExitCode.Ok;
        });
        return command;
    }
}

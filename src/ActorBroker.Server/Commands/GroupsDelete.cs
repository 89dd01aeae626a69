using System.CommandLine;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>groups delete</c>.</summary>
internal static class GroupsDelete
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var group = new Option<string[]>("--group", "-g") { Required = true, Description = "The group; may be repeated" };
        var command = new Command("delete", "Delete consumer groups that have no members, and their offsets") { group };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var output = cluster.Output(parsed, io);
            foreach (var name in parsed.GetRequiredValue(group))
            {
                await new GroupAdmin(client).DeleteAsync(name, cancellation);
                output.Result(new { group = name, deleted = true }, $"Deleted group {name}.");
            }
            return ExitCode.Ok;
        });
        return command;
    }
}

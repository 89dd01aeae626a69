using System.CommandLine;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>groups list</c>.</summary>
internal static class GroupsList
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var state = new Option<bool>("--state") { Description = "Show the groups' states too" };
        var command = new Command("list", "List all consumer groups") { state };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var groups = await new GroupAdmin(client).ListAsync(cancellation);
            var output = cluster.Output(parsed, io);
            if (output.IsJson)
                output.Json(groups.Select(g => new { group = g.GroupId, protocolType = g.ProtocolType, state = g.GroupState }));
            else if (parsed.GetValue(state))
                output.Table(["GROUP", "STATE"], groups.Select(g => new[] { g.GroupId, g.GroupState }));
            else foreach (var group in groups) output.Line(group.GroupId);
            return ExitCode.Ok;
        });
        return command;
    }
}

using System.CommandLine;
using ActorBroker.Protocol;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>cluster decommission</c>: empties a broker.</summary>
internal static class ClusterDecommission
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var id = new Argument<int>("ID") { Description = "The broker's number" };
        var command = new Command(
            "decommission", "Move all replicas away from a broker, and place nothing new there; it can be stopped then") { id };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var broker = parsed.GetValue(id);
            var moving = await new ClusterAdmin(client).DecommissionAsync(new BrokerId(broker), cancellation);
            cluster.Output(parsed, io).Result(
                new { broker, movingPartitions = moving },
                moving == 0
                    ? $"Broker {broker} has no replicas: it can be stopped."
                    : $"{moving} partitions move away from broker {broker}: see topics reassign --list. Stop it when they are done.");
            return ExitCode.Ok;
        });
        return command;
    }
}

using System.CommandLine;
using System.Globalization;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>cluster brokers</c>: each broker, and what it has.</summary>
internal static class ClusterBrokers
{
    private static readonly string[] Columns = ["ID", "ADDRESS", "RACK", "STATE", "LEADERS", "REPLICAS", "IN-SYNC"];

    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var command = new Command("brokers", "The brokers, and how many partitions each leads and has");
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var described = await new ClusterAdmin(client).DescribeAsync(cancellation);
            var metadata = await new TopicAdmin(client).ListAsync(null, cancellation);
            var partitions = metadata.Response.Topics.SelectMany(t => t.Partitions).ToList();
            var rows = described.Brokers.OrderBy(b => b.BrokerId.Value).Select(b => new
            {
                id = b.BrokerId.Value,
                address = string.Create(CultureInfo.InvariantCulture, $"{b.Host}:{b.Port}"),
                rack = b.Rack,
                state = b.IsFenced ? "unreachable" : "serving",
                leaders = partitions.Count(p => p.LeaderId == b.BrokerId),
                replicas = partitions.Count(p => p.ReplicaNodes.Contains(b.BrokerId)),
                inSync = partitions.Count(p => p.IsrNodes.Contains(b.BrokerId)),
            }).ToList();
            var output = cluster.Output(parsed, io);
            if (output.IsJson) output.Json(rows);
            else output.Table(Columns, rows.Select(r => new[]
            {
                Text(r.id), r.address, r.rack, r.state, Text(r.leaders), Text(r.replicas), Text(r.inSync),
            }));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

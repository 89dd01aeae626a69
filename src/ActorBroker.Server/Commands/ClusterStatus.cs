using System.CommandLine;
using System.Globalization;
using ActorBroker.Server.Clients.Admin;

namespace ActorBroker.Server.Commands;

/// <summary><c>cluster status</c>: is all well?</summary>
internal static class ClusterStatus
{
    public static Command Create(CommandIo io)
    {
        var cluster = new ClusterFlags();
        var command = new Command("status", "Brokers and partitions in numbers, and what is not as it should be");
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var client = cluster.Connect(parsed, io, cluster.Properties(parsed));
            var admin = new ClusterAdmin(client);
            var brokers = await admin.DescribeAsync(cancellation);
            var metadata = await new TopicAdmin(client).ListAsync(null, cancellation);
            var moving = await admin.MovingAsync(cancellation);
            var partitions = metadata.Response.Topics.SelectMany(t => t.Partitions).ToList();
            var fenced = brokers.Brokers.Where(b => b.IsFenced).Select(b => b.BrokerId.Value).Order().ToArray();
            var counts = new
            {
                clusterId = brokers.ClusterId,
                brokers = brokers.Brokers.Length,
                unreachableBrokers = fenced,
                topics = metadata.Response.Topics.Length,
                partitions = partitions.Count,
                unavailablePartitions = partitions.Count(p => p.LeaderId.IsNone),
                underReplicatedPartitions = partitions.Count(p => p.IsrNodes.Length < p.ReplicaNodes.Length),
                movingPartitions = moving.Sum(t => t.Partitions.Length),
            };
            var output = cluster.Output(parsed, io);
            if (output.IsJson)
            {
                output.Json(counts);
                return ExitCode.Ok;
            }
            output.Line($"Cluster: {counts.clusterId}");
            output.Line(Text($"Brokers: {counts.brokers}")
                + (fenced.Length > 0 ? $", out of reach: {string.Join(',', fenced)}" : ", all within reach"));
            output.Line(Text($"Topics: {counts.topics}  Partitions: {counts.partitions}"));
            output.Line(Text($"Without a leader: {counts.unavailablePartitions}  ")
                + Text($"Under-replicated: {counts.underReplicatedPartitions}  Being moved: {counts.movingPartitions}"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
